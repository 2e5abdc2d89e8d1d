"""The grades on the scale from 0 to 100, laid out for HTML pages. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.ruleset import GRADES, Grade


@dataclass(frozen=True, slots=True)
class Band:
    """One grade: where it begins, how wide it is, and where its letter stands."""

    grade: Grade
    start: int
    width: int
    middle: float


def bands() -> Iterator[Band]:
    """Yield the grades, the best first."""
    end = 100
    for floor, letter in (*GRADES, (0, "F")):
        start = int(floor)
        yield Band(letter, start, end - start, (start + end) / 2)
        end = start
