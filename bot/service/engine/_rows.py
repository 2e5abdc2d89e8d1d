"""The columns of DBOS's tables that are read or changed here; test_durable.py holds them against the real ones."""

from __future__ import annotations

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
    """Return the table with a row a workflow."""
    return sa.table("workflow_status", *map(sa.column, _STATUS), schema=_schema(engine))


def checkpoints(engine: sa.Engine) -> sa.TableClause:
    """Return the table with a row a finished step."""
    columns = ("workflow_uuid", "function_id", "function_name")
    return sa.table("operation_outputs", *map(sa.column, columns), schema=_schema(engine))


def _schema(engine: sa.Engine) -> str | None:
    return None if engine.dialect.name == "sqlite" else SCHEMA
