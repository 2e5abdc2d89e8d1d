"""The score over time, laid out for the HTML page: percent across, pixels down, so that it fits every width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot import standing, wording
from bot.past import PastRow, past_rows
from bot.ruleset import GRADES, Grade
from bot.scorecard import Report
from bot.store.model import Entry

HEIGHT = 320
"""Pixels from a score of 100 down to 0."""

NEWEST = 12
"""So many rows stand beside the chart; the others fold away."""
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Point:
    """One score. `x` is in percent, `y` and the ends `low` and `high` of what it may be in pixels from the top."""

    x: str
    y: str
    low: str
    high: str
    grade: Grade
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """The scores of one grade."""

    grade: Grade
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A spot on the time line."""

    x: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`says` is the chart in one sentence. `rows` are the earlier scans, the newest first."""

    points: tuple[Point, ...]
    bands: tuple[Band, ...]
    ticks: tuple[Mark, ...]
    breaks: tuple[Mark, ...]
    says: str
    rows: tuple[PastRow, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """A score on a day."""

    day: date
    score: float
    low: float
    high: float
    grade: Grade
    ruleset: str


def draw(report: Report) -> Chart | None:
    """Return the chart of earlier scans with this one at its end; None without earlier ones."""
    return _chart([*map(_past, report.history), *_present(report)], report.history) if report.history else None


def of_entries(entries: Sequence[Entry]) -> Chart | None:
    """Return the chart of a history, oldest first, that ends with the newest scan; None without one."""
    return _chart([*map(_past, entries)], entries) if entries else None


def _chart(spots: Sequence[_Spot], entries: Sequence[Entry]) -> Chart:
    first, last = min(spot.day for spot in spots), max(spot.day for spot in spots)
    # Scans of one day only still need a width.
    span = max(1, (last - first).days)

    def at(day: date) -> str:
        return f"{2 + (day - first).days / span * 96:.2f}"

    return Chart(
        points=tuple(_point(spot, at(spot.day)) for spot in spots),
        bands=tuple(_bands()),
        ticks=tuple(Mark(at(day), day.isoformat()) for day in _ticks(first, last)),
        breaks=tuple(
            Mark(at(spot.day), f"ruleset {wording.name(spot.ruleset, 20)}")
            for before, spot in pairwise(spots)
            if before.ruleset != spot.ruleset
        ),
        says=_sentence(spots),
        rows=tuple(reversed(past_rows(entries))),
    )


def _past(entry: Entry) -> _Spot:
    return _Spot(entry.as_of, entry.score, entry.low, entry.high, entry.grade, entry.ruleset)


def _present(report: Report) -> Iterator[_Spot]:
    """Yield this scan, unless it says nothing or is the last of the history already."""
    card, last = report.scorecard, report.history[-1]
    spot = _Spot(report.as_of, card.score, card.low, card.high, card.grade, report.ruleset)
    if standing.standing(report) in {"clean", "debt"} and spot != _past(last):
        yield spot


def _point(spot: _Spot, x: str) -> Point:
    text = f"{spot.day}: {wording.score(spot.score)} ({spot.grade}), between {_range(spot)}"
    return Point(x, _down(spot.score), _down(spot.low), _down(spot.high), spot.grade, text)


def _range(spot: _Spot) -> str:
    return f"{wording.score(spot.low)} and {wording.score(spot.high)}"


def _down(value: float) -> str:
    return f"{(100 - value) / 100 * HEIGHT:.1f}"


def _bands() -> Iterator[Band]:
    end = 0
    for floor, letter in (*GRADES, (0, "F")):
        bottom = round((100 - floor) / 100 * HEIGHT)
        yield Band(letter, end, bottom - end)
        end = bottom


def _ticks(first: date, last: date) -> Iterator[date]:
    """Yield a few days, evenly, the first and the last among them."""
    days = (last - first).days
    steps = min(_MOST_TICKS // 2, days) or 1
    for step in range(steps + 1 if days else 1):
        yield first + timedelta(days=round(days * step / steps))


def _sentence(spots: Sequence[_Spot]) -> str:
    first, last = spots[0], spots[-1]
    lowest, highest = min(spots, key=lambda spot: spot.score), max(spots, key=lambda spot: spot.score)
    ends = " to ".join(f"{wording.score(spot.score)} ({spot.grade}) on {spot.day}" for spot in (first, last))
    return (
        f"The score of {wording.count(len(spots), 'scan')}: from {ends}; the lowest was {wording.score(lowest.score)} "
        f"on {lowest.day}, the highest {wording.score(highest.score)} on {highest.day}."
    )
