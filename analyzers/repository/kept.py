"""What runs worked out, kept on disk for the next. Best effort: without it everything works, only slower."""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from analyzers import cache_file
from analyzers.cache_file import DAY, MOST_BYTES, CacheFile, Schema, Summary, first_of, give_back, transaction

_FILE = "kept.sqlite3"
# The index alone tells what is to go and how much there is.
_SCHEMA = Schema(
    version=1,
    tables=("kept",),
    statements=(
        """create table kept (
            id integer primary key, kind text not null, key blob not null, value blob not null,
            size integer not null, checksum integer not null, used real not null, unique (kind, key)
        )""",
        "create index kept_used on kept (used, id, size)",
    ),
)
_AT_ONCE = 500
"""So many keys are asked for in one statement."""
# After this many written bytes the bounds are enforced in the middle of a run as well.
_TRIM_EVERY = 64 * 1024 * 1024


class KeptFile:
    """One SQLite file in ``folder``, shared by threads and processes; satisfies `analyzers.model.kept.Kept`.

    ``max_age`` (seconds since the last use) and ``max_size`` (bytes of values) bound it; the least recently used go
    first. ``messages`` collects, once, why it could not be used.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_age: float = 60 * DAY,
        max_size: int = MOST_BYTES,
        clock: Callable[[], float] = time.time,
        patience: float = 2.0,
    ) -> None:
        self._file = CacheFile(folder / _FILE, _SCHEMA, patience)
        self.path = self._file.path
        self.messages = self._file.messages
        self._max_age = max_age
        self._max_size = max_size
        self._clock = clock
        self._used: set[int] = set()
        self._written = 0

    def load(self, kind: str, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        """Return what is kept under those keys; one that is missing is left out."""
        found: dict[bytes, bytes] = {}
        with self._file.guarded() as database:
            if database is not None:
                now = self._clock()
                for key, value, number, used in _rows(database, kind, keys):
                    found[key] = value
                    # To the hundredth of an age: noting each use would make every reader write.
                    if now - used >= self._max_age / 100:
                        self._used.add(number)
        return found

    def save(self, kind: str, entries: Mapping[bytes, bytes]) -> None:
        """Keep all entries, or none of them where the process ends in the middle."""
        now = self._clock()
        rows = [
            (kind, key, value, len(value), _checksum(key, value), now)
            for key, value in entries.items()
            if len(value) <= self._max_size // 4
        ]
        with self._file.guarded() as database:
            if database is not None and rows:
                insert = (
                    "insert or replace into kept (kind, key, value, size, checksum, used) values (?, ?, ?, ?, ?, ?)"
                )
                with transaction(database):
                    database.executemany(insert, rows)
                self._written += sum(row[3] for row in rows)
                if self._written > _TRIM_EVERY:
                    self._trim(database)

    def drop(self, kind: str, keys: Collection[bytes]) -> None:
        """Forget those entries."""
        with self._file.guarded() as database:
            if database is not None and keys:
                with transaction(database):
                    database.executemany("delete from kept where kind = ? and key = ?", [(kind, key) for key in keys])

    def close(self) -> None:
        """Enforce the bounds and close the file."""
        with self._file.guarded() as database:
            if database is not None and (self._written or self._used):
                self._trim(database)
        self._file.close()

    def _trim(self, database: sqlite3.Connection) -> None:
        self._written = 0
        now = self._clock()
        with transaction(database):
            database.executemany("update kept set used = ? where id = ?", [(now, number) for number in self._used])
            self._used.clear()
            database.execute("delete from kept where used < ?", (now - self._max_age,))
            (total,) = database.execute("select coalesce(sum(size), 0) from kept").fetchone()
            if total > self._max_size:
                oldest = database.execute("select id, size from kept order by used, id")
                doomed = first_of(oldest, total - self._max_size * 9 // 10)
                database.executemany("delete from kept where id = ?", doomed)
        give_back(database)


def _rows(
    database: sqlite3.Connection, kind: str, keys: Collection[bytes]
) -> Iterator[tuple[bytes, bytes, int, float]]:
    """Yield key, value, number and last use. Raises ValueError where a value is not what was kept."""
    wanted = list(keys)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        question = f"select key, value, checksum, id, used from kept where kind = ? and key in ({marks})"  # noqa: S608
        for key, value, checksum, number, used in database.execute(question, (kind, *some)):
            if _checksum(key, value) != checksum:
                raise ValueError("a value in it is damaged")
            yield key, value, number, used


def _checksum(key: bytes, value: bytes) -> int:
    """SQLite notices damage of its own structure, and not of what it was given to keep."""
    return zlib.crc32(value, zlib.crc32(key))


def summary(folder: Path) -> Summary:
    """Say what is kept in ``folder`` (`oldest` is a last use); ``problem`` where it cannot be read."""
    return cache_file.summary(folder / _FILE, "select count(*), min(used) from kept")


def clear(folder: Path) -> int:
    """Remove all that is kept in ``folder``; return the bytes freed. A process that uses it goes on."""
    return cache_file.clear(folder / _FILE)
