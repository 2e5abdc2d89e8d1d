"""How repositories stood at the end of each of the last weeks, from the history that every scan adds to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from analyzers.typed import from_json
from bot.ruleset import Grade
from bot.service.database.tables import REPOSITORIES
from bot.service.reading.repositories import among
from bot.store._tables import ENTRIES

WEEKS: Final = 12
"""So far back trends go. A course has one more spot: the day from which the first week begins."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """How a repository stood on a day. `findings` counts by severity; scores compare only under one `ruleset`."""

    as_of: date
    score: float
    low: float
    grade: Grade
    effort_minutes: int
    ruleset: str
    findings: dict[str, int]

    @property
    def count(self) -> int:
        """How many findings there were."""
        return sum(self.findings.values())


Course = tuple[Spot | None, ...]
"""One spot a week, oldest first; None where it had not been scanned yet."""
EMPTY: Final[Course] = (None,) * (WEEKS + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """Courses by repository id, for those of which anything is known. `days` are the ends of the weeks, oldest first.

    `damaged` counts entries that could not be read.
    """

    days: tuple[date, ...]
    of: Mapping[int, Course] = field(repr=False)
    damaged: int = 0


def courses(connection: sa.Connection, ids: Collection[int], today: date) -> Courses:
    """Return the courses of repositories up to ``today``; entries of later days count as today's."""
    days = tuple(today - timedelta(weeks=week) for week in range(WEEKS, -1, -1))
    numbers = {row[0]: row[1:] for row in connection.execute(_last_by(days, ids))}
    wanted = {number for row in numbers.values() for number in row if number is not None}
    entries = sa.select(ENTRIES.c.sequence, ENTRIES.c.entry).where(among(ENTRIES.c.sequence, wanted))
    spots = {number: _spot(text) for number, text in connection.execute(entries)}
    found = {id_: tuple(_carried(spots.get(number) for number in row)) for id_, row in numbers.items() if any(row)}
    return Courses(days=days, of=found, damaged=sum(spot is None for spot in spots.values()))


_PREFIX: Final = "github:"


def history_name(repository: int) -> str:
    """Return the name under which a repository's history is kept, which outlives renames."""
    return f"{_PREFIX}{repository}"


def _last_by(days: Sequence[date], ids: Collection[int]) -> sa.Select[Any]:
    """Return what asks for the number of each repository's last entry by each day: each is one step into the index."""
    name = sa.literal(_PREFIX) + sa.cast(REPOSITORIES.c.id, sa.String)
    bounds = (*(ENTRIES.c.as_of <= day for day in days[:-1]), sa.true())
    last = (
        sa.select(ENTRIES.c.sequence)
        .where(ENTRIES.c.repository == name, bound)
        .order_by(ENTRIES.c.as_of.desc(), ENTRIES.c.sequence.desc())
        .limit(1)
        .correlate(REPOSITORIES)
        .scalar_subquery()
        for bound in bounds
    )
    numbers = (number.label(f"week_{at}") for at, number in enumerate(last))
    return sa.select(REPOSITORIES.c.id, *numbers).where(among(REPOSITORIES.c.id, ids))


def _spot(text: str) -> Spot | None:
    try:
        return from_json(text, Spot)
    except msgspec.DecodeError:
        return None


def _carried(spots: Iterable[Spot | None]) -> Iterator[Spot | None]:
    """Yield a spot a week: where the last one is damaged, it stood as in the week before."""
    last: Spot | None = None
    for spot in spots:
        last = spot or last
        yield last
