"""Databases as each revision made them come to the present one, with what was in them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.service.database import tables
from bot.service.database.migrate import migrate, needed, upgrade
from bot.store import _tables as history
from tests.support.service import migrations
from tests.support.service.databases import Postgreses, opened, settings_of

REVISIONS = sorted(path.stem for path in migrations.SNAPSHOTS.glob("*.sql"))


def test_every_revision_has_its_snapshot() -> None:
    assert migrations.revisions() == REVISIONS
    assert set(migrations.RELEASED) <= set(REVISIONS)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_script_makes_what_it_always_made(revision: str) -> None:
    assert migrations.snapshot(revision) == (migrations.SNAPSHOTS / f"{revision}.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_sqlite_file_of_a_revision_comes_to_the_present_one(revision: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    connection = sqlite3.connect(str(sa.make_url(settings.database_url).database))
    connection.executescript((migrations.SNAPSHOTS / f"{revision}.sql").read_text(encoding="utf-8"))
    connection.close()
    with opened(settings) as engine:
        _comes_to_the_present(engine)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_postgresql_database_of_a_revision_comes_to_the_present_one(
    revision: str, postgreses: Postgreses, tmp_path: Path
) -> None:
    with opened(postgreses.empty(tmp_path)) as engine:
        with engine.begin() as connection:
            upgrade(connection, revision)
            for table in migrations.tables_of(connection):
                connection.execute(sa.insert(table).values(migrations.sample(table)))
        _comes_to_the_present(engine)


def _comes_to_the_present(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        before = _rows(connection)
    assert before
    assert all(len(rows) == 1 for rows in before.values())
    migrate(engine)
    assert needed(engine) is None
    with engine.connect() as connection:
        # A table or column that is gone was let go of on purpose; what is still there holds what it held.
        assert {name: rows for name, rows in _rows(connection).items() if name in before} == before
        for table in (*tables.METADATA.sorted_tables, *history.METADATA.sorted_tables):
            # As the code of today reads them.
            connection.execute(sa.select(table)).all()


def _rows(connection: sa.Connection) -> dict[str, list[tuple[object, ...]]]:
    known = {table.name: table for table in migrations.tables_of(connection)}
    return {name: [tuple(row) for row in connection.execute(sa.select(table))] for name, table in known.items()}
