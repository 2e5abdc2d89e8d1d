"""What an inventory prints: a report's head and rows, without anything that judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from analyzers.model.inventory import Inventory, Repository
from analyzers.model.skipped import Skipped
from bot import VERSION
from bot.ruleset import RULESET
from bot.tables import TableAge, table_ages

if TYPE_CHECKING:
    from bot.scorecard import Accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The fields of a Report that an inventory has. Nothing is judged, so nothing was set aside."""

    version: str
    ruleset: str
    scanned_at: datetime
    as_of: date
    offline: bool
    repository: Repository
    inventory: Inventory
    skipped: tuple[Skipped, ...]
    tables: tuple[TableAge, ...]
    ignored: tuple[Accepted, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


def listing(inventory: Inventory, *, as_of: date, scanned_at: datetime) -> Listing:
    """Return what to print of an inventory, for which nobody was asked."""
    return Listing(
        version=VERSION,
        ruleset=RULESET,
        scanned_at=scanned_at,
        as_of=as_of,
        offline=True,
        repository=inventory.repository,
        inventory=inventory,
        skipped=inventory.skipped,
        tables=table_ages(as_of),
    )
