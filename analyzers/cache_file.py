"""One SQLite file in the cache folder: for the user alone, shared by processes, and never needed.

Without it everything works, only slower: on its first error it is given up, and a sentence says so.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_Key = TypeVar("_Key", bytes, int)
DAY = 24 * 60 * 60
MOST_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Schema:
    """What a file holds: its `tables` and the `statements` that make them. Tables of another `version` are dropped."""

    version: int
    tables: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What lies in a file: `entries`, `size` on disk in bytes, `oldest` (seconds since the epoch)."""

    path: Path
    entries: int
    size: int
    oldest: float | None
    problem: str = ""


class CacheFile:
    """The file at ``path``, opened or made at once. ``patience`` is how long (seconds) a lock is waited for.

    ``messages`` collects, once, why it could not be used.
    """

    def __init__(self, path: Path, schema: Schema, patience: float) -> None:
        self.path = path
        self.messages: list[str] = []
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        with self.guarded():
            self._database = _open(path, schema, patience)

    @contextmanager
    def guarded(self) -> Iterator[sqlite3.Connection | None]:
        """Give the database to one thread at a time; on the first error go on without it, and say so."""
        with self._lock:
            try:
                yield self._database
            # A damaged file may hand out values of other types than were put in.
            except (sqlite3.Error, OSError, ValueError, TypeError, zlib.error) as error:
                self._give_up(error)

    def close(self) -> None:
        """Close the file; what comes afterwards finds and keeps nothing."""
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    def _give_up(self, error: Exception) -> None:
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
        self._database = None
        self.messages.append(f"the cache {self.path} is not used: {error} (debtscan cache clear removes it)")


def _open(path: Path, schema: Schema, patience: float) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Before SQLite makes files beside it: these take its permissions.
    with suppress(OSError):
        path.touch(mode=0o600)
        path.chmod(0o600)
    # One connection for all threads, behind a lock; every statement is a transaction of its own.
    database = sqlite3.connect(path, timeout=patience, check_same_thread=False, isolation_level=None)
    try:
        database.execute("pragma auto_vacuum = incremental")
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
        # Each checkpoint waits for the disk: one at the end does for most runs.
        database.execute("pragma wal_autocheckpoint = 16384")
        _make_schema(database, schema)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _make_schema(database: sqlite3.Connection, schema: Schema) -> None:
    """Make the tables, unless another process has. An older schema is dropped: it is only a cache."""
    if database.execute("pragma user_version").fetchone()[0] == schema.version:
        return
    with transaction(database):
        if database.execute("pragma user_version").fetchone()[0] != schema.version:
            for table in schema.tables:
                database.execute(f"drop table if exists {table}")
            for statement in schema.statements:
                database.execute(statement)
            database.execute(f"pragma user_version = {schema.version}")


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, whatever happens to this process."""
    database.execute("begin immediate")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("rollback")
        raise
    database.execute("commit")


def give_back(database: sqlite3.Connection) -> None:
    """Give the pages of what was deleted back to the disk."""
    # As a script: a statement without columns is stepped once by `execute`, which gives back one page.
    database.executescript("pragma incremental_vacuum")


def first_of(rows: Iterable[tuple[_Key, int]], excess: int) -> list[tuple[_Key]]:
    """Return so many of the first keys of ``(key, size)`` as make up ``excess`` bytes, each as a row."""
    doomed: list[tuple[_Key]] = []
    for key, length in rows:
        if excess <= 0:
            break
        doomed.append((key,))
        excess -= length
    return doomed


def summary(path: Path, question: str) -> Summary:
    """Say what lies in a file; ``question`` selects the number of entries and the oldest one's date.

    ``problem`` where it cannot be read.
    """
    if not path.exists():
        return Summary(path, 0, 0, None)
    size = sum(file.stat().st_size for file in _files(path))
    try:
        with closing(sqlite3.connect(path, timeout=2.0)) as database:
            entries, oldest = database.execute(question).fetchone()
    except sqlite3.Error as error:
        return Summary(path, 0, size, None, str(error))
    return Summary(path, entries, size, oldest)


def clear(path: Path) -> int:
    """Remove a file with all that it holds; return the bytes freed. A process that uses it goes on."""
    freed = sum(file.stat().st_size for file in _files(path))
    for file in _files(path):
        file.unlink(missing_ok=True)
    return freed


def _files(path: Path) -> list[Path]:
    beside = (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))
    return [file for file in beside if file.exists()]
