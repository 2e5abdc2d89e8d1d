from __future__ import annotations

import re
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from analyzers.errors import UsageError
from bot.service.database.opening import open_engine, shown, writing
from bot.service.database.tables import MARKS
from bot.service.services import wall_clock
from tests.support.service.databases import opened, settings_of


def _pragma(engine: sa.Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_an_sqlite_file_is_made_with_its_folder_and_survives_power_cuts(tmp_path: Path) -> None:
    with opened(settings_of(tmp_path / "a" / "b")) as engine:
        assert _pragma(engine, "journal_mode") == "wal"
        assert _pragma(engine, "synchronous") == 2
        assert _pragma(engine, "foreign_keys") == 1
        assert _pragma(engine, "busy_timeout") == 30_000
    assert (tmp_path / "a" / "b" / "debtscan.sqlite3").exists()


def test_a_file_that_another_process_is_making_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's way of writing is changed by whoever is first, for which SQLite lets nobody wait by itself."""
    settings = settings_of(tmp_path)
    other = sqlite3.connect(tmp_path / "debtscan.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        other.rollback()

    monkeypatch.setattr("bot.service.database.opening.time.sleep", wait)
    with opened(settings) as engine:
        assert _pragma(engine, "journal_mode") == "wal"
    other.close()
    assert waits == [0.05]


def test_the_password_is_never_shown(tmp_path: Path) -> None:
    with opened(settings_of(tmp_path, "postgresql://debtscan@db.example.org/x?password=s3cret")) as engine:
        assert engine.url.password == "s3cret"
        assert shown(engine) == "postgresql+psycopg://debtscan:***@db.example.org/x"
        assert "s3cret" not in repr(engine)


@pytest.mark.parametrize("address", ["mysql://user:s3cret@127.0.0.1/x", "s3cret", "postgresql://u:s3cret@db:port/x"])
def test_another_address_is_refused_without_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match=r"DEBTSCAN_DATABASE is .*postgresql://") as caught:
        open_engine(settings_of(tmp_path, address))
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:se@cr#et/pw@127.0.0.1:1/x",
        "postgresql://u:se@cr?et=pw@127.0.0.1:1/x",
        "postgres://u/se:cr@127.0.0.1/x",
        "postgresql://127.0.0.1?password=se@cr",
    ],
)
def test_a_password_that_would_be_taken_for_a_host_is_to_be_encoded(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match=r"DEBTSCAN_DATABASE is .*; write %40 for @") as caught:
        open_engine(settings_of(tmp_path, address))
    assert not {"se", "cr", "pw"} & set(re.findall(r"\w+", str(caught.value)))


@pytest.mark.parametrize(
    ("address", "password", "host"),
    [
        ("postgresql://u:s%40c%2Fr@db.example.org/x", "s@c/r", "db.example.org"),
        ("postgresql://u:s/c#r@db.example.org/x", "s/c#r", "db.example.org"),
        ("postgresql://u:s3cret@/x?host=/run/postgresql", "s3cret", None),
        ("postgresql://u@[::1]:5432/x?password=a%40b", "a@b", "::1"),
    ],
)
def test_an_address_that_is_read_in_one_way_alone_is_taken(
    tmp_path: Path, address: str, password: str, host: str | None
) -> None:
    with opened(settings_of(tmp_path, address)) as engine:
        assert (engine.url.password, engine.url.host, engine.url.database) == (password, host, "x")


def test_readers_see_what_was_committed_and_nothing_else(engine: sa.Engine) -> None:
    with writing(engine) as writer:
        writer.execute(sa.insert(MARKS).values(name="deliveries", at=wall_clock()))
        with engine.connect() as reader:
            assert reader.execute(sa.select(MARKS.c.name)).all() == []
    with engine.connect() as reader:
        assert reader.execute(sa.select(MARKS.c.name)).all() == [("deliveries",)]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_two_that_read_and_then_write_lose_nothing(engine: sa.Engine) -> None:
    """On SQLite; on PostgreSQL rows are locked, or written in one statement."""
    table = sa.table("numbers", sa.column("number"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE numbers (number INTEGER)")
        connection.execute(sa.insert(table).values(number=0))

    def count() -> None:
        for _ in range(25):
            with writing(engine) as connection:
                number = connection.execute(sa.select(table.c.number)).scalar_one()
                connection.execute(sa.update(table).values(number=number + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with engine.connect() as connection:
        assert connection.execute(sa.select(table.c.number)).scalar_one() == 100


def test_a_transaction_that_fails_leaves_nothing(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), writing(engine) as connection:
        connection.execute(sa.insert(MARKS), [{"name": name, "at": wall_clock()} for name in ("a", "b", "a")])
    with engine.connect() as connection:
        assert connection.execute(sa.select(MARKS.c.name)).all() == []
