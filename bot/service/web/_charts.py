"""Charts of an organisation, laid out for SVG: percent across, so that they fit every width, pixels down. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot import wording
from bot.ruleset import Grade
from bot.service.reading.overview import LETTERS, Bin, Week

HEIGHT: Final = 180
"""Pixels from the top of the highest column down to the ground."""
_GAP: Final = 0.15
_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a column: `y` and `height` in pixels."""

    grade: Grade
    y: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of boxes: `x`, `width` and `middle` in percent. `count` stands above it; `text` says all of it."""

    x: str
    width: str
    middle: str
    top: str
    boxes: tuple[Box, ...]
    count: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns, and what they say in one sentence."""

    columns: tuple[Column, ...]
    says: str


def distribution(bins: Sequence[Bin]) -> Chart:
    """Return how many repositories have which score."""
    most = max((one.count for one in bins), default=0) or 1
    columns = tuple(
        _column(at, len(bins), [(one.grade, one.count)], most, text=_said(one), label=str(one.start))
        for at, one in enumerate(bins)
    )
    total = sum(one.count for one in bins)
    told = (f"{one.count} from {one.start} to {one.end}" for one in bins if one.count)
    count = wording.count(total, "repository has a score", "repositories have a score")
    return Chart(columns, f"{count}: {', '.join(told)}." if total else "No repository has a score yet.")


def trend(weeks: Sequence[Week]) -> Chart:
    """Return how many repositories had which grade at the end of each week."""
    most = max((week.judged for week in weeks), default=0) or 1
    columns = tuple(
        _column(
            at,
            len(weeks),
            [(letter, count) for letter, count in zip(LETTERS, week.grades, strict=True) if count],
            most,
            text=_week(week),
            label=f"{week.day:%d %b}",
        )
        for at, week in enumerate(weeks)
    )
    return Chart(columns, _course([week for week in weeks if week.median is not None]))


def _column(at: int, columns: int, parts: Sequence[tuple[Grade, int]], most: int, *, text: str, label: str) -> Column:
    room = 100 / columns
    boxes = tuple(_boxes(parts, most))
    return Column(
        x=f"{(at + _GAP / 2) * room:.2f}",
        width=f"{(1 - _GAP) * room:.2f}",
        middle=f"{(at + 0.5) * room:.2f}",
        top=boxes[-1].y if boxes else f"{HEIGHT:.1f}",
        boxes=boxes,
        count=sum(count for _grade, count in parts),
        text=text,
        label=label,
    )


def _boxes(parts: Sequence[tuple[Grade, int]], most: int) -> Iterator[Box]:
    """Yield the boxes of a column from the ground up: the best grades lie below."""
    ground = float(HEIGHT)
    for grade, count in parts:
        if count:
            height = max(_LEAST, count / most * HEIGHT)
            ground -= height
            yield Box(grade, f"{ground:.1f}", f"{height:.1f}")


def _said(one: Bin) -> str:
    count = wording.count(one.count, "repository", "repositories")
    return f"{count} from {one.start} to {one.end} ({one.grade})"


def _week(week: Week) -> str:
    if week.median is None:
        return f"{week.day}: nothing was judged yet"
    grades = ", ".join(f"{count} {letter}" for letter, count in zip(LETTERS, week.grades, strict=True) if count)
    return f"{week.day}: {grades}; median {wording.score(week.median)}"


def _course(known: Sequence[Week]) -> str:
    if not known:
        return "Nothing was judged yet."
    first, last = known[0], known[-1]
    if first == last:
        return f"Until {first.day} nothing was judged; the median is {wording.score(last.median or 0)} now."
    ends = " to ".join(f"{wording.score(week.median or 0)} on {week.day}" for week in (first, last))
    return f"The median went from {ends}, over {first.judged:,} and then {last.judged:,} repositories."
