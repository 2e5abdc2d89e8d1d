"""An organisation in figures: how it stands, how that came, and what moved in a week. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

from bot import past, wording
from bot.ruleset import GRADES, Grade, grade
from bot.service.reading.courses import EMPTY, Course, Courses, Spot
from bot.service.reading.repositories import STATES, Listed, State

LETTERS: Final[tuple[Grade, ...]] = (*(letter for _floor, letter in GRADES), "F")
BIN: Final = 5
"""Points of score that one bar of the distribution stands for."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The repositories with a score from `start` to below `end` (of the last one: up to 100). `grade` is `start`'s."""

    start: int
    end: int
    grade: Grade
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """How the repositories that had been judged by the end of a week stood then. `median` is None without any.

    `grades` counts them, A to F.
    """

    day: date
    judged: int
    median: float | None
    grades: tuple[int, ...]
    findings: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A repository whose score is another than before. `change` is the difference as shown, with its sign."""

    repository: Listed
    before: Spot
    score: float
    grade: Grade
    change: str

    @property
    def gain(self) -> int:
        """The difference of the scores as they are shown, in tenths."""
        return wording.tenths(self.score) - wording.tenths(self.before.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What is another than it was on a `day`: those that improved and fell (by most first), and those first scanned
    after it.

    `findings` and `minutes` are the differences over the repositories that were known then; `failed` are those whose
    last scan failed after that day. `incomparable` counts those that are judged by another ruleset now.
    """

    day: date
    improved: tuple[Moved, ...]
    fallen: tuple[Moved, ...]
    fresh: tuple[Listed, ...]
    failed: tuple[Listed, ...]
    findings: int
    minutes: int
    incomparable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What an organisation's repositories sum to. `states` counts them by how far they are; `grades` are A to F."""

    repositories: int
    judged: int
    median: float | None
    grade: Grade | None
    grades: tuple[int, ...]
    findings: int
    minutes: int
    states: dict[State, int]


def figures(repositories: Sequence[Listed]) -> Figures:
    """Return the sums. Only those that are judged count in figures of the score."""
    judged = [one for one in repositories if one.is_judged]
    middle = median(one.score or 0.0 for one in judged) if judged else None
    states = Counter(one.state for one in repositories)
    return Figures(
        repositories=len(repositories),
        judged=len(judged),
        median=middle,
        grade=None if middle is None else grade(middle),
        grades=_by_grade(one.grade for one in judged),
        findings=sum(one.findings or 0 for one in judged),
        minutes=sum(one.minutes or 0 for one in judged),
        states={state: states[state] for state in STATES},
    )


def distribution(repositories: Iterable[Listed]) -> tuple[Bin, ...]:
    """Return how the scores are spread, from 0 to 100."""
    counted = Counter(min(int(one.score), 99) // BIN for one in repositories if one.is_judged and one.score is not None)
    return tuple(Bin(at, at + BIN, grade(at), counted[at // BIN]) for at in range(0, 100, BIN))


def trend(repositories: Iterable[Listed], courses: Courses) -> tuple[Week, ...]:
    """Return a week after the other, oldest first, over the repositories that are judged today."""
    known = [courses.of.get(one.id, EMPTY) for one in repositories if one.is_judged]
    return tuple(_week(day, [course[at] for course in known]) for at, day in enumerate(courses.days))


def since(repositories: Sequence[Listed], courses: Courses, weeks: int = 1) -> Since:
    """Return what moved since the end of the week so many ``weeks`` ago."""
    at, day = -1 - weeks, courses.days[-1 - weeks]
    judged = [(one, courses.of.get(one.id, EMPTY)) for one in repositories if one.is_judged]
    pairs = [(one, course, before) for one, course in judged if (before := course[at]) is not None]
    moved = [found for one, course, before in pairs for found in _moved(one, course, before)]
    return Since(
        day=day,
        improved=tuple(
            sorted((one for one in moved if one.gain > 0), key=lambda one: (-one.gain, one.repository.name))
        ),
        fallen=tuple(sorted((one for one in moved if one.gain < 0), key=lambda one: (one.gain, one.repository.name))),
        fresh=tuple(one for one, course in judged if course[at] is None),
        failed=tuple(one for one in repositories if _failed_after(one, day)),
        findings=sum((one.findings or 0) - before.count for one, _course, before in pairs),
        minutes=sum((one.minutes or 0) - before.effort_minutes for one, _course, before in pairs),
        incomparable=sum(not _is_comparable(course, before) for _one, course, before in pairs),
    )


def worst(repositories: Iterable[Listed]) -> tuple[Listed, ...]:
    """Return those that are judged, the lowest score first."""
    judged = (one for one in repositories if one.is_judged)
    return tuple(sorted(judged, key=lambda one: (one.score, -(one.minutes or 0), one.name)))


def _week(day: date, spots: Sequence[Spot | None]) -> Week:
    known = [spot for spot in spots if spot is not None]
    return Week(
        day=day,
        judged=len(known),
        median=median(spot.score for spot in known) if known else None,
        grades=_by_grade(spot.grade for spot in known),
        findings=sum(spot.count for spot in known),
        minutes=sum(spot.effort_minutes for spot in known),
    )


def _by_grade(grades: Iterable[Grade | None]) -> tuple[int, ...]:
    counted = Counter(grades)
    return tuple(counted[letter] for letter in LETTERS)


def _moved(one: Listed, course: Course, before: Spot) -> Iterator[Moved]:
    if one.score is None or one.grade is None or not _is_comparable(course, before):
        return
    change = past.difference(before.score, one.score)
    yield Moved(repository=one, before=before, score=one.score, grade=one.grade, change=change)


def _by_most(moved: Iterable[Moved]) -> tuple[Moved, ...]:
    return tuple(sorted(moved, key=lambda one: (-abs(one.gain), one.repository.name)))


def _is_comparable(course: Course, before: Spot) -> bool:
    return course[-1] is not None and course[-1].ruleset == before.ruleset


def _failed_after(one: Listed, day: date) -> bool:
    return one.state == "failed" and one.error_at is not None and one.error_at.date() > day
