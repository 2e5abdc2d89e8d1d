"""Many repositories in one view: how they stand, what moved, and what is wrong in many of them at once. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Final, Literal

from analyzers.model.subject import SubjectKey
from bot import VERSION, ends, past, wording
from bot.rollup_member import KINDS, MOST_VERSIONS, Kind, Member, Since, Thing, Upgrades
from bot.ruleset import GRADES, RULESET, Grade

UnscannedState = Literal["skipped", "failed"]
MOST_SHARED: Final = 500
MOST_ENDS: Final = 500
_FEWEST: Final = 2
_LETTERS: Final[tuple[Grade, ...]] = (*(letter for _floor, letter in GRADES), "F")
_NUMBER: Final = re.compile(r"(\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscanned:
    """A repository without a scorecard: passed over on purpose, or failed, and why in words."""

    name: str
    state: UnscannedState
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A repository whose score is another than a while ago. `change` is the difference as shown, with its sign."""

    name: str
    url: str
    since: Since
    score: float
    grade: Grade
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The same thing in several repositories: one decision mends all of them.

    `target` is the version that most of them are offered, None where no version mends it. `versions` are those in
    use, oldest first, as far as they are kept. `points` and `minutes` are those of all repositories together.
    """

    ecosystem: str
    name: str
    kinds: tuple[Kind, ...]
    versions: tuple[str, ...]
    target: str | None
    repositories: tuple[str, ...]
    points: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedEnd:
    """A day on which support of something stopped or stops, and the repositories that use it. `when` is in words."""

    day: date
    days: int
    when: str
    title: str
    repositories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What could not be done in repositories that were scanned, in words, and in which."""

    what: str
    repositories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """All of it. Lists are in the order in which they are shown.

    `owner` is the organisation, "" where the repositories were named. `members` begin with the worst; those that
    could not be judged come last and count in no figure of the score. `median` is None where none could be judged.
    `grades` hold every grade with its number of repositories. `unknown_since` counts those of which no scorecard of
    a while ago is known. `more_shared`, `more_ends` and `more_things` count what is not listed.
    """

    owner: str
    version: str
    ruleset: str
    scanned_at: datetime
    as_of: date
    members: tuple[Member, ...]
    left_out: tuple[Unscanned, ...]
    grades: tuple[tuple[Grade, int], ...]
    median: float | None
    minutes: int
    points: int
    libyears: float
    findings: int
    upgrades: Upgrades
    improved: tuple[Moved, ...]
    fallen: tuple[Moved, ...]
    unknown_since: int
    shared: tuple[Shared, ...]
    more_shared: int
    more_things: int
    ends: tuple[SharedEnd, ...]
    more_ends: int

    @property
    def judged(self) -> tuple[Member, ...]:
        """Those that have a grade."""
        return tuple(member for member in self.members if not member.unjudged)

    @property
    def undone(self) -> tuple[Undone, ...]:
        """What could not be done, that of most repositories first."""
        found: dict[str, set[str]] = defaultdict(set)
        for member in self.members:
            for sentence in member.failed:
                found[sentence].add(member.name)
        undone = (Undone(what=what, repositories=tuple(sorted(names))) for what, names in found.items())
        return tuple(sorted(undone, key=lambda one: (-len(one.repositories), one.what)))


def roll_up(
    members: Iterable[Member], left_out: Iterable[Unscanned] = (), *, owner: str = "", scanned_at: datetime, as_of: date
) -> RollUp:
    """Put repositories together. The order in which they come does not matter."""
    known = tuple(sorted(members, key=_worst_first))
    judged = [member for member in known if not member.unjudged]
    moved = [one for member in judged for one in _moved(member)]
    counted = Counter(member.grade for member in judged)
    shared, gone = _shared(known), _ends(known, as_of)
    return RollUp(
        owner=owner,
        version=VERSION,
        ruleset=RULESET,
        scanned_at=scanned_at,
        as_of=as_of,
        members=known,
        left_out=tuple(sorted(left_out, key=lambda entry: (entry.state, entry.name.lower(), entry.why))),
        grades=tuple((letter, counted[letter]) for letter in _LETTERS),
        median=median(member.score for member in judged) if judged else None,
        minutes=sum(member.minutes for member in known),
        points=sum(member.points for member in known),
        libyears=round(sum(member.libyears for member in known), 4),
        findings=sum(member.findings for member in known),
        upgrades=_upgrades(known),
        improved=tuple(sorted((one for one in moved if _gain(one) > 0), key=lambda one: (-_gain(one), one.name))),
        fallen=tuple(sorted((one for one in moved if _gain(one) < 0), key=lambda one: (_gain(one), one.name))),
        unknown_since=sum(member.since is None for member in judged),
        shared=shared[:MOST_SHARED],
        more_shared=max(0, len(shared) - MOST_SHARED),
        more_things=sum(member.more for member in known),
        ends=gone[:MOST_ENDS],
        more_ends=max(0, len(gone) - MOST_ENDS),
    )


def _worst_first(member: Member) -> tuple[bool, float, int, str]:
    return bool(member.unjudged), member.score, -member.points, member.name


def _moved(member: Member) -> Iterator[Moved]:
    since = member.since
    if since is not None:
        change = past.difference(since.score, member.score)
        yield Moved(
            name=member.name, url=member.url, since=since, score=member.score, grade=member.grade, change=change
        )


def _gain(moved: Moved) -> float:
    """Return the difference of the scores as they are shown; what does not show is no change worth a row."""
    return wording.tenths(moved.score) - wording.tenths(moved.since.score)


def _upgrades(members: Sequence[Member]) -> Upgrades:
    every = [member.upgrades for member in members]
    return Upgrades(
        open=sum(one.open for one in every),
        waiting=sum(one.waiting for one in every),
        ignored=sum(one.ignored for one in every),
        stuck=sum(one.stuck for one in every),
    )


def _shared(members: Iterable[Member]) -> tuple[Shared, ...]:
    found: dict[SubjectKey, list[tuple[str, Thing]]] = defaultdict(list)
    for member in members:
        for thing in member.things:
            found[thing.key].append((member.name, thing))
    several = (_together(uses) for uses in found.values() if len(uses) >= _FEWEST)
    return tuple(sorted(several, key=lambda one: (-one.points, -len(one.repositories), one.ecosystem, one.name)))


def _together(uses: Sequence[tuple[str, Thing]]) -> Shared:
    # In one repository a thing may be spelt as in no other.
    uses = sorted(uses, key=lambda use: use[0])
    things = [thing for _name, thing in uses]
    kinds = {kind for thing in things for kind in thing.kinds}
    versions = {version for thing in things for version in thing.versions}
    return Shared(
        ecosystem=things[0].key.ecosystem,
        name=things[0].name,
        kinds=tuple(kind for kind in KINDS if kind in kinds),
        versions=tuple(sorted(versions, key=by_number)[:MOST_VERSIONS]),
        target=_target(things),
        repositories=tuple(name for name, _thing in uses),
        points=sum(thing.points for thing in things),
        minutes=sum(thing.minutes for thing in things),
    )


def _target(things: Iterable[Thing]) -> str | None:
    offered = Counter(target for thing in things for target in thing.targets)
    return max(offered, key=lambda target: (offered[target], by_number(target))) if offered else None


def by_number(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what sorts 1.9 before 1.10. Repositories of all ecosystems meet here, each with its own idea of newer."""
    parts = (part for part in _NUMBER.split(text) if part)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def _ends(members: Iterable[Member], as_of: date) -> tuple[SharedEnd, ...]:
    found: dict[tuple[date, str], list[tuple[str, str]]] = defaultdict(list)
    for member in members:
        for day, title in member.ends:
            found[day, title.casefold()].append((title, member.name))
    return tuple(
        SharedEnd(
            day=day,
            days=(day - as_of).days,
            when=ends.when((day - as_of).days),
            title=min(title for title, _name in uses),
            repositories=tuple(sorted({name for _title, name in uses})),
        )
        for (day, _title), uses in sorted(found.items())
    )
