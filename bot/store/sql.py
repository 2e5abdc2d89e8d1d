"""The history in SQLite or PostgreSQL, of any number of repositories. The only place that imports SQLAlchemy.

Tables are made on first use. What is written is written in one transaction, one writer a database (SQLite) or a
repository (PostgreSQL) at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Final, Self

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from analyzers.config import History
from analyzers.errors import UsageError
from analyzers.model.facts import Facts
from analyzers.syntax.credentials import masked
from analyzers.typed import from_json
from bot.store._tables import ENTRIES, FACTS, METADATA, SCHEMA, VERSION
from bot.store.address import ENCODE, is_ambiguous
from bot.store.errors import DamagedHistoryError, HistoryError, NewerHistoryError
from bot.store.files import pack_facts, unpack_facts
from bot.store.model import Entry
from bot.store.prune import kept_entries, kept_facts

_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_SECONDS: Final = 30
_WRITES: Final = "debtscan_writes"
# Any number; it keeps two first runs from both making the tables.
_MAKING_TABLES: Final = 4_711_001


class Database:
    """The connections to one database. Close it at the end, or use it as a context."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def store(self, repository: str) -> SqlStore:
        """Return the store of ``OWNER/REPO``; case does not matter, as on GitHub."""
        return SqlStore(self._engine, repository.lower(), self._now)


def open_database(address: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Database:
    """Open ``sqlite:///PATH`` or ``postgresql://…``; nothing is asked yet. Raises UsageError, without the password."""
    url = _url(address)
    timeout = "timeout" if url.get_backend_name() == "sqlite" else "connect_timeout"
    waits = {} if timeout in url.query else {timeout: _SECONDS}
    engine = sa.create_engine(url, connect_args=waits, hide_parameters=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _on_sqlite_connect)
        sa.event.listen(engine, "begin", _on_sqlite_begin)
    return Database(engine, now)


class SqlStore:
    """A `Store` of one repository. Methods raise HistoryError."""

    def __init__(self, engine: Engine, repository: str, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._repository = repository
        self._now = now

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, oldest first."""
        with self._reading() as connection:
            return self._entries(connection) if connection else ()

    def facts(self, entry: Entry) -> Facts | None:
        """Return the Facts of an entry, None where they are not kept any more."""
        wanted = sa.select(FACTS.c.content).where(FACTS.c.repository == self._repository, FACTS.c.digest == entry.facts)
        with self._reading() as connection:
            content = connection.execute(wanted).scalar_one_or_none() if connection else None
        where = f"{FACTS.name} {entry.facts} of {self._repository}"
        return None if content is None else unpack_facts(bytes(content), entry.facts, where)

    def append(self, entry: Entry, facts: Facts, files: Mapping[str, bytes] | None = None) -> bool:
        """Store an entry with its Facts; False where it is there already. ``files`` have no place here."""
        del files
        # Packing takes long, and other writers wait for as long as the transaction does.
        packed = pack_facts(facts, entry.facts)
        with self._writing() as connection:
            return self.append_within(connection, entry, packed)

    def append_within(self, connection: Connection, entry: Entry, packed: bytes) -> bool:
        """Store an entry in a transaction of the caller's, who made the tables and packed the Facts; see `append`."""
        row = {
            "id": entry.id,
            "as_of": entry.as_of,
            "recorded_at": self._now(),
            "entry": msgspec.json.encode(entry).decode(),
        }
        if not self._insert(connection, ENTRIES, row):
            return False
        self._insert(connection, FACTS, {"digest": entry.facts, "content": packed})
        return True

    def remove_within(self, connection: Connection) -> None:
        """Remove all entries and Facts of the repository, in a transaction of the caller's."""
        for table in (ENTRIES, FACTS):
            connection.execute(sa.delete(table).where(table.c.repository == self._repository))

    def prune(self, keep: History, today: date) -> int:
        """Remove what need not be kept; return how many entries and Facts went."""
        with self._writing() as connection:
            entries = self._entries(connection)
            stay = {entry.id for entry in kept_entries(entries, keep, today)}
            stored = sa.select(FACTS.c.digest).where(FACTS.c.repository == self._repository)
            gone = set(connection.execute(stored).scalars()) - kept_facts(entries, keep, today)
            self._delete(connection, ENTRIES, "id", {entry.id for entry in entries} - stay)
            self._delete(connection, FACTS, "digest", gone)
        return len(entries) - len(stay) + len(gone)

    def _entries(self, connection: Connection) -> tuple[Entry, ...]:
        columns = (ENTRIES.c.id, ENTRIES.c.entry)
        wanted = sa.select(*columns).where(ENTRIES.c.repository == self._repository)
        rows = connection.execute(wanted.order_by(ENTRIES.c.as_of, ENTRIES.c.sequence))
        return tuple(self._entry(name, text) for name, text in rows)

    def _entry(self, name: str, text: str) -> Entry:
        try:
            return from_json(text, Entry)
        except msgspec.DecodeError as error:
            raise DamagedHistoryError(
                f"{ENTRIES.name} {name} of {self._repository} is no entry ({error}); delete the row, or restore it"
            ) from error

    def _insert(self, connection: Connection, table: sa.Table, row: Mapping[str, Any]) -> bool:
        """Insert a row; False where one with the same key is there."""
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(table).values(repository=self._repository, **row).on_conflict_do_nothing()
        return connection.execute(statement.returning(table.c.repository)).first() is not None

    def _delete(self, connection: Connection, table: sa.Table, key: str, values: set[str]) -> None:
        for value in sorted(values):
            connection.execute(sa.delete(table).where(table.c.repository == self._repository, table.c[key] == value))

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """Yield a connection, None where no table was made yet."""
        with self._translated(), self._engine.begin() as connection:
            yield connection if self._is_made(connection) else None

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._translated():
            with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
                _lock(connection, _MAKING_TABLES)
                if not self._is_made(connection):
                    METADATA.create_all(connection)
                    connection.execute(sa.insert(SCHEMA).values(version=VERSION))
            with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
                _lock(connection, sa.func.hashtextextended(self._repository, 0))
                yield connection

    def _is_made(self, connection: Connection) -> bool:
        """Whether the tables are there. Raises NewerHistoryError where another version made them."""
        if not sa.inspect(connection).has_table(SCHEMA.name):
            return False
        version = connection.execute(sa.select(SCHEMA.c.version)).scalar_one()
        if version != VERSION:
            raise NewerHistoryError(
                f"another debtscan made the tables in {self._shown} (version {version}, this one knows {VERSION}); "
                "upgrade debtscan"
            )
        return True

    @property
    def _shown(self) -> str:
        # What stands behind the question mark may be a password as well.
        return self._engine.url.set(query={}).render_as_string(hide_password=True)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
            raise HistoryError(
                f"the database {self._shown} cannot be used ({masked(reason)}); look at DEBTSCAN_DATABASE and at it"
            ) from error


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        url = url.set(drivername=_DRIVERS[url.drivername.partition("+")[0]])
    except (ArgumentError, KeyError, ValueError):
        # Neither the address nor the cause: both may hold a password.
        raise UsageError(
            "DEBTSCAN_DATABASE is no address that is known; write sqlite:///PATH or postgresql://…"
        ) from None
    if url.get_backend_name() != "sqlite" and is_ambiguous(address):
        raise UsageError(f"DEBTSCAN_DATABASE is no address that can be read in one way alone; {ENCODE}")
    return url


def _lock(connection: Connection, key: object) -> None:
    """Let nobody else with the same key go on until the end of this transaction. SQLite has one writer anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _on_sqlite_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - a connection of the driver's
    # The driver begins transactions late, and not before every statement; `_on_sqlite_begin` does it instead.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")


def _on_sqlite_begin(connection: Connection) -> None:
    # A transaction that begins by reading could not write once another has written.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
