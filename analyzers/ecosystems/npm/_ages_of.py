"""How old a release has to be before a package manager installs it: against those that are found out within days."""

from __future__ import annotations

from analyzers.model.inventory import RELEASE_AGE, Observation
from analyzers.syntax.text import SourceText

_MINUTES_A_DAY = 24 * 60


def observation(source: SourceText, days: int, start: int, end: int) -> Observation:
    """Return what a file asks for at a place, in days."""
    return Observation(kind=RELEASE_AGE, name="npm", place=source.place(start, end), text=str(days))


def days(minutes: str) -> int:
    """Return the days of pnpm's minutes, rounded up."""
    return -(-int(minutes) // _MINUTES_A_DAY)
