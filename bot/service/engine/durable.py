"""The library beneath the engine, DBOS, as debtscan uses it: JSON instead of pickles, no connection to its vendor.

Nothing else imports it than `bot.service.engine`. It is pinned, for some of what is used here is private to it;
tests/bot/service/engine/test_durable.py says what has to hold.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from dbos import DBOSClient, DBOSConfig
from dbos._migration import get_migration_versions, get_sqlite_migration_versions
from dbos._serialization import DBOSPortableJSONSerializer
from dbos._sys_db import SystemDatabase
from dbos._utils import INTERNAL_QUEUE_NAME, GlobalParams

from bot.service.engine._dbos_logging import speak_through_structlog
from bot.service.engine._rows import SCHEMA

APPLICATION: Final = "debtscan"
OWN_QUEUE: Final = INTERNAL_QUEUE_NAME
"""The library's queue for workflows that were in none."""
_SERIALIZER: Final = DBOSPortableJSONSerializer()
ATTEMPTS: Final = 100
"""How often a workflow is begun before it is given up, should it kill its workers."""


def make_tables(engine: sa.Engine) -> None:
    """Make or change the library's own tables."""
    speak_through_structlog()
    with _system(engine) as system:
        system.run_migrations()


def has_tables(engine: sa.Engine) -> bool:
    """Whether the library's tables are what it needs."""
    if engine.dialect.name == "sqlite":
        current, latest = get_sqlite_migration_versions(engine)
    else:
        current, latest = get_migration_versions(engine, SCHEMA, use_listen_notify=False)
    return current is not None and current >= latest


def client(engine: sa.Engine) -> DBOSClient:
    """Return what enqueues, without running anything. It raises where the database is away."""
    speak_through_structlog()
    return DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=_SERIALIZER,
        application_name=APPLICATION,
        retry_connection_errors=False,
        lazy=True,
    )


def configuration(engine: sa.Engine, executor: str, version: str) -> DBOSConfig:
    """Return what a worker is launched with."""
    return DBOSConfig(
        name=APPLICATION,
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=_SERIALIZER,
        executor_id=executor,
        application_version=version,
        enable_otlp=False,
        log_level="WARNING",
        # Nobody sends or awaits messages here; listening would hold a connection.
        use_listen_notify=False,
        # It wakes for nothing, and a stop waits for it.
        notification_listener_polling_interval_sec=0.2,
        run_migrations=False,
    )


def close_to_vendor() -> None:
    """Take away the variables by which the library would connect to its vendor, or run under its vendor's names."""
    for name in [name for name in os.environ if name.startswith(("DBOS_", "DBOS__"))]:
        del os.environ[name]
    GlobalParams.dbos_cloud = False


@contextlib.contextmanager
def _system(engine: sa.Engine) -> Iterator[SystemDatabase]:
    system = SystemDatabase.create(
        system_database_url="sqlite://" if engine.dialect.name == "sqlite" else "postgresql://",
        engine_kwargs={},
        engine=engine,
        schema=SCHEMA,
        serializer=_SERIALIZER,
        executor_id=None,
        use_listen_notify=False,
    )
    try:
        yield system
    finally:
        system.destroy()
