"""The database in PostgreSQL: dumped in one snapshot while others write, put back in one transaction."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot.service.backup.clients import Clients
from bot.service.database.migrate import VERSIONS

_OWN_SCHEMA: Final = "dbos"
_OWN_PREFIX: Final = "debtscan_"


def dump(clients: Clients, engine: sa.Engine, target: Path, without: tuple[str, ...]) -> None:
    """Write what is committed now to ``target`` in the custom format, without the rows of some tables.

    Raises BackupError.
    """
    left_out = (f"--exclude-table-data={table}" for table in without)
    clients.run(
        engine,
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--lock-wait-timeout=60s",
        f"--file={target}",
        *left_out,
    )


def put(clients: Clients, engine: sa.Engine, dumped: Path, schema: str) -> None:
    """Let the database hold what was dumped and nothing else of debtscan's, in one transaction.

    Raises BackupError, also where that does not have the tables of ``schema``, the last migration.
    """
    with tempfile.TemporaryDirectory(prefix="debtscan-") as folder:
        script, before, after = (Path(folder) / f"{name}.sql" for name in ("restore", "before", "after"))
        script.touch(0o600)
        # All of the script before any of it is done: what ends in the middle would look like an end.
        clients.run(engine, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dumped))
        before.write_text("".join(f"{statement};\n" for statement in _removals(engine)), encoding="utf-8")
        after.write_text(_comparison(engine, schema), encoding="utf-8")
        clients.run(
            engine,
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--file={before}",
            f"--file={script}",
            f"--file={after}",
        )


def is_empty(engine: sa.Engine) -> bool:
    """Whether nothing of debtscan's is there."""
    return not _removals(engine)


def others(engine: sa.Engine) -> int:
    """Return how many sessions of debtscan's, this process's aside, are open to the database."""
    mine = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'debtscan'"
        " AND pid <> pg_backend_pid()"
    )
    with engine.connect() as connection:
        # This process has this one connection.
        return int(connection.execute(mine).scalar_one())


def _comparison(engine: sa.Engine, schema: str) -> str:
    """Return what ends a transaction in which other tables came back: they would be made anew, and empty."""
    quoted = engine.dialect.identifier_preparer.quote
    table = f"{quoted(sa.inspect(engine).default_schema_name or 'public')}.{quoted(VERSIONS)}"
    return (
        f"DO $$ BEGIN IF (SELECT max(version_num) FROM {table}) IS DISTINCT FROM '{schema}' THEN"  # noqa: S608 - a migration that is known
        " RAISE EXCEPTION 'the backup does not hold the tables that it tells of'; END IF; END $$;\n"
    )


def _removals(engine: sa.Engine) -> list[str]:
    """Return the statements that remove what debtscan made."""
    quoted = engine.dialect.identifier_preparer.quote
    inspector = sa.inspect(engine)
    schema = inspector.default_schema_name or "public"
    own = [name for name in inspector.get_table_names() if name.startswith(_OWN_PREFIX)]
    statements = [f"DROP TABLE {quoted(schema)}.{quoted(name)} CASCADE" for name in sorted(own)]
    if _OWN_SCHEMA in inspector.get_schema_names():
        statements.append(f"DROP SCHEMA {quoted(_OWN_SCHEMA)} CASCADE")
    return statements
