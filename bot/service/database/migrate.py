"""Bring a database to what this version needs. Forward only: there is no way back but a backup.

The scripts lie in `migrations/versions`, one a change; a released one is never edited. A column that goes is first no
longer used, and goes a release later: while a deployment rolls, the version before still runs on the new tables.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.service.database.errors import NewerDatabaseError
from bot.service.database.opening import shown, told
from bot.service.engine import durable

VERSIONS: Final = "debtscan_migrations"
_SCRIPTS: Final = Path(__file__).parent / "migrations"
# Any number; it keeps two processes from migrating at once.
_MIGRATING: Final = 4_711_002
_PAUSE: Final = 0.2


def migrate(engine: sa.Engine) -> None:
    """Make or change the tables, the history's and the engine's too. Nothing happens where all is as it should be.

    Of several processes one does it while the others wait. Raises NewerDatabaseError and UnreachableDatabaseError.
    """
    with told(engine), _alone(engine):
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                # The driver begins no transaction before it changes tables.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            _refuse_newer(connection, engine)
            upgrade(connection)
        durable.make_tables(engine)


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Run the scripts up to a revision, in the caller's transaction, and leave the engine's tables as they are."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def needed(engine: sa.Engine) -> str | None:
    """Return why this version cannot work with the database as it is, None where it can. Changes nothing.

    Raises UnreachableDatabaseError.
    """
    behind = f"the tables in {shown(engine)} are older than this debtscan; start `debtscan serve` to migrate them"
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        # Asking would make the file, perhaps as somebody whom the service's own user may not write after.
        return behind
    with told(engine), engine.connect() as connection:
        current = _current(connection)
        if _is_newer(current):
            return _newer(engine)
        return None if current == _head() and durable.has_tables(engine) else behind


def is_newer(engine: sa.Engine) -> bool:
    """Whether a newer debtscan made the tables. Changes nothing. Raises UnreachableDatabaseError."""
    with told(engine), engine.connect() as connection:
        return _is_newer(_current(connection))


def schema_version(engine: sa.Engine) -> str | None:
    """Return the last migration that was done, None before the first. Raises SQLAlchemy's errors."""
    with engine.connect() as connection:
        return _current(connection)


def knows(version: str) -> bool:
    """Whether this debtscan can work with, or migrate, tables of that migration."""
    return not _is_newer(version)


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """Let no other process migrate. SQLite has one writer anyhow."""
    if engine.dialect.name == "sqlite":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Not `pg_advisory_lock`: an index that is made concurrently waits for all statements, also for one that waits.
        while not connection.execute(sa.select(sa.func.pg_try_advisory_lock(_MIGRATING))).scalar_one():
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_MIGRATING)))


def _refuse_newer(connection: sa.Connection, engine: sa.Engine) -> None:
    if _is_newer(_current(connection)):
        raise NewerDatabaseError(_newer(engine))


def _newer(engine: sa.Engine) -> str:
    return f"a newer debtscan made the tables in {shown(engine)}; upgrade this one, or restore a backup"


def _is_newer(current: str | None) -> bool:
    return current is not None and current not in {script.revision for script in _scripts().walk_revisions()}


def _current(connection: sa.Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
    return context.get_current_revision()


def _head() -> str | None:
    return _scripts().get_current_head()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    # A percent sign would begin an interpolation.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["version_table"] = VERSIONS
    return config
