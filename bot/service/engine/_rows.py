"""The columns of DBOS's tables that are read or changed here; test_durable.py holds them against the real ones."""

from __future__ import annotations

import functools
from typing import Final

import sqlalchemy as sa

SCHEMA: Final = "dbos"
ENQUEUED: Final = "ENQUEUED"
DELAYED: Final = "DELAYED"
RUNNING: Final = "PENDING"
"""What the library calls a workflow that a worker has begun."""
ALIVE: Final = (ENQUEUED, DELAYED, RUNNING)

_STATUS: Final = (
    "workflow_uuid",
    "status",
    "name",
    "queue_name",
    "queue_partition_key",
    "executor_id",
    "owner_xid",
    "application_name",
    "application_version",
    "deduplication_id",
    "created_at",
    "updated_at",
    "started_at_epoch_ms",
    "delay_until_epoch_ms",
)


def workflows(engine: sa.Engine) -> sa.TableClause:
    """Return the table with a row a workflow; always the same for one database."""
    return _table("workflow_status", _STATUS, _schema(engine))


def checkpoints(engine: sa.Engine) -> sa.TableClause:
    """Return the table with a row a finished step."""
    return _table("operation_outputs", ("workflow_uuid", "function_id", "function_name"), _schema(engine))


def versions(engine: sa.Engine) -> sa.TableClause:
    """Return the table with a row a version, of which the one with the latest time takes work of no version."""
    return _table("application_versions", ("version_name", "version_timestamp", "application_name"), _schema(engine))


@functools.cache
def _table(name: str, columns: tuple[str, ...], schema: str | None) -> sa.TableClause:
    return sa.table(name, *map(sa.column, columns), schema=schema)


def _schema(engine: sa.Engine) -> str | None:
    return None if engine.dialect.name == "sqlite" else SCHEMA
