"""What the parts of a running service share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa

from bot.service.settings import Settings


def wall_clock() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One process of the service. `engine` is the database of `bot.service.database.tables`, migrated."""

    settings: Settings
    engine: sa.Engine = field(repr=False)
    now: Callable[[], datetime] = wall_clock
