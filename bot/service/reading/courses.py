"""How repositories stood at the end of each of the last weeks, from the history that every scan adds to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from bot.ruleset import Grade
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
    ends = [today - timedelta(weeks=week) for week in range(WEEKS + 1)]
    found: dict[int, dict[int, Spot]] = {}
    damaged = 0
    for name, week, text in connection.execute(_newest(ids, ends)):
        try:
            spot = msgspec.json.decode(text, type=Spot)
        except msgspec.DecodeError:
            damaged += 1
            continue
        found.setdefault(int(name.removeprefix(_PREFIX)), {})[week] = spot
    days = tuple(reversed(ends))
    return Courses(days=days, of={id_: tuple(_carried(spots)) for id_, spots in found.items()}, damaged=damaged)


_PREFIX: Final = "github:"


def history_name(repository: int) -> str:
    """Return the name under which a repository's history is kept, which outlives renames."""
    return f"{_PREFIX}{repository}"


def _newest(ids: Collection[int], ends: Sequence[date]) -> sa.Select[Any]:
    """Return what asks for the last entry of each repository in each week, and for the last one before them."""
    names = sa.bindparam(
        None, [history_name(id_) for id_ in sorted(ids)], type_=sa.String, expanding=True, literal_execute=True
    )
    week = sa.case(*((ENTRIES.c.as_of > end, number) for number, end in enumerate(ends[1:])), else_=WEEKS)
    of_each = (
        sa.select(sa.func.max(ENTRIES.c.sequence).label("sequence"), week.label("week"))
        .where(ENTRIES.c.repository.in_(names))
        .group_by(ENTRIES.c.repository, sa.text("week"))
        .subquery()
    )
    return sa.select(ENTRIES.c.repository, of_each.c.week, ENTRIES.c.entry).join(
        of_each, ENTRIES.c.sequence == of_each.c.sequence
    )


def _carried(spots: Mapping[int, Spot]) -> Iterator[Spot | None]:
    """Yield a spot a week, oldest first: in a week without a scan it stood as in the one before."""
    last: Spot | None = None
    for week in range(WEEKS, -1, -1):
        last = spots.get(week, last)
        yield last
