from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.service.database import tables
from bot.service.database.errors import NewerDatabaseError, UnreachableDatabaseError
from bot.service.database.migrate import VERSIONS, migrate, needed
from bot.service.settings import Settings
from bot.store import _tables as history
from bot.store.sql import open_database
from tests.support.entries import entry_of, facts_of
from tests.support.service.databases import Kind, Postgreses, opened, settings_of

_VERSIONS = sa.table(VERSIONS, sa.column("version_num"))


@pytest.fixture
def unmade(request: pytest.FixtureRequest, kind: Kind, tmp_path: Path) -> Settings:
    if kind == "sqlite":
        return settings_of(tmp_path / "data")
    postgreses: Postgreses = request.getfixturevalue("postgreses")
    return postgreses.empty(tmp_path / "data")


@pytest.fixture
def empty(unmade: Settings) -> Iterator[sa.Engine]:
    with opened(unmade) as engine:
        yield engine


def _difference(engine: sa.Engine) -> list[object]:
    """Return what the tables lack of what the code says; DBOS's tables and Alembic's are their own affair."""
    known = {*tables.METADATA.tables, *history.METADATA.tables}
    options = {"include_name": lambda name, kind, _parents: kind != "table" or name in known, "compare_type": True}
    wanted = sa.MetaData()
    for table in (*tables.METADATA.tables.values(), *history.METADATA.tables.values()):
        table.to_metadata(wanted)
    with engine.connect() as connection:
        return [*compare_metadata(MigrationContext.configure(connection, opts=options), wanted)]


def test_migrations_make_the_tables_that_the_code_names(engine: sa.Engine) -> None:
    """Who changes bot/service/database/tables.py writes a migration; it was forgotten where this fails."""
    assert _difference(engine) == []


def test_a_database_without_tables_needs_them_and_then_nothing(empty: sa.Engine) -> None:
    assert "older than this debtscan" in str(needed(empty))
    migrate(empty)
    assert needed(empty) is None
    assert _difference(empty) == []


def test_looking_changes_nothing(unmade: Settings, empty: sa.Engine) -> None:
    needed(empty)
    assert not unmade.folder.exists() or list(unmade.folder.iterdir()) == []
    assert sa.inspect(empty).get_table_names() == []


def test_a_history_that_was_there_is_kept(unmade: Settings, empty: sa.Engine) -> None:
    day = date(2026, 11, 23)
    unmade.folder.mkdir(parents=True, exist_ok=True)
    with open_database(unmade.database_url.replace("+psycopg", "")) as database:
        database.store("acme/shop").append(entry_of(day), facts_of(day))
        migrate(empty)
        assert database.store("acme/shop").entries() == (entry_of(day),)


def test_a_newer_database_is_refused_in_words(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(_VERSIONS).values(version_num="9999"))
    with pytest.raises(NewerDatabaseError, match=r"a newer debtscan made the tables in .*; upgrade this one"):
        migrate(engine)
    assert "a newer debtscan" in str(needed(engine))
    assert "s3cret" not in str(needed(engine))


def test_two_that_migrate_at_once_do_it_once(unmade: Settings) -> None:
    failures: list[Exception] = []

    def run() -> None:
        try:
            with opened(unmade) as engine:
                migrate(engine)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with opened(unmade) as engine:
        assert needed(engine) is None
        with engine.connect() as connection:
            assert connection.execute(sa.select(_VERSIONS.c.version_num)).all() == [("0001",)]


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    with (
        opened(settings_of(tmp_path, "postgresql://debtscan:s3cret@127.0.0.1:1/x")) as engine,
        pytest.raises(UnreachableDatabaseError, match=r"127\.0\.0\.1:1/x cannot be used .*DEBTSCAN_DATABASE") as caught,
    ):
        migrate(engine)
    assert "s3cret" not in str(caught.value)
