"""What is no longer supported, or soon will not be, in many repositories at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from bot.ends import when
from bot.rollup import SharedEnd
from bot.service.database.tables import ENDS
from bot.service.reading.repositories import among

MOST_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Ending:
    """One repository (by its id) that rests on something whose support ends. `path` is "" where it stands nowhere."""

    day: date
    subject: str
    repository: int
    path: str


@dataclass(frozen=True, slots=True)
class Endings:
    """Endings by their day. With `is_cut` there are more, which end later."""

    rows: tuple[Ending, ...]
    is_cut: bool


def endings(
    connection: sa.Connection,
    visible: Collection[int],
    *,
    after: date | None = None,
    before: date | None = None,
    most: int = MOST_ROWS,
) -> Endings:
    """Return the endings of the visible repositories, the earliest first: from the day ``after`` to that ``before``."""
    bounds = (
        *(() if after is None else (ENDS.c.ends_on >= after,)),
        *(() if before is None else (ENDS.c.ends_on < before,)),
    )
    wanted = (
        sa.select(ENDS.c.ends_on, ENDS.c.subject, ENDS.c.repository_id, ENDS.c.path)
        .where(among(ENDS.c.repository_id, visible), *bounds)
        .order_by(ENDS.c.ends_on, ENDS.c.subject, ENDS.c.repository_id, ENDS.c.path)
        .limit(most + 1)
    )
    rows = tuple(Ending(*row) for row in connection.execute(wanted))
    return Endings(rows[:most], is_cut=len(rows) > most)


def shared(found: Collection[Ending], names: Mapping[int, str], today: date) -> tuple[SharedEnd, ...]:
    """Return what ends, by day and subject, with the names of the repositories that rest on it. Pure."""
    together: dict[tuple[date, str], list[Ending]] = {}
    for ending in found:
        together.setdefault((ending.day, ending.subject.casefold()), []).append(ending)
    return tuple(
        SharedEnd(
            day=day,
            days=(day - today).days,
            when=when((day - today).days),
            title=min(one.subject for one in members),
            repositories=tuple(sorted({names[one.repository] for one in members if one.repository in names})),
        )
        for (day, _subject), members in sorted(together.items())
    )
