"""The workflow ``retain``: what was kept for long enough is deleted, some at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
import structlog

from analyzers.config import History
from bot.service import metrics
from bot.service.database.opening import writing
from bot.service.database.tables import DELIVERIES, REPOSITORIES, SCANS, SIGN_INS
from bot.service.engine.steps import step
from bot.service.storing import history_of
from bot.service.workflows.parts import Parts
from bot.store.errors import DamagedHistoryError

_LOG: Final = structlog.get_logger(__name__)
_AT_ONCE: Final = 500


def workflow(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``retain``, which begins by the clock."""

    def run(_arguments: Mapping[str, Any]) -> None:
        retention = parts.services.settings.file.retention
        for name, table, column, age in (
            ("deliveries", DELIVERIES, DELIVERIES.c.received_at, timedelta(days=retention.deliveries_days)),
            ("scans", SCANS, SCANS.c.ended_at, timedelta(days=retention.scans_days)),
            ("sign-ins", SIGN_INS, SIGN_INS.c.until, timedelta()),
        ):
            step(name, partial(_delete, parts, table, column, parts.services.now() - age))
        # Later than the deliveries: as long as one is known, its work is not done again.
        step("workflows", partial(parts.work.forget, retention.deliveries_days + 1))
        step("history", partial(_prune, parts))

    return run


def _delete(parts: Parts, table: sa.Table, column: sa.Column[Any], before: datetime) -> int:
    """Delete rows whose time is past; return how many. A row without that time stays."""
    count = 0
    while True:
        with writing(parts.services.engine) as connection:
            old = connection.execute(sa.select(table.c.id).where(column < before).limit(_AT_ONCE)).scalars().all()
            connection.execute(sa.delete(table).where(table.c.id.in_(old)))
        count += len(old)
        if len(old) < _AT_ONCE:
            return count


def _prune(parts: Parts) -> int:
    """Remove of every history what need not be kept; return how many entries and Facts went."""
    with parts.services.engine.connect() as connection:
        numbers = connection.execute(sa.select(REPOSITORIES.c.id).where(REPOSITORIES.c.scanned_at.is_not(None)))
        found = numbers.scalars().all()
    today = parts.services.now().date()
    return sum(_prune_one(parts, number, today) for number in found)


def _prune_one(parts: Parts, repository: int, today: date) -> int:
    """Prune one history; of one that is damaged nothing goes, for nobody knows what has to stay."""
    try:
        return history_of(parts.services, repository).prune(History(), today)
    except DamagedHistoryError as error:
        metrics.failed("retain", error)
        _LOG.warning("a damaged history is not pruned", repository=repository, error=str(error))
        return 0
