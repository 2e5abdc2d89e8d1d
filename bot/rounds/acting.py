"""What a round does on GitHub once a repository is scanned: upgrades played, wishes answered, the scorecard posted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot import wording
from bot.ends import End
from bot.github.host import Host
from bot.github.objects import Repo
from bot.posts import commit
from bot.posts.posted import Posted
from bot.posts.rounds import Place, post
from bot.posts.words import Setting
from bot.report import sarif
from bot.report.renderer import Options
from bot.rounds.clock import Clock
from bot.rounds.keeping import Keeping
from bot.rounds.posting import told
from bot.rounds.wishes import Asking
from bot.scorecard import Report
from bot.upgrade.due import Means, Scanned
from bot.upgrade.rounds import Round, idle, play


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A repository that was scanned, with what the round goes on with; `report` tells what moved the score."""

    scanned: Scanned
    means: Means
    report: Report
    ends: tuple[End, ...]
    keeping: Keeping
    posted: Posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Acts for one repository. `url` is its page, `host` the client or what says what it would do.

    `played` is told what came of the upgrades before anything is posted.
    """

    host: Host
    repo: Repo
    url: str
    clock: Clock
    played: Callable[[Round], None] = field(default=lambda _outcome: None)

    def act(self, found: Judged) -> Round:
        """Open, update and close pull requests, then post; return what came of the upgrades.

        What came of the rest is kept in ``found.posted``. Safe to repeat.
        Raises HostError where nothing could be done, RateLimitedError where it ended in the middle.
        """
        if found.posted.limited:
            raise found.posted.limited
        config = found.scanned.settings.config
        asking = Asking(self.host, self.repo, config, self.clock.now, found.posted)
        if config.upgrades.enabled:
            wishes = asking.before()
            outcome = play(self.host, self.repo, found.scanned, found.means, wishes, asking.pulls)
        else:
            outcome = idle(self.host)
        self.played(outcome)
        if outcome.limited:
            raise outcome.limited
        self._post(found, outcome, asking)
        return outcome

    def _post(self, found: Judged, outcome: Round, asking: Asking) -> None:
        """Answer, keep the entry; make the dashboard, the check run and code scanning what they should be."""
        host, repo, url = self.host, self.repo, self.url
        report, posted, settings = found.report, found.posted, found.scanned.settings
        found.keeping.keep(report, found.scanned.result, settings.config.history, self.clock.now.date())
        obeyed = asking.after(outcome)
        said = told(repo, report, found.ends, outcome, url, asking.shown_elsewhere)
        said = replace(said, notes=(*said.notes, *map(wording.sentence, (*posted.withheld, *posted.failed))))
        post(Place(host=host, repo=repo, settings=settings.config.posts, missing=outcome.missing), said, posted, obeyed)
        setting = Setting(url=url, base=repo.default_branch)
        commit.post(host, report, settings, setting, lambda: sarif.RENDERER.render(report, Options()), posted)
        if posted.limited:
            raise posted.limited
