"""What hosts answered, kept on disk with validators. Best effort: without it everything works, only slower."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from analyzers.http.stored import Stored, forget, open_database, read_row, total_size, transaction, whole_row

_FILE = "answers.sqlite3"
_DAY = 24 * 60 * 60
# After this many written bytes the bounds are enforced in the middle of a run as well.
_TRIM_EVERY = 64 * 1024 * 1024


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

    ``max_age`` (seconds) and ``max_size`` (bytes of bodies and readings) bound it; the least recently used go first.
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
            self._database = open_database(self.path, patience)

    def find(self, key: bytes, reading: bytes = b"") -> Stored | None:
        """Return what is stored under ``key``, however old; what was kept as ``reading`` stands in for its body."""
        found: Stored | None = None
        with self._guarded() as database:
            if database is not None:
                row = read_row(database, key, reading) if reading else None
                row = row or whole_row(database, key)
                if row is not None:
                    found, used = row
                    self._note_use(key, used)
        return found

    def store(self, key: bytes, stored: Stored) -> bytes | None:
        """Put an answer in, in place of an older one and all that was read in it; return its mark if it is kept."""
        if len(stored.packed) > self._max_size // 4:
            return None
        mark: bytes | None = None
        with self._guarded() as database:
            if database is None:
                return None
            made, headers = os.urandom(8), msgspec.json.encode(dict(stored.headers))
            length = len(stored.packed)
            row = (key, made, stored.status, headers, stored.size, length, stored.checked, stored.checked)
            with transaction(database):
                database.execute("delete from readings where key = ?", (key,))
                database.execute("insert or replace into answers values (?, ?, ?, ?, ?, ?, ?, ?)", row)
                database.execute("insert or replace into bodies values (?, ?)", (key, stored.packed))
            mark = made
            self._count(database, length)
        return mark

    def keep(self, key: bytes, mark: bytes, reading: bytes, value: bytes) -> None:
        """Keep what was read in the answer that has this mark, unless another has taken its place meanwhile."""
        with self._guarded() as database:
            if database is not None:
                database.execute(
                    "insert or replace into readings select key, ?, ? from answers where key = ? and mark = ?",
                    (reading, value, key, mark),
                )
                self._count(database, len(value))

    def confirm(self, key: bytes) -> None:
        """Note that the host says the stored answer still holds."""
        with self._guarded() as database:
            if database is not None:
                database.execute("update answers set checked = ? where key = ?", (self._clock(), key))

    def close(self) -> None:
        """Enforce the bounds and close the file."""
        with self._guarded() as database:
            if database is not None and (self._written or self._used):
                self._trim(database)
        if self._database is not None:
            self._database.close()
            self._database = None

    def _note_use(self, key: bytes, used: float) -> None:
        """Remember the use of an answer, to the hundredth of an age: noting each would make every reader write."""
        now = self._clock()
        if now - used >= self._max_age / 100:
            self._used[key] = now

    def _count(self, database: sqlite3.Connection, written: int) -> None:
        self._written += written
        if self._written > _TRIM_EVERY:
            self._trim(database)

    def _trim(self, database: sqlite3.Connection) -> None:
        self._written = 0
        database.executemany(
            "update answers set used = ? where key = ?", [(used, key) for key, used in self._used.items()]
        )
        self._used.clear()
        database.execute("delete from answers where checked < ?", (self._clock() - self._max_age,))
        total = total_size(database)
        if total > self._max_size:
            forget(database, total - self._max_size * 9 // 10)
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
