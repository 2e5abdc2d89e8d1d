"""The service's database: one SQLite file, or PostgreSQL for many processes. Statements are the same on both."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from analyzers.errors import UsageError
from analyzers.syntax.credentials import masked
from bot.service.database.errors import UnreachableDatabaseError
from bot.service.settings import DATABASE, Settings
from bot.store.address import ENCODE, is_ambiguous

_BUSY_SECONDS: Final = 30
_PAUSE: Final = 0.05
_WRITER: Final = threading.Lock()
# A server that is gone without a word is noticed well within a lease's life.
_POSTGRESQL: Final = {
    "application_name": "debtscan",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    # Whoever is paused in the middle of a transaction does not hold its locks for longer.
    "options": "-c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
}


def open_engine(settings: Settings) -> sa.Engine:
    """Return the database of these settings; PostgreSQL is not asked yet. Raises UsageError, without the password.

    The folder of an SQLite file is made. Statements see what others committed; on SQLite a transaction takes the
    writer's lock with its first change, and with `writing` before its first read.
    """
    url = _url(settings)
    if settings.is_embedded:
        settings.folder.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS})
        sa.event.listen(engine, "connect", _on_sqlite_connect)
        return engine
    # What a process needs: the jobs, the web's threads, and the engine's own, which look for work.
    size = 8 + 2 * settings.file.jobs
    return sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args=_POSTGRESQL,
    )


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Yield a transaction that reads and then writes what follows from it.

    On SQLite nobody else writes from its begin on. On PostgreSQL take locks of rows, or write in one statement.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    # Whom SQLite makes wait sleeps for up to 100 ms at a time; who waits here goes on at once.
    with _WRITER, engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


@contextmanager
def told(engine: sa.Engine) -> Iterator[None]:
    """Turn the driver's errors into UnreachableDatabaseError, for the places that first use the database."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise UnreachableDatabaseError(
            f"the database {shown(engine)} cannot be used ({masked(reason)}); look at it"
            + ("" if engine.dialect.name == "sqlite" else f" and at {DATABASE}")
        ) from error


def shown(engine: sa.Engine) -> str:
    """Return the database's address without its password."""
    # What stands behind the question mark may be a password as well.
    return engine.url.set(query={}).render_as_string(hide_password=True)


def _url(settings: Settings) -> sa.URL:
    try:
        url = sa.make_url(settings.database_url)
    except (ArgumentError, ValueError):
        # Neither the address nor the cause: both may hold a password.
        raise UsageError(f"{DATABASE} is no address that is known; write postgresql://…") from None
    if not settings.is_embedded and url.drivername != "postgresql+psycopg":
        raise UsageError(f"{DATABASE} is an address of {url.get_backend_name()}; the service needs postgresql://…")
    if is_ambiguous(settings.database):
        raise UsageError(f"{DATABASE} is no address that can be read in one way alone; {ENCODE}")
    password = url.query.get("password")
    # There it would be shown wherever the engine is.
    return url if password is None else url.set(password=str(password)).difference_update_query(["password"])


def _on_sqlite_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver's
    # The first change of a transaction takes the writer's lock, and waits for it: one that began as a reader could
    # not write once another has written. The engine's library asks for the same.
    connection.isolation_level = "IMMEDIATE"
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    _write_ahead(connection)
    # What was acknowledged to GitHub survives a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: Any) -> None:  # noqa: ANN401 - as above
    """Let readers and the writer be at once. It is the file's property; changing it waits for nobody by itself."""
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE)
        else:
            return
