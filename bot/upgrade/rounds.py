"""One repository, once: what is planned is written, previewed and published, what nothing needs is closed.

Nothing here knows how a repository is copied or who is asked: the scan, its snapshot and the host come in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from analyzers.config import Upgrades
from analyzers.model.ecosystem import Ecosystem
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.question import Question
from analyzers.model.snapshot import Snapshot
from analyzers.scan import ScanResult
from analyzers.settings import Settings
from bot.github.errors import HostError, RateLimitedError
from bot.github.host import Host
from bot.github.objects import Missing, Pull, Repo
from bot.upgrade.body import Background, body
from bot.upgrade.dress import dress
from bot.upgrade.existing import existing
from bot.upgrade.locks.locker import Locker
from bot.upgrade.model import Plan, Upgrade
from bot.upgrade.moves import moves
from bot.upgrade.notes import notes_of, questions
from bot.upgrade.plan import plan
from bot.upgrade.preview import preview
from bot.upgrade.publish import Offer, Outcome, Publisher
from bot.upgrade.tidy import Tidier
from bot.upgrade.usage import usages_of
from bot.upgrade.write import write

WANTED: Final = ("metadata", "contents", "pull_requests", "workflows", "issues", "checks", "statuses", "members")
_WORKFLOWS: Final = ".github/workflows/"
_OBSOLETE: Final = "Nothing needs this upgrade any more, so I close it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """The scan that a round acts on: `result` of `snapshot` under `settings`."""

    snapshot: Snapshot
    settings: Settings
    result: ScanResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a round works with. `look_up` asks what a merged tree asks anew, `ask` what is not of an inventory."""

    worlds: Sequence[Ecosystem]
    locker: Locker
    look_up: Callable[[Inventory, Facts], Facts]
    ask: Callable[[Sequence[Question]], Facts]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a round. `withheld` are upgrades for which a permission is missing, `failed` those that GitHub
    refused, each with the reason in words.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    tidied: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    withheld: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def play(host: Host, repo: Repo, scanned: Scanned, means: Means) -> Round:
    """Plan and publish. Raises HostError where nothing can be done at all, RateLimitedError where the limit is used up.

    What fails for one upgrade is told, and the others go on.
    """
    return _Player(host, repo, scanned, means).play()


@dataclass
class _Player:
    host: Host
    repo: Repo
    scanned: Scanned
    means: Means
    outcomes: list[Outcome] = field(default_factory=list)
    tidied: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @cached_property
    def settings(self) -> Upgrades:
        return self.scanned.settings.config.upgrades

    @cached_property
    def login(self) -> str:
        return self.host.login()

    @cached_property
    def pulls(self) -> tuple[Pull, ...]:
        return self.host.pulls(self.settings.branch_prefix)

    def play(self) -> Round:
        missing = self.host.missing(WANTED)
        found, left_out = moves(self.scanned.result, self.means.worlds)
        lacks_workflows = any(entry.permission.lower() == "workflows" for entry in missing)
        withheld = {_WORKFLOWS: "the permission Workflows is missing"} if lacks_workflows else {}
        there = existing(self.pulls, self.login)
        planned = plan(found, left_out, self.settings, there, self.means.now, withheld)
        self._publish(planned.open)
        self._tidy(planned)
        return Round(
            plan=planned,
            outcomes=tuple(self.outcomes),
            tidied=tuple(self.tidied),
            missing=missing,
            withheld=tuple(
                f"{entry.upgrade.title}: {entry.detail}" for entry in planned.waiting if entry.reason == "withheld"
            ),
            failed=tuple(self.failed),
        )

    def _publish(self, upgrades: Sequence[Upgrade]) -> None:
        base = self.scanned.snapshot.repository.commit or ""
        branches = self.host.branches(self.settings.branch_prefix)
        publisher = Publisher(self.host, self.repo, base, self.pulls, branches)
        facts = self.means.ask(questions(move for upgrade in upgrades for move in upgrade.moves))
        for upgrade in upgrades:
            with self._telling(upgrade.title):
                offer = self._offer(upgrade, facts)
                if offer is None:
                    self.failed.append(f"{upgrade.title}: none of its edits could be made")
                else:
                    self.outcomes.append(publisher.publish(offer))

    def _offer(self, upgrade: Upgrade, facts: Facts) -> Offer | None:
        scanned, means, result = self.scanned, self.means, self.scanned.result
        test_data = scanned.settings.config.scan.include_test_data
        written = write(upgrade, scanned.snapshot, means.worlds, means.locker, test_data=test_data)
        if not written.files:
            return None
        background = Background(
            as_of=result.as_of,
            commit=scanned.snapshot.repository.commit,
            preview=preview(result, scanned.snapshot, scanned.settings, written, means.look_up),
            notes=notes_of(upgrade.moves, facts, means.worlds),
            usages=usages_of(upgrade.moves, result.inventory, scanned.snapshot),
        )
        people = dress(written, result.inventory, self.settings, self.repo.name.partition("/")[0])
        return Offer(written=written, body=body(written, background), dress=people)

    def _tidy(self, planned: Plan) -> None:
        tidier = Tidier(self.host, self.repo.head or "", self.login)
        by_number = {pull.number: pull for pull in self.pulls}
        wanted = [upgrade.branch for upgrade in (*planned.open, *(entry.upgrade for entry in planned.waiting))]
        prefix = self.settings.branch_prefix
        with self._telling("tidying"):
            for entry in planned.obsolete:
                if entry.state == "open":
                    self.tidied += tidier.close(by_number[entry.number], _OBSOLETE)
            self.tidied += tidier.sweep(self.host.branches(prefix), wanted, self.host.pulls(prefix))

    @contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        try:
            yield
        except RateLimitedError:
            raise
        except HostError as error:
            self.failed.append(f"{what}: {error}")
