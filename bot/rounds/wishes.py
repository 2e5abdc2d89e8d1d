"""What people ask of a round by boxes and comments: done before it, told to it, and answered after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from analyzers.config import Config, UpgradeIgnore
from bot.github.errors import HostError, RateLimitedError
from bot.github.host import Host
from bot.github.objects import Issue, Pull, Repo
from bot.markup import Raw
from bot.name_patterns import matches
from bot.posts import answers, boxes
from bot.posts.boxes import Ignore, Wish
from bot.posts.commands import Command
from bot.posts.dashboard import REFRESH
from bot.posts.issue import DashboardIssue
from bot.posts.obey import Heard, Listener, Part
from bot.posts.posted import Posted
from bot.rounds import came
from bot.rounds.taking_back import TakingBack
from bot.upgrade import marker
from bot.upgrade.existing import is_own_pull
from bot.upgrade.marker import Ignored, Marker
from bot.upgrade.rounds import Round
from bot.upgrade.wishes import BOX, Wishes

# So many conversations are listened to: those of the pull requests that were opened last.
_MOST_PULLS: Final = 50
# A run that is ended after it closed one answers there with the next.
_JUST_CLOSED: Final = timedelta(days=7)
_NO_DASHBOARD: Final = Raw(
    "There is no dashboard that could keep that: name it under <code>[[upgrades.ignore]]</code> in debtscan's"
    " configuration instead."
)
_FULL: Final = Raw(
    "The dashboard cannot keep more: take some back, or name it under <code>[[upgrades.ignore]]</code> in debtscan's"
    " configuration instead."
)
_WHICH: Final = Raw("Say what: <code>ignore NAME</code>. Without a name, say it on a pull request.")
_ON_A_PULL: Final = Raw("That is for a pull request of debtscan's: say it there.")

Later = Callable[[Round], Part]


@dataclass(slots=True)
class Asking:
    """What is asked of one repository's round; what comes of it is kept in `posted`. Methods raise RateLimitedError."""

    host: Host
    repo: Repo
    config: Config
    now: datetime
    posted: Posted
    _wishes: Wishes = field(default_factory=Wishes)
    _ticked: frozenset[Wish] = frozenset()
    _issue: Issue | None = None
    _lacking: set[str] | None = None
    _listed: tuple[Pull, ...] | None = None
    _is_changed: bool = False
    _pulls: tuple[Pull, ...] = ()
    _heard: list[tuple[Heard, list[Part | Later]]] = field(default_factory=list)
    _listener: Listener = field(init=False)

    def __post_init__(self) -> None:
        """Listen through the same host."""
        self._listener = Listener(self.host, self._may_answer, self.posted.done)

    def before(self) -> Wishes:
        """Do what can be done before the round, and return what is left for it."""
        try:
            self._read()
            self._obey_boxes()
            for number in self._conversations():
                for heard in self._listener.heard([number]):
                    self._heard.append((heard, [*self._parts(heard)]))
            return replace(self._wishes, ignores=self._ignores())
        except RateLimitedError:
            raise
        except HostError as error:
            # Nothing is obeyed by half: what was heard is heard again with the next run.
            self.posted.failed.append(f"what people ask for: {error}")
            self._heard.clear()
            self._ticked = frozenset()
            return Wishes(ignores=self._ignores())

    def after(self, outcome: Round) -> frozenset[Wish]:
        """Answer; return the boxes whose wishes were fulfilled."""
        for heard, parts in self._heard:
            outcomes = [part if isinstance(part, Part) else part(outcome) for part in parts]
            if not heard.asked.commands or all(part.standing != "later" for part in outcomes):
                outcomes += [Part(standing="refused", text=answers.unclear(heard.asked.unclear))] * bool(
                    heard.asked.unclear
                )
            try:
                self._listener.answer(heard, outcomes)
            except RateLimitedError:
                raise
            except HostError as error:
                self.posted.failed.append(f"the answer to a comment on #{heard.number}: {error}")
        return frozenset(wish for wish in self._ticked if came.is_fulfilled(wish, outcome))

    @property
    def pulls(self) -> tuple[Pull, ...] | None:
        """Return all pull requests as they were listed; None where something was done to them since."""
        return None if self._is_changed else self._listed

    @property
    def shown_elsewhere(self) -> frozenset[str]:
        """What the plan says of what the dashboard itself keeps: it stands in its list, with a box each."""
        return frozenset(came.detail_of(ignore) for ignore in self._ignores())

    def _read(self) -> None:
        self._issue = self._dashboard.standing()
        self._ticked = boxes.wishes(self._issue.body) if self._issue else frozenset()
        login = self.host.login()
        self._listed = self.host.pulls(self.config.upgrades.branch_prefix)
        taking = TakingBack(self.host)
        self._pulls = tuple(taking.settled(pull) for pull in self._listed if is_own_pull(pull, login))
        self._is_changed = any(pull not in self._listed for pull in self._pulls)

    @property
    def _dashboard(self) -> DashboardIssue:
        return DashboardIssue(self.host, self.repo, self.config.posts)

    def _ignores(self) -> tuple[UpgradeIgnore, ...]:
        said = boxes.parse(self._issue.body) if self._issue else None
        return tuple(
            UpgradeIgnore(
                name=one.name,
                reason=f"for {one.by}, in the dashboard{': ' if one.why else ''}{one.why}",
                until=one.until,
            )
            for one in (said.ignores if said else ())
        )

    def _conversations(self) -> Iterator[int]:
        """Yield the numbers of what is listened to."""
        if self._issue:
            yield self._issue.number
        listening = [pull for pull in self._pulls if pull.state == "open" or self._was_just_closed(pull)]
        for pull in listening[-_MOST_PULLS:]:
            if pull.number > 0:
                yield pull.number

    def _may_answer(self, number: int) -> bool:
        """Whether the permission is there. Asked only where somebody said something."""
        if self._lacking is None:
            missing = self.host.missing(("metadata", "pull_requests", "issues"))
            self._lacking = {entry.permission for entry in missing}
        wanted = "Issues" if self._issue and number == self._issue.number else "Pull requests"
        if wanted in self._lacking:
            self.posted.withheld.append(f"a comment on #{number} is not obeyed: the permission {wanted} is missing")
            return False
        return True

    def _was_just_closed(self, pull: Pull) -> bool:
        said = marker.parse(pull.body)
        return bool(said and said.ignored and pull.state == "closed" and self.now - pull.updated < _JUST_CLOSED)

    def _obey_boxes(self) -> None:
        """Do what boxes ask for before the round, and note the rest for it."""
        taking = TakingBack(self.host)
        for wish in sorted(self._ticked):
            match wish.action:
                case "open":
                    self._wish(open=self._wishes.open | {wish.id})
                case "rebase":
                    self._wish(rebase=self._wishes.rebase | {wish.id})
                case "recreate":
                    self._wish(recreate={**self._wishes.recreate, wish.id: BOX})
                case "retry":
                    self._wish(retry=self._wishes.retry | {wish.id})
                case "refresh":
                    self._wish(everything=True)
                case "allow":
                    self._keep(partial(_without_ignore, name=wish.id))
                case "unignore":
                    for pull in came.closed_of(wish.id, self._pulls, self.host.login()):
                        self._is_changed = True
                        self.posted.done.append(taking.take_back(pull))

    def _wish(self, **changes: Any) -> None:  # noqa: ANN401 - members of the value
        self._wishes = replace(self._wishes, **changes)

    def _keep(self, change: Callable[[boxes.Marker], boxes.Marker | None]) -> bool:
        if self._issue is None:
            return False
        kept = self._dashboard.keep(self._issue.number, change)
        self._issue = self.host.issue(self._issue.number)
        return kept

    def _parts(self, heard: Heard) -> Iterator[Part | Later]:
        pull = next((pull for pull in self._pulls if pull.number == heard.number), None)
        for command in heard.asked.commands:
            if command.until and command.until < self.now.date():
                yield Part(standing="refused", text=Raw(f"{command.until} has passed."))
            else:
                yield self._obeyed(command, heard, pull)

    def _obeyed(self, command: Command, heard: Heard, pull: Pull | None) -> Part | Later:
        said = marker.parse(pull.body) if pull else None
        match command.word:
            case "help":
                return Part(standing="done", text=answers.help_text())
            case "explain":
                return lambda outcome: came.explained(command.name, outcome)
            case "open":
                self._wish(open=self._wishes.open | {command.name})
                return lambda outcome: came.opened(command.name, outcome)
            case "unignore":
                return self._taken_back(command)
        if pull and said and (not command.name or _is_all(command.name, said)):
            return self._on_pull(command, heard, pull, said)
        return self._ignored(command, heard) if command.word == "ignore" else Part(standing="refused", text=_ON_A_PULL)

    def _on_pull(self, command: Command, heard: Heard, pull: Pull, said: Marker) -> Part | Later:
        match command.word:
            case "rebase":
                self._wish(rebase=self._wishes.rebase | {said.id})
                return lambda outcome: came.remade(said.id, pull, "", outcome)
            case "recreate":
                who = str(heard.comment.id)
                self._wish(recreate={**self._wishes.recreate, said.id: who})
                return lambda outcome: came.remade(said.id, pull, who, outcome)
            case _:
                ignored = Ignored(by=heard.comment.author.login, until=command.until, why=command.reason)
                self._is_changed = True
                done = TakingBack(self.host).close(pull, said, ignored, heard.comment.id)
                self.posted.done += [done] if done else []
                return Part(standing="done")

    def _ignored(self, command: Command, heard: Heard) -> Part:
        if not command.name:
            return Part(standing="refused", text=_WHICH)
        if self._issue is None:
            return Part(standing="refused", text=_NO_DASHBOARD)
        author = heard.comment.author.login
        ignore = Ignore(name=command.name, by=author, until=command.until, why=command.reason)
        if not self._keep(lambda said: said.with_ignore(ignore)):
            return Part(standing="refused", text=_FULL)
        self.posted.done.append(f"ignores {command.name} for {author}")
        return Part(standing="done")

    def _taken_back(self, command: Command) -> Part | Later:
        said = boxes.parse(self._issue.body) if self._issue else None
        found = False
        if said and said.without_ignore(command.name) != said:
            found = self._keep(lambda there: there.without_ignore(command.name))
        for pull in came.closed_of(command.name, self._pulls, self.host.login()):
            self._is_changed = found = True
            self.posted.done.append(TakingBack(self.host).take_back(pull))
        if found:
            return Part(standing="done")
        return lambda outcome: came.not_ignored(command.name, outcome)


def wants_all_anew(host: Host, repo: Repo, config: Config) -> bool:
    """Whether somebody ticked that everything is asked anew. Raises RateLimitedError.

    This is needed before the scan; what else is wanted counts as it is after that.
    """
    if not config.upgrades.enabled:
        return False
    try:
        return REFRESH in DashboardIssue(host, repo, config.posts).wishes()
    except RateLimitedError:
        raise
    except HostError:
        # The round finds the same, and tells it.
        return False


def _is_all(name: str, said: Marker) -> bool:
    """Whether a name means all that a pull request holds."""
    names = [mark.partition(":")[2] for mark in said.targets]
    return name.lower() == said.id.lower() or all(matches(one, name) for one in names)


def _without_ignore(said: boxes.Marker, *, name: str) -> boxes.Marker | None:
    return said.without_ignore(name)
