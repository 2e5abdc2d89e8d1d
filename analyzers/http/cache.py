"""What hosts answered, kept on disk with validators. Best effort: without it everything works, only slower."""

from __future__ import annotations

import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from analyzers.http.bodies import unpacked
from analyzers.model.exchange import Response

_FILE = "answers.sqlite3"
_SCHEMA_VERSION = 1
_SCHEMA = """
create table answers (
    key blob primary key, status integer not null, headers blob not null, body blob not null,
    size integer not null, checked real not null, used real not null
);
create index answers_used on answers (used);
"""
_DAY = 24 * 60 * 60
# After this many written bytes the bounds are enforced in the middle of a run as well.
_TRIM_EVERY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored answer. `checked` is when the host last confirmed it (seconds since the epoch)."""

    status: int
    headers: Mapping[str, str]
    packed: bytes
    size: int
    checked: float

    def response(self) -> Response:
        """Return it as a response."""
        return unpacked(self.status, self.headers, self.packed, self.size)


@dataclass(frozen=True, slots=True)
class CacheSummary:
    """What lies in the cache: `entries`, `size` on disk in bytes, `oldest` (seconds since the epoch)."""

    path: Path
    entries: int
    size: int
    oldest: float | None
    problem: str = ""


class Cache:
    """One SQLite file in ``folder``, shared by threads and processes.

    ``max_age`` (seconds) and ``max_size`` (bytes of bodies) bound it; the least recently used go first.
    ``messages`` collects, once, why it could not be used.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_age: float = 30 * _DAY,
        max_size: int = 500 * 1024 * 1024,
        clock: Callable[[], float] = time.time,
        patience: float = 2.0,
    ) -> None:
        self.path = folder / _FILE
        self.messages: list[str] = []
        self._max_age = max_age
        self._max_size = max_size
        self._clock = clock
        self._patience = patience
        self._lock = threading.Lock()
        self._used: dict[bytes, float] = {}
        self._written = 0
        self._database: sqlite3.Connection | None = None
        with self._guarded():
            self._database = _open(self.path, patience)

    def find(self, key: bytes) -> Stored | None:
        """Return what is stored under ``key``, however old."""
        found: Stored | None = None
        with self._guarded() as database:
            if database is not None:
                found = _row(database, key)
                if found is not None:
                    self._used[key] = self._clock()
        return found

    def store(self, key: bytes, stored: Stored) -> None:
        """Put an answer in, in place of an older one."""
        if len(stored.packed) > self._max_size // 4:
            return
        with self._guarded() as database:
            if database is None:
                return
            headers = msgspec.json.encode(dict(stored.headers))
            row = (key, stored.status, headers, stored.packed, stored.size, stored.checked, stored.checked)
            database.execute("insert or replace into answers values (?, ?, ?, ?, ?, ?, ?)", row)
            self._written += len(stored.packed)
            if self._written > _TRIM_EVERY:
                self._trim(database)

    def confirm(self, key: bytes) -> None:
        """Note that the host says the stored answer still holds."""
        with self._guarded() as database:
            if database is not None:
                database.execute("update answers set checked = ? where key = ?", (self._clock(), key))

    def close(self) -> None:
        """Enforce the bounds and close the file."""
        with self._guarded() as database:
            if database is not None:
                self._trim(database)
        if self._database is not None:
            self._database.close()
            self._database = None

    def _trim(self, database: sqlite3.Connection) -> None:
        self._written = 0
        database.executemany(
            "update answers set used = ? where key = ?", [(used, key) for key, used in self._used.items()]
        )
        self._used.clear()
        database.execute("delete from answers where checked < ?", (self._clock() - self._max_age,))
        (total,) = database.execute("select coalesce(sum(length(body)), 0) from answers").fetchone()
        if total > self._max_size:
            _forget(database, total - self._max_size * 9 // 10)
        database.execute("pragma incremental_vacuum")

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection | None]:
        """Give the database to one thread at a time; on the first error go on without it, and say so."""
        with self._lock:
            try:
                yield self._database
            except (sqlite3.Error, OSError, ValueError, zlib.error) as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
        self._database = None
        self.messages.append(f"the cache {self.path} is not used: {error} (debtscan cache clear removes it)")


def _open(path: Path, patience: float) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # One connection for all threads, behind a lock; every statement is a transaction of its own.
    database = sqlite3.connect(path, timeout=patience, check_same_thread=False, isolation_level=None)
    try:
        database.execute("pragma auto_vacuum = incremental")
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
        _make_schema(database)
    except sqlite3.Error:
        database.close()
        raise
    with suppress(OSError):
        path.chmod(0o600)
    return database


def _make_schema(database: sqlite3.Connection) -> None:
    """Make the table, unless another process has. An older schema is dropped: it is only a cache."""
    if database.execute("pragma user_version").fetchone()[0] == _SCHEMA_VERSION:
        return
    database.execute("begin immediate")
    if database.execute("pragma user_version").fetchone()[0] != _SCHEMA_VERSION:
        database.execute("drop table if exists answers")
        for statement in filter(str.strip, _SCHEMA.split(";")):
            database.execute(statement)
        database.execute(f"pragma user_version = {_SCHEMA_VERSION}")
    database.execute("commit")


def _row(database: sqlite3.Connection, key: bytes) -> Stored | None:
    row = database.execute("select status, headers, body, size, checked from answers where key = ?", (key,)).fetchone()
    if row is None:
        return None
    return Stored(row[0], msgspec.json.decode(row[1], type=dict[str, str]), row[2], row[3], row[4])


def _forget(database: sqlite3.Connection, excess: int) -> None:
    """Delete the least recently used answers until ``excess`` bytes are gone."""
    doomed: list[tuple[bytes]] = []
    for key, length in database.execute("select key, length(body) from answers order by used, key"):
        if excess <= 0:
            break
        doomed.append((key,))
        excess -= length
    database.executemany("delete from answers where key = ?", doomed)


def summary(folder: Path) -> CacheSummary:
    """Say what lies in the cache of ``folder``; ``problem`` where it cannot be read."""
    path = folder / _FILE
    if not path.exists():
        return CacheSummary(path, 0, 0, None)
    size = sum(file.stat().st_size for file in _files(path))
    try:
        with closing(sqlite3.connect(path, timeout=2.0)) as database:
            entries, oldest = database.execute("select count(*), min(checked) from answers").fetchone()
    except sqlite3.Error as error:
        return CacheSummary(path, 0, size, None, str(error))
    return CacheSummary(path, entries, size, oldest)


def clear(folder: Path) -> int:
    """Remove everything from the cache of ``folder``; return the bytes freed. A process that uses it goes on."""
    path = folder / _FILE
    freed = sum(file.stat().st_size for file in _files(path))
    for file in _files(path):
        file.unlink(missing_ok=True)
    return freed


def _files(path: Path) -> list[Path]:
    return [file for file in (path, path.with_name(f"{_FILE}-wal"), path.with_name(f"{_FILE}-shm")) if file.exists()]
