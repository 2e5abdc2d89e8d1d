"""The workflow ``forget``: of what left an installation, all that was stored is deleted after the stated time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
import structlog

from bot.service.database.opening import writing
from bot.service.database.tables import DELIVERIES, INSTALLATIONS, REPOSITORIES
from bot.service.engine.steps import step
from bot.service.mirror_keeping import remove_forgotten
from bot.service.storing import remove
from bot.service.workflows.parts import Parts

_LOG: Final = structlog.get_logger(__name__)


def workflow(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``forget``, which begins by the clock."""

    def run(_arguments: Mapping[str, Any]) -> None:
        before = parts.services.now() - timedelta(hours=parts.services.settings.file.retention.uninstalled_hours)
        step("repositories", partial(_repositories, parts, before))
        step("installations", partial(_installations, parts, before))
        step("mirrors", partial(remove_forgotten, parts.services.engine, parts.mirrors))

    return run


def _repositories(parts: Parts, before: datetime) -> int:
    """Forget repositories that are gone since then; return how many."""
    table = REPOSITORIES.c
    with parts.services.engine.connect() as connection:
        found = connection.execute(sa.select(table.id).where(table.gone_at <= before)).scalars().all()
    return sum(_forget(parts, number, before) for number in found)


def _forget(parts: Parts, repository: int, before: datetime) -> bool:
    """Forget one, unless it came back in this moment: all its rows in one transaction."""
    table = REPOSITORIES.c
    prefixes = [f"{begin}:{repository}:" for begin in ("scan", "admit:scan", "compare")]
    _forget_work(parts, prefixes, DELIVERIES.c.repository_id == repository)
    with writing(parts.services.engine) as connection:
        gone = sa.select(table.id).where(table.id == repository, table.gone_at <= before).with_for_update()
        if connection.execute(gone).first() is None:
            return False
        remove(connection, parts.services, repository)
        deliveries = sa.update(DELIVERIES).where(DELIVERIES.c.repository_id == repository)
        connection.execute(deliveries.values(repository_id=None, installation_id=None))
    _LOG.info("all that was stored of a repository that left is deleted", repository=repository)
    return True


def _forget_work(parts: Parts, prefixes: Collection[str], which: sa.ColumnElement[bool]) -> None:
    """Delete what the engine keeps of work that is done: names stand in what it was given and in what came of it."""
    wanted = sa.select(DELIVERIES.c.id, DELIVERIES.c.repeats).where(which)
    with parts.services.engine.connect() as connection:
        rows = connection.execute(wanted).all()
    # What failed and came again has its number behind its name.
    again = [f"{row.id}:{turn}" for row in rows for turn in range(1, row.repeats + 1)]
    parts.work.forget_named(prefixes, [*(row.id for row in rows), *again])


def _installations(parts: Parts, before: datetime) -> int:
    """Forget installations that are gone since then; return how many."""
    table = INSTALLATIONS.c
    with parts.services.engine.connect() as connection:
        gone = connection.execute(sa.select(table.id).where(table.gone_at <= before)).scalars().all()
    for number in gone:
        _forget_work(parts, (), DELIVERIES.c.installation_id == number)
    with writing(parts.services.engine) as connection:
        for number in gone:
            deliveries = sa.update(DELIVERIES).where(DELIVERIES.c.installation_id == number)
            connection.execute(deliveries.values(installation_id=None))
            connection.execute(sa.delete(INSTALLATIONS).where(table.id == number))
    for number in gone:
        _LOG.info("an installation that is gone is forgotten", installation=number)
    return len(gone)
