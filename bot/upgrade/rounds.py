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
from bot import wording
from bot.github.errors import HostError, RateLimitedError
from bot.github.host import Host
from bot.github.objects import Missing, Pull, Repo
from bot.upgrade import groups, marker, trial
from bot.upgrade.action_days import dated
from bot.upgrade.ages import aged
from bot.upgrade.automerge import Automerger, rule_of
from bot.upgrade.body import MOST, Background, body
from bot.upgrade.dress import dress
from bot.upgrade.existing import existing
from bot.upgrade.largest import largest
from bot.upgrade.locks.locker import Locker
from bot.upgrade.made import Maker, unmade
from bot.upgrade.model import LeftOut, Plan, Upgrade, Waiting
from bot.upgrade.moves import moves
from bot.upgrade.notes import gather, notes_of
from bot.upgrade.plan import plan
from bot.upgrade.preview import preview
from bot.upgrade.publish import TRIAL, Offer, Outcome, Publisher
from bot.upgrade.sparing import sparing
from bot.upgrade.tidy import Tidier
from bot.upgrade.trial import Course, course_of
from bot.upgrade.usage import usages_of
from bot.upgrade.verdict import Verdicts

WANTED: Final = ("metadata", "contents", "pull_requests", "workflows", "issues", "checks", "statuses", "members")
_WORKFLOWS: Final = ".github/workflows/"
# Room in the text for what publishing keeps there, beside what is kept of a trial.
_STATE: Final = 500
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
    """What came of a round.

    `withheld` are upgrades for which a permission is missing, `failed` those that GitHub refused, each with the reason
    in words. `merged` says what was merged without a person, `unmerged` why a rule for it did not hold; `notes` is
    what else there is to know.
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


def play(host: Host, repo: Repo, scanned: Scanned, means: Means) -> Round:
    """Plan and publish. Raises HostError where nothing can be done at all.

    What fails for one upgrade is told, and the others go on. Where the limit is used up in the middle, the round ends
    there: `limited` says so, beside what was done.
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
    merged: list[str] = field(default_factory=list)
    unmerged: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    @cached_property
    def settings(self) -> Upgrades:
        return aged(self.scanned.settings.config.upgrades, self.scanned.result.inventory)

    @cached_property
    def login(self) -> str:
        return self.host.login()

    @cached_property
    def pulls(self) -> tuple[Pull, ...]:
        return self.host.pulls(self.settings.branch_prefix)

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
    def verdicts(self) -> Verdicts:
        return Verdicts(self.host, self.base, self.login)

    @cached_property
    def automerger(self) -> Automerger:
        return Automerger(self.host, self.repo, self.missing)

    @cached_property
    def maker(self) -> Maker:
        scanned, means, settings = self.scanned, self.means, self.scanned.settings
        snapshot, data = scanned.snapshot, settings.config.scan.include_test_data
        return Maker(
            lambda one: largest(one, snapshot, means.worlds, means.locker, self.settings, means.now, test_data=data),
            lambda made: preview(scanned.result, snapshot, settings, made, means.look_up),
        )

    def play(self) -> Round:
        found, left_out = moves(dated(self.scanned.result, self.means.ask), self.means.worlds)
        withheld = {_WORKFLOWS: "the permission Workflows is missing"} if self._lacking("Workflows") else {}
        there = existing(self.pulls, self.login)
        planned = sparing(
            lambda costly: plan(found, left_out, self.settings, there, self.means.now, withheld, costly=costly),
            self.maker,
            {one.branch for one in there if one.state == "open"},
        )
        limited = None
        try:
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
            left_out=tuple(self.left_out),
            notes=tuple(self.notes),
            limited=limited,
        )

    def _lacking(self, *names: str) -> list[str]:
        return [entry.permission for entry in self.missing if entry.permission in names]

    def _publish(self, upgrades: Sequence[Upgrade]) -> None:
        branches = self.host.branches(self.settings.branch_prefix)
        publisher = Publisher(self.host, self.repo, self.base, self.pulls, branches)
        moving = [move for upgrade in upgrades for move in upgrade.moves]
        facts = gather(moving, self.scanned.result.facts, self.means.ask)
        for upgrade in upgrades:
            with self._telling(upgrade.title):
                self._settle(upgrade, publisher, facts)

    def _settle(self, upgrade: Upgrade, publisher: Publisher, facts: Facts) -> None:
        """Publish one upgrade: all of it, or what its checks let through."""
        pull = self.newest.get(upgrade.branch)
        said = marker.parse(pull.body) if pull else None
        units = groups.units(upgrade.moves, self.settings)
        course = course_of(upgrade, units, said.state.get(TRIAL, "") if said else "")
        offer = self._offer(course, facts)
        lacking = self._lacking("Checks", "Commit statuses")
        if lacking and pull and course.is_searching:
            which = f"the permission {wording.listed(lacking)} is missing"
            self.notes.append(f"#{pull.number}: the search for what breaks its checks waits: {which}")
        elif offer is not None and not lacking:
            went, held = self.verdicts.carry_on(course, offer, pull)
            if held and pull:
                self.notes.append(f"#{pull.number}: {held}")
            if went != course:
                course, offer = went, self._offer(went, facts)
        self.left_out += course.left_out
        if offer is None:
            return
        outcome = publisher.publish(offer)
        self.outcomes.append(outcome)
        self._automerge(course, offer, outcome)

    def _offer(self, course: Course, facts: Facts) -> Offer | None:
        upgrade = course.upgrade
        if upgrade is None:
            return None
        scanned, means, result = self.scanned, self.means, self.scanned.result
        written, seen = self.maker.take(upgrade)
        if not written.files:
            self.left_out += unmade(written)
            return None
        background = Background(
            as_of=result.as_of,
            commit=scanned.snapshot.repository.commit,
            preview=seen,
            notes=notes_of(upgrade.moves, facts, means.worlds),
            usages=usages_of(upgrade.moves, result.inventory, scanned.snapshot),
            trial=course.told(),
        )
        kept = trial.kept(course)
        text = body(written, background, MOST, state=_STATE + 2 * len(kept))
        if course.is_searching:
            # What is not on the branch just now belongs to the pull request all the same.
            text = marker.restate(text, {}, course.targets)
        people = dress(written, result.inventory, self.settings, self.repo.name.partition("/")[0])
        return Offer(written=written, body=text, dress=people, trial=kept, hold=course.is_stopped)

    def _automerge(self, course: Course, offer: Offer, outcome: Outcome) -> None:
        """Merge by rule. What was updated just now waits for the next round: its new head has no checks yet."""
        pull, upgrade = outcome.pull, offer.written.upgrade
        rule = rule_of(upgrade, self.settings.automerge)
        if pull is None or outcome.kept:
            return
        if pull.auto_merge and (course.is_searching or course.is_stopped):
            self.host.disable_auto_merge(pull)
            self.notes.append(f"#{pull.number} is not merged by itself any more: its checks failed")
        known = pull.number in {one.number for one in self.pulls}
        if rule is None or course.runs is not None or (outcome.done and known):
            return
        if offer.draft:
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
