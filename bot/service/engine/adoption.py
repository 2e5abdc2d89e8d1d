"""Whose worker is gone, whose work goes on: pending workflows of executors without a live lease are enqueued again.

The library does this for one version and names of executors only. Here it is one transaction with the leases, and work
that another version of debtscan began starts anew: its steps may be others now, and they can be done twice anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlalchemy as sa

from bot.service.database.clock import epoch, moment
from bot.service.database.opening import writing
from bot.service.database.tables import LEASES
from bot.service.engine import durable
from bot.service.engine._rows import DELAYED, ENQUEUED, RUNNING, checkpoints, versions, workflows

_AT_ONCE: Final = 500
# What a live worker took and does not do, it never began: the database went away in between.
_LOST_SECONDS: Final = 600


def adopt(engine: sa.Engine, version: str) -> int:
    """Enqueue again what runs nowhere, for workers of this version; return how many workflows those were."""
    rows = workflows(engine)
    leases = sa.select(LEASES.c.executor).where(LEASES.c.until > moment(engine))
    return _taken(engine, _running(rows).where(_is_gone(rows, leases)), version, _again(rows))


def find_lost(engine: sa.Engine, version: str, executor: str, busy: Collection[str]) -> int:
    """Enqueue again what this executor took long ago and is not busy with; return how many workflows those were."""
    rows = workflows(engine)
    since = (epoch(engine) - _LOST_SECONDS) * 1000
    lost = _running(rows).where(rows.c.executor_id == executor, rows.c.started_at_epoch_ms < since)
    return _taken(engine, lost.where(rows.c.workflow_uuid.not_in(busy)), version, _again(rows))


def be_latest(engine: sa.Engine, version: str) -> None:
    """See to it that work of no version, which is all that is new, goes to workers of this one."""
    rows = versions(engine)
    # Later than any, whatever the clocks of hosts say.
    others = rows.alias()
    latest = sa.select(sa.func.max(others.c.version_timestamp) + 1).scalar_subquery()
    with engine.begin() as connection:
        mine = sa.update(rows).where(rows.c.version_name == version)
        connection.execute(mine.values(version_timestamp=latest))


def latest_version(engine: sa.Engine) -> str | None:
    """Return the version whose workers get work of no version, None where none was ever started."""
    rows = versions(engine)
    ours = sa.select(rows.c.version_name).where(rows.c.application_name == durable.APPLICATION)
    newest = ours.order_by(rows.c.version_timestamp.desc()).limit(1)
    with engine.connect() as connection:
        return connection.execute(newest).scalar_one_or_none()


def _running(rows: sa.TableClause) -> sa.Select[Any]:
    wanted = sa.select(rows.c.workflow_uuid, rows.c.application_version)
    return wanted.where(rows.c.application_name == durable.APPLICATION, rows.c.status == RUNNING)


def _is_gone(rows: sa.TableClause, leases: sa.Select[Any]) -> sa.ColumnElement[bool]:
    return sa.or_(rows.c.executor_id.is_(None), rows.c.executor_id.not_in(leases))


def _again(rows: sa.TableClause) -> Mapping[str, object]:
    """Return what makes a workflow that was begun one that waits. The library's own recovery writes the same."""
    return {
        "status": ENQUEUED,
        "queue_name": sa.func.coalesce(rows.c.queue_name, durable.OWN_QUEUE),
        "owner_xid": None,
        "started_at_epoch_ms": None,
    }


def bring_forward(engine: sa.Engine, version: str) -> int:
    """Take over what waits for workers of versions that nobody runs any more; return how many workflows those were."""
    rows = workflows(engine)
    versions = sa.select(LEASES.c.version).where(LEASES.c.until > moment(engine))
    stranded = (
        sa.select(rows.c.workflow_uuid, rows.c.application_version)
        .where(rows.c.application_name == durable.APPLICATION, rows.c.status.in_((ENQUEUED, DELAYED)))
        .where(rows.c.application_version.is_not(None), rows.c.application_version != version)
        .where(rows.c.application_version.not_in(versions))
    )
    return _taken(engine, stranded, version, {})


def _taken(engine: sa.Engine, wanted: sa.Select[Any], version: str, values: Mapping[str, object]) -> int:
    """Change the rows that `wanted` finds, and forget the steps of those that another version began."""
    with engine.connect() as connection:
        # Nearly always there is nothing, for which nobody needs a lock.
        if connection.execute(wanted.limit(1)).first() is None:
            return 0
    rows, steps = workflows(engine), checkpoints(engine)
    with writing(engine) as connection:
        # `with_for_update` means nothing to SQLite, where nobody else writes now.
        found = connection.execute(wanted.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
        ids = [id_ for id_, _version in found]
        begun = [id_ for id_, began in found if began != version]
        connection.execute(sa.delete(steps).where(steps.c.workflow_uuid.in_(begun)))
        now = sa.cast(epoch(engine) * 1000, sa.BigInteger)
        changed = sa.update(rows).where(rows.c.workflow_uuid.in_(ids))
        connection.execute(changed.values(**values, application_version=version, updated_at=now))
    return len(ids)
