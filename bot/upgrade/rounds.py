"""One repository, once: what is planned is written, previewed and published, what nothing needs is closed.

Nothing here knows how a repository is copied or who is asked: the scan, its snapshot and the host come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import msgspec

from analyzers.config import Upgrades
from bot import wording
from bot.github.errors import HostError, RateLimitedError
from bot.github.host import Host
from bot.github.objects import Missing, Pull, Repo
from bot.upgrade import groups, marker
from bot.upgrade.ages import aged
from bot.upgrade.automerge import Automerger, rule_of
from bot.upgrade.due import Due, Means, Preparer, Scanned
from bot.upgrade.existing import ONBOARDING, existing
from bot.upgrade.further import further, unasked
from bot.upgrade.model import LeftOut, Plan, Upgrade, Waiting
from bot.upgrade.moves import moves
from bot.upgrade.plan import plan
from bot.upgrade.publish import TRIAL, Outcome, Publisher
from bot.upgrade.sparing import sparing
from bot.upgrade.tidy import Tidier
from bot.upgrade.trial import Course, course_of
from bot.upgrade.verdict import Verdicts
from bot.upgrade.wishes import NONE, Wishes

WANTED: Final = ("metadata", "contents", "pull_requests", "workflows", "issues", "checks", "statuses", "members")
_WITHOUT_UPGRADES: Final = ("metadata", "contents", "issues")
_TO_WRITE: Final = ("Contents", "Pull requests")
_WORKFLOWS: Final = ".github/workflows/"
_OFF: Final = "no upgrades are offered: [upgrades] enabled is false"
_OBSOLETE: Final = "Nothing needs this upgrade any more, so I close it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of a round.

    `withheld` are upgrades for which a permission is missing, `failed` those that GitHub refused, each with the reason
    in words. `merged` says what was merged without a person, `unmerged` why a rule for it did not hold; `notes` is
    what else there is to know. `pulls` are those that were there before, open and not, and `gone` the branches of what
    was merged. `is_idle` says that no upgrades are wanted.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    tidied: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    withheld: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    unmerged: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    limited: RateLimitedError | None = None
    pulls: tuple[Pull, ...] = ()
    gone: frozenset[str] = frozenset()
    is_idle: bool = False


def idle(host: Host) -> Round:
    """Return the round of a repository that wants no upgrades: nothing is planned, and what is open stays as it is."""
    return Round(plan=Plan(open=()), missing=host.missing(_WITHOUT_UPGRADES), notes=(_OFF,), is_idle=True)


def play(
    host: Host,
    repo: Repo,
    scanned: Scanned,
    means: Means,
    wishes: Wishes = NONE,
    pulls: tuple[Pull, ...] | None = None,
) -> Round:
    """Plan and publish, with what people wish. Raises HostError where nothing can be done at all.

    ``pulls`` are those of debtscan's branches, where they are listed already. What fails for one upgrade is told, and
    the others go on. Where the limit is used up in the middle, the round ends there: `limited` says so, beside what was
    done.
    """
    return _Player(host, repo, scanned, means, wishes, pulls).play()


@dataclass
class _Player:
    host: Host
    repo: Repo
    scanned: Scanned
    means: Means
    wishes: Wishes = NONE
    listed: tuple[Pull, ...] | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    tidied: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    unmerged: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    @cached_property
    def settings(self) -> Upgrades:
        settings = aged(self.scanned.settings.config.upgrades, self.scanned.result.inventory)
        return msgspec.structs.replace(settings, ignore=(*settings.ignore, *self.wishes.ignores))

    @cached_property
    def login(self) -> str:
        return self.host.login()

    @cached_property
    def pulls(self) -> tuple[Pull, ...]:
        found = self.host.pulls(self.settings.branch_prefix) if self.listed is None else self.listed
        # What asks a repository first, and takes the place of no upgrade.
        return tuple(pull for pull in found if pull.branch != ONBOARDING)

    @cached_property
    def base(self) -> str:
        return self.scanned.snapshot.repository.commit or ""

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        return self.host.missing(WANTED)

    @cached_property
    def newest(self) -> dict[str, Pull]:
        """Branch → its pull request: the open one, else the last."""
        return {pull.branch: pull for pull in sorted(self.pulls, key=lambda pull: (pull.state == "open", pull.number))}

    @cached_property
    def preparer(self) -> Preparer:
        return Preparer(self.scanned, self.means, self.settings, self.repo.name.partition("/")[0])

    @cached_property
    def verdicts(self) -> Verdicts:
        return Verdicts(self.host, self.base, self.login)

    @cached_property
    def automerger(self) -> Automerger:
        return Automerger(self.host, self.repo, self.missing)

    def play(self) -> Round:
        known = further(self.scanned.result, self.means.ask)
        self.notes += filter(None, [unasked(known)])
        found, left_out = moves(known, self.means.worlds)
        withheld = {_WORKFLOWS: "the permission Workflows is missing"} if self._lacking("Workflows") else {}
        there = existing(self.pulls, self.login)
        planned = sparing(
            lambda costly: plan(
                found, left_out, self.settings, there, self.means.now, withheld, costly=costly, asked=self.wishes.open
            ),
            self.preparer.maker,
            {one.branch for one in there if one.state == "open"},
        )
        limited = None
        lacking = self._lacking(*_TO_WRITE)
        try:
            if lacking:
                # One of the two is no use: a branch would be made for which no pull request can be opened.
                which = wording.listed([f"the permission {name} is missing" for name in lacking])
                self.failed.append(f"nothing is opened, changed or closed: {which}")
            else:
                self._publish(planned.open)
                self._tidy(planned)
        except RateLimitedError as error:
            limited = error
        return Round(
            plan=planned,
            outcomes=tuple(self.outcomes),
            tidied=tuple(self.tidied),
            missing=self.missing,
            withheld=tuple(
                f"{entry.upgrade.title}: {entry.detail}" for entry in planned.waiting if entry.reason == "withheld"
            ),
            failed=tuple(self.failed),
            merged=tuple(self.merged),
            unmerged=tuple(self.unmerged),
            left_out=(*self.preparer.unmade, *self.left_out),
            notes=tuple(self.notes),
            limited=limited,
            pulls=self.pulls,
            gone=frozenset(self.gone),
        )

    def _lacking(self, *names: str) -> list[str]:
        return [entry.permission for entry in self.missing if entry.permission in names]

    def _publish(self, upgrades: Sequence[Upgrade]) -> None:
        branches = self.host.branches(self.settings.branch_prefix)
        publisher = Publisher(self.host, self.repo, self.base, self.pulls, branches, self.wishes)
        for upgrade in upgrades:
            with self._telling(upgrade.title):
                self._settle(upgrade, publisher)

    def _settle(self, upgrade: Upgrade, publisher: Publisher) -> None:
        """Publish one upgrade: all of it, or what its checks let through. What stands there already is not made."""
        pull = self.newest.get(upgrade.branch)
        said = marker.parse(pull.body) if pull else None
        units = groups.units(upgrade.moves, self.settings)
        is_new = said is None or upgrade.id in self.wishes.retry
        course = course_of(upgrade, units, said.state.get(TRIAL, "") if said and not is_new else "")
        hindered = publisher.hindered(upgrade)
        if hindered:
            self.left_out += course.left_out
            self.outcomes.append(hindered)
            return
        due = self.preparer.due(course, publisher)
        lacking = self._lacking("Checks", "Commit statuses")
        if lacking and pull and course.is_searching:
            which = f"the permission {wording.listed(lacking)} is missing"
            self.notes.append(f"#{pull.number}: the search for what breaks its checks waits: {which}")
        elif due is not None and not lacking:
            went, held = self.verdicts.carry_on(course, due.digest, pull)
            if held and pull:
                self.notes.append(f"#{pull.number}: {held}")
            if went != course:
                course, due = went, self.preparer.due(went, publisher)
        self.left_out += course.left_out
        if due is None:
            return
        outcome = due.what if isinstance(due.what, Outcome) else publisher.publish(due.what)
        self.outcomes.append(outcome)
        if outcome.note and outcome.pull:
            self.notes.append(f"#{outcome.pull.number}: {outcome.note}")
        self._automerge(course, due, outcome)

    def _automerge(self, course: Course, due: Due, outcome: Outcome) -> None:
        """Merge by rule. What was updated just now waits for the next round: its new head has no checks yet."""
        pull, rule = outcome.pull, rule_of(due.upgrade, self.settings.automerge)
        if pull is None or outcome.kept:
            return
        if pull.auto_merge and (course.is_searching or course.is_stopped):
            self.host.disable_auto_merge(pull)
            self.notes.append(f"#{pull.number} is not merged by itself any more: its checks failed")
        known = pull.number in {one.number for one in self.pulls}
        if rule is None or course.runs is not None or (outcome.done and known):
            return
        if due.draft:
            self.unmerged.append(f"#{pull.number}: it is a draft")
            return
        merged = self.automerger.settle(pull, rule, fresh=not known)
        if merged.done:
            self.merged.append(merged.done)
        if merged.waits:
            self.unmerged.append(f"#{pull.number}: {merged.waits}")
        if merged.merged:
            self.gone.add(pull.branch)

    def _tidy(self, planned: Plan) -> None:
        tidier = Tidier(self.host, self.repo.head or "", self.login)
        by_number = {pull.number: pull for pull in self.pulls}
        waiting: Sequence[Waiting] = planned.waiting
        wanted = {upgrade.branch for upgrade in (*planned.open, *(entry.upgrade for entry in waiting))} - self.gone
        prefix = self.settings.branch_prefix
        with self._telling("tidying"):
            for entry in planned.obsolete:
                if entry.state == "open":
                    closed = tidier.close(by_number[entry.number], _OBSOLETE)
                    self.tidied += (f"{told} (nothing needs it any more)" for told in closed)
                    if not closed:
                        self.notes.append(
                            f"#{entry.number} is needed no more, and stays open for what others did there"
                        )
            self.tidied += tidier.sweep(self.host.branches(prefix), wanted, self.host.pulls(prefix))

    @contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        try:
            yield
        except RateLimitedError:
            raise
        except HostError as error:
            self.failed.append(f"{what}: {error}")
