"""Migrations and snapshots of the service's database, drafted from its tables.

While a revision is not released, its script and its snapshot are printed from bot/service/database/tables.py (`make
print`). A release adds it to `RELEASED`; from then on both stay as they are, and a later change of the tables is a
further script, for which ``python -m tests.support.service.migrations`` writes the draft to the standard output.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrateOperation, ModifyTableOps, UpgradeOps
from alembic.runtime.migration import MigrationContext

from bot.service.database.migrate import VERSIONS, migrate, upgrade
from bot.service.database.tables import METADATA
from bot.store._tables import SCHEMA
from tests.support.service.databases import settings_of

RELEASED: Sequence[str] = ()
"""The revisions that a released version made."""
FIRST = "0001"
_ROOT = Path(__file__).resolve().parents[3]
_SCRIPTS = _ROOT / "bot" / "service" / "database" / "migrations" / "versions"
SNAPSHOTS = _ROOT / "tests" / "bot" / "service" / "database" / "fixtures"

_HEAD = '''"""{title}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
    """Change the tables."""
    for change in ({changes},):
        change()
{more}

{functions}
'''
_TITLE = "The tables of the first release, and the history's where no `debtscan run` made them before."
_HISTORY = """    # The history keeps its own version, and may have been made by `debtscan run`.
    connection = op.get_bind()
    if not sa.inspect(connection).has_table(history.SCHEMA.name):
        history.METADATA.create_all(connection)
        connection.execute(sa.insert(history.SCHEMA).values(version=history.VERSION))
    for index in history.ENTRIES.indexes:
        index.create(connection, checkfirst=True)
"""
_MOMENT = """def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)
"""


def unreleased() -> Iterator[tuple[Path, str]]:
    """Yield the first script as long as it is not released, and the snapshots of all revisions that are not."""
    if FIRST not in RELEASED:
        script = _script(
            sa.create_engine("sqlite://"),
            title=_TITLE,
            imports="\nfrom bot.store import _tables as history\n",
            revision=FIRST,
            down=None,
            more=_HISTORY,
        )
        path = _SCRIPTS / f"v{FIRST}_first.py"
        yield path, script
        # What is dumped is what the script on the disk makes, which is written first.
        if not path.exists() or path.read_text(encoding="utf-8") != script:
            return
    for revision in revisions():
        if revision not in RELEASED:
            yield SNAPSHOTS / f"{revision}.sql", snapshot(revision)


def revisions() -> list[str]:
    """Return all revisions that have a script, oldest first."""
    return sorted(path.stem[1:5] for path in _SCRIPTS.glob("v[0-9]*.py"))


def snapshot(revision: str) -> str:
    """Return the tables of a revision as SQL, with a row in each. The engine's are its library's own affair."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.sqlite3"
        engine = sa.create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            upgrade(connection, revision)
            for table in tables_of(connection):
                connection.execute(sa.insert(table).values(sample(table)))
        engine.dispose()
        return dump(path)


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """Return the tables there that are debtscan's and to be filled."""
    there = sa.MetaData()
    there.reflect(connection, only=lambda name, _: name.startswith("debtscan_") and name not in (VERSIONS, SCHEMA.name))
    return there.sorted_tables


def sample(table: sa.Table) -> dict[str, object]:
    """Return a row for a table."""
    return {column.name: _value(column.type) for column in table.columns}


def _value(kind: sa.types.TypeEngine[Any]) -> object:
    samples: list[tuple[type[sa.types.TypeEngine[Any]], object]] = [
        (sa.DateTime, datetime(2026, 11, 27, 9, 30)),  # noqa: DTZ001 - SQLite keeps no zone
        (sa.Date, date(2026, 11, 27)),
        (sa.Boolean, True),
        (sa.Float, 1.5),
        (sa.Numeric, 1.5),
        (sa.Integer, 7),
        (sa.LargeBinary, b"\0content"),
        (sa.String, "ü1"),
    ]
    return next(value for type_, value in samples if isinstance(kind, type_))


def dump(path: Path) -> str:
    """Return the tables and rows of an SQLite file as SQL."""
    connection = sqlite3.connect(path)
    try:
        return "\n".join((*connection.iterdump(), ""))
    finally:
        connection.close()


def _script(engine: sa.Engine, *, title: str, imports: str, revision: str, down: str | None, more: str) -> str:
    known = set(METADATA.tables)
    options = {
        "target_metadata": METADATA,
        "compare_type": True,
        "include_name": lambda name, kind, _parents: kind != "table" or name in known,
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        changes = produce_migrations(context, METADATA).upgrade_ops
    assert changes is not None
    tables = _by_table(changes.ops)
    if not tables:
        return "# The migrations make what the tables have: there is nothing to write.\n"
    functions = [_function(table, operations) for table, operations in tables.items()]
    if any("_moment()" in function for function in functions):
        functions.insert(0, _MOMENT)
    return _formatted(
        _HEAD.format(
            title=title,
            imports=imports,
            revision=revision,
            down=repr(down),
            changes=", ".join(_name(table) for table in tables),
            more=more,
            functions="\n\n".join(functions),
        )
    )


def _by_table(operations: Sequence[MigrateOperation]) -> dict[str, list[MigrateOperation]]:
    found: dict[str, list[MigrateOperation]] = {}
    for operation in operations:
        found.setdefault(str(getattr(operation, "table_name", "other")), []).append(operation)
    return found


def _function(table: str, operations: Sequence[MigrateOperation]) -> str:
    inner = [one for each in operations for one in (each.ops if isinstance(each, ModifyTableOps) else (each,))]
    code = render_python_code(UpgradeOps(ops=inner))
    lines = [line for line in code.splitlines() if "###" not in line]
    body = re.sub(r"bot\.store\._tables\.Moment\([^)]*\)", "_moment()", "\n".join(lines))
    return f"def {_name(table)}() -> None:\n{body.rstrip()}\n"


def _name(table: str) -> str:
    return f"_{table.removeprefix('debtscan_')}"


def _formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(_SCRIPTS / "draft.py"), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=_ROOT).stdout


def main(folder: Path) -> None:
    """Print the draft of a script for what the tables have and the migrations lack."""
    settings = settings_of(folder)
    folder.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(settings.database_url)
    migrate(engine)
    last = revisions()[-1]
    sys.stdout.write(_script(engine, title="TELL WHY.", imports="", revision=f"{int(last) + 1:04}", down=last, more=""))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(Path(place))
