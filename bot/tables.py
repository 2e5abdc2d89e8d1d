"""How old the bundled tables are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analyzers.lifecycles.stamps import table_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAge:
    """How old a bundled table is on the day of the scan."""

    name: str
    source: str
    dated: date
    days: int


def table_ages(as_of: date) -> tuple[TableAge, ...]:
    """Return the age of every table on a day; one that is dated later counts as new."""
    return tuple(
        TableAge(name=table.name, source=table.source, dated=table.date, days=max(0, (as_of - table.date).days))
        for table in table_dates()
    )
