"""What hosts answered, kept on disk with validators. Best effort: without it everything works, only slower."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from analyzers import cache_file
from analyzers.cache_file import DAY, MOST_BYTES, CacheFile, Summary, give_back, transaction
from analyzers.http.stored import SCHEMA, Stored, forget, read_row, total_size, whole_row

_FILE = "answers.sqlite3"
# After this many written bytes the bounds are enforced in the middle of a run as well.
_TRIM_EVERY = 64 * 1024 * 1024


class Cache:
    """One SQLite file in ``folder``, shared by threads and processes.

    ``max_age`` (seconds) and ``max_size`` (bytes of bodies and readings) bound it; the least recently used go first.
    ``messages`` collects, once, why it could not be used.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_age: float = 30 * DAY,
        max_size: int = MOST_BYTES,
        clock: Callable[[], float] = time.time,
        patience: float = 2.0,
    ) -> None:
        self._file = CacheFile(folder / _FILE, SCHEMA, patience)
        self.path = self._file.path
        self.messages = self._file.messages
        self._max_age = max_age
        self._max_size = max_size
        self._clock = clock
        self._used: dict[bytes, float] = {}
        self._written = 0

    def find(self, key: bytes, reading: bytes = b"") -> Stored | None:
        """Return what is stored under ``key``, however old; what was kept as ``reading`` stands in for its body."""
        found: Stored | None = None
        with self._file.guarded() as database:
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
        with self._file.guarded() as database:
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
        with self._file.guarded() as database:
            if database is not None:
                database.execute(
                    "insert or replace into readings select key, ?, ? from answers where key = ? and mark = ?",
                    (reading, value, key, mark),
                )
                self._count(database, len(value))

    def confirm(self, key: bytes) -> None:
        """Note that the host says the stored answer still holds."""
        with self._file.guarded() as database:
            if database is not None:
                database.execute("update answers set checked = ? where key = ?", (self._clock(), key))

    def close(self) -> None:
        """Enforce the bounds and close the file."""
        with self._file.guarded() as database:
            if database is not None and (self._written or self._used):
                self._trim(database)
        self._file.close()

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
        give_back(database)


def summary(folder: Path) -> Summary:
    """Say what lies in the cache of ``folder``; ``problem`` where it cannot be read."""
    return cache_file.summary(folder / _FILE, "select count(*), min(checked) from answers")


def clear(folder: Path) -> int:
    """Remove everything from the cache of ``folder``; return the bytes freed. A process that uses it goes on."""
    return cache_file.clear(folder / _FILE)
