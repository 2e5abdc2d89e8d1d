from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from analyzers.errors import UsageError
from bot.store.errors import DamagedHistoryError, HistoryError, NewerHistoryError
from bot.store.sql import open_database
from tests.support.entries import entry_of, facts_of

DAY = date(2026, 11, 23)
ELSEWHERE = datetime(2026, 11, 23, 23, 30, tzinfo=timezone(timedelta(hours=-5)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


def _rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_reading_makes_no_tables(path: Path) -> None:
    with open_database(f"sqlite:///{path}") as database:
        assert database.store("acme/shop").entries() == ()
    assert _rows(path, "SELECT name FROM sqlite_master") == []


def test_repositories_are_kept_apart_and_case_does_not_matter(path: Path) -> None:
    with open_database(f"sqlite:///{path}") as database:
        database.store("acme/shop").append(entry_of(DAY), facts_of(DAY))
        assert database.store("acme/other").entries() == ()
        assert database.store("Acme/Shop").entries() == (entry_of(DAY),)
        assert database.store("acme/other").append(entry_of(DAY), facts_of(DAY))


def test_sqlite_writes_beside_readers(path: Path) -> None:
    with open_database(f"sqlite:///{path}") as database:
        database.store("acme/shop").append(entry_of(DAY), facts_of(DAY))
    assert _rows(path, "PRAGMA journal_mode") == [("wal",)]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_moments_are_stored_in_utc(request: pytest.FixtureRequest, path: Path, kind: str) -> None:
    address = f"sqlite:///{path}" if kind == "sqlite" else request.getfixturevalue("postgres")
    with open_database(address, now=lambda: ELSEWHERE) as database:
        database.store("acme/clock").append(entry_of(DAY), facts_of(DAY))
    engine = sa.create_engine(make_url(address).set(drivername="sqlite" if kind == "sqlite" else "postgresql+psycopg"))
    with engine.connect() as connection:
        table = sa.Table("debtscan_entries", sa.MetaData(), autoload_with=connection)
        (stored,) = connection.execute(
            sa.select(table.c.recorded_at).where(table.c.repository == "acme/clock")
        ).scalars()
    engine.dispose()
    wanted = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    assert stored == (wanted.replace(tzinfo=None) if kind == "sqlite" else wanted)


def test_a_moment_without_its_zone_is_refused(path: Path) -> None:
    naive = ELSEWHERE.replace(tzinfo=None)
    with (
        open_database(f"sqlite:///{path}", now=lambda: naive) as database,
        pytest.raises(HistoryError, match="without its zone"),
    ):
        database.store("acme/shop").append(entry_of(DAY), facts_of(DAY))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_writers_at_once_lose_nothing(request: pytest.FixtureRequest, path: Path, kind: str) -> None:
    address = f"sqlite:///{path}" if kind == "sqlite" else request.getfixturevalue("postgres")
    days = [DAY - timedelta(days=number // 2) for number in range(8)]
    said: list[bool] = []

    def write(day: date) -> None:
        # Each in a connection of its own, two with each entry; the first ones make the tables.
        with open_database(address) as database:
            said.append(database.store("acme/busy").append(entry_of(day), facts_of(day)))

    writers = [threading.Thread(target=write, args=(day,)) for day in days]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    with open_database(address) as database:
        assert [entry.as_of for entry in database.store("acme/busy").entries()] == sorted(set(days))
    assert sorted(said) == [False] * 4 + [True] * 4


def test_tables_of_another_version_are_left_alone(path: Path) -> None:
    with open_database(f"sqlite:///{path}") as database:
        database.store("acme/shop").append(entry_of(DAY), facts_of(DAY))
        _rows(path, "UPDATE debtscan_schema SET version = 2")
        with pytest.raises(NewerHistoryError, match=r"version 2, this one knows 1\); upgrade debtscan"):
            database.store("acme/shop").entries()
        with pytest.raises(NewerHistoryError):
            database.store("acme/shop").append(entry_of(DAY - timedelta(days=1)), facts_of(DAY - timedelta(days=1)))
    assert _rows(path, "SELECT count(*) FROM debtscan_entries") == [(1,)]


def test_a_damaged_row_is_named(path: Path) -> None:
    with open_database(f"sqlite:///{path}") as database:
        store = database.store("acme/shop")
        store.append(entry_of(DAY), facts_of(DAY))
        _rows(path, "UPDATE debtscan_entries SET entry = '{}'")
        with pytest.raises(DamagedHistoryError, match=rf"debtscan_entries {entry_of(DAY).id} of acme/shop is no entry"):
            store.entries()
        _rows(path, "UPDATE debtscan_facts SET content = x'00'")
        with pytest.raises(DamagedHistoryError, match=rf"debtscan_facts {entry_of(DAY).facts} of acme/shop"):
            store.facts(entry_of(DAY))


def test_a_file_that_is_no_database_is_left_as_it_is(path: Path) -> None:
    path.write_text("notes\n" * 1000)
    with open_database(f"sqlite:///{path}") as database, pytest.raises(HistoryError, match=r"history\.db cannot be"):
        database.store("acme/shop").append(entry_of(DAY), facts_of(DAY))
    assert path.read_text() == "notes\n" * 1000


def test_an_entry_is_stored_with_its_facts_or_not_at_all(path: Path) -> None:
    with open_database(f"sqlite:///{path}") as database:
        store = database.store("acme/shop")
        store.append(entry_of(DAY), facts_of(DAY))
        _rows(path, "DROP TABLE debtscan_facts")
        with pytest.raises(HistoryError, match="no such table"):
            store.append(entry_of(DAY - timedelta(days=1)), facts_of(DAY - timedelta(days=1)))
        assert store.entries() == (entry_of(DAY),)


@pytest.mark.parametrize("address", ["", "history.db", "mysql://ada:s3cret@db/x", "postgresql://ada:s3cret@db:port/x"])
def test_an_address_that_is_not_known_is_an_error_without_it(address: str) -> None:
    with pytest.raises(UsageError, match="DEBTSCAN_DATABASE is no address") as caught:
        open_database(address)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_password_that_would_be_taken_for_a_host_is_to_be_encoded(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="write %40 for @") as caught:
        open_database("postgresql://ada:hunter@two#three@127.0.0.1:1/shop")
    assert not any(part in str(caught.value) for part in ("hunter", "two", "three"))
    with open_database("postgresql://ada:hunter%40two@127.0.0.1:1/shop"):
        pass
    # There an @ is a letter of the path.
    with open_database(f"sqlite:///{tmp_path}/a@b@c.db") as database:
        assert database.store("acme/shop").entries() == ()


@pytest.mark.parametrize("name", ["password", "sslpassword"])
def test_a_password_behind_the_question_mark_is_not_shown(name: str) -> None:
    address = f"postgresql://127.0.0.1:1/shop?user=ada&{name}=s3cret"
    with open_database(address) as database, pytest.raises(HistoryError, match=r"127\.0\.0\.1:1/shop cannot") as caught:
        database.store("acme/shop").entries()
    assert "s3cret" not in str(caught.value)


def test_a_refused_password_is_told_and_not_shown(postgres: str) -> None:
    wrong = str(make_url(postgres).set(password="hunter2").render_as_string(hide_password=False))
    with (
        open_database(wrong) as database,
        pytest.raises(HistoryError, match="password authentication failed") as caught,
    ):
        database.store("acme/shop").entries()
    assert "hunter2" not in str(caught.value)
