"""Lists a page at a time. A cursor names the last row, so that a list that changes goes on where it stood. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.service.api.model import MistakenError, Paged

Row = TypeVar("Row")

_NO_CURSOR: Final = "cursor: is none that was given out; begin without one"
# No list is longer.
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows; `next` is the cursor of those after them, None where there are none."""

    rows: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after the row called `name`, which was the one before number `at` (from 0)."""

    at: int
    name: str


def page(rows: Sequence[Row], name: Callable[[Row], str], asked: Paged) -> Page[Row]:
    """Return the rows that are asked for; ``name`` tells each row from the others. Raises MistakenError."""
    if asked.is_whole:
        return Page(tuple(rows), None)
    start = _start(rows, name, place_of(asked.cursor))
    shown = tuple(rows[start : start + asked.limit])
    end = start + len(shown)
    return Page(shown, cursor_of(Place(end, name(shown[-1]))) if shown and end < len(rows) else None)


def cursor_of(place: Place) -> str:
    """Return a place as text that nobody has to understand."""
    return base64.urlsafe_b64encode(f"{place.at}:{place.name}".encode(errors="replace")).decode().rstrip("=")


def place_of(cursor: str) -> Place | None:
    """Return the place that a cursor names, None for the beginning. Raises MistakenError."""
    if not cursor:
        return None
    try:
        at, _colon, name = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise MistakenError(_NO_CURSOR) from error
    if not (at.isascii() and at.isdecimal() and len(at) <= _DIGITS):
        raise MistakenError(_NO_CURSOR)
    return Place(int(at), name)


def _start(rows: Sequence[Row], name: Callable[[Row], str], place: Place | None) -> int:
    if place is None:
        return 0
    before = place.at - 1
    # Nearly always it is where it was.
    if 0 <= before < len(rows) and name(rows[before]) == place.name:
        return place.at
    return next((at + 1 for at, row in enumerate(rows) if name(row) == place.name), min(place.at, len(rows)))
