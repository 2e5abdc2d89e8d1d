"""The database in one SQLite file: copied by SQLite's own backup while others write, put back by a rename."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.service.backup.errors import BackupError, DamagedBackupError, ServiceLivesError

_BUSY_SECONDS: Final = 30
_ENDS: Final = ("-wal", "-shm", "-journal")


def copy(source: Path, target: Path, without: tuple[str, ...]) -> None:
    """Write what is committed now to ``target`` as one file, without the rows of some tables. Raises BackupError."""
    try:
        with closing(_opened(source, "ro")) as origin, closing(_opened(target, "rwc")) as made:
            # All pages in one step, in one transaction: whoever writes meanwhile is not waited for, and not seen.
            origin.backup(made, pages=-1)
            made.execute("PRAGMA journal_mode = DELETE")
            made.execute("PRAGMA secure_delete = ON")
            _empty(made, without)
            made.execute("VACUUM")
            _check(made, source)
    except sqlite3.Error as error:
        raise BackupError(f"{source}: cannot be copied ({error})") from error


def check(file: Path, source: Path) -> None:
    """Raise DamagedBackupError, of the backup that it came from, where the file is no sound database."""
    try:
        with closing(_opened(file, "rw")) as connection:
            _check(connection, source)
    except sqlite3.Error as error:
        raise DamagedBackupError(f"{source}: holds no database ({error})") from error


def put(file: Path, place: Path) -> None:
    """Let ``file`` be the database at ``place``, in one step. Raises ServiceLivesError where that one is in use."""
    if place.exists():
        settle(place)
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
    file.replace(place)


def settle(place: Path) -> None:
    """Write the log beside a database into it: else the next one at this place would be taken for its owner.

    Raises ServiceLivesError where somebody uses the database.
    """
    try:
        with closing(_opened(place, "rw", seconds=2)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise ServiceLivesError(f"{place}: is in use; stop debtscan before you restore") from error
        # What is no database any more has no log to keep.
        mode = "delete"
    if mode != "delete":
        raise ServiceLivesError(f"{place}: is in use; stop debtscan before you restore")
    for path in beside(place):
        path.unlink(missing_ok=True)


def beside(place: Path) -> tuple[Path, ...]:
    """Return what SQLite itself may write beside a database."""
    return tuple(place.with_name(place.name + end) for end in _ENDS)


def _opened(path: Path, mode: str, *, seconds: int = _BUSY_SECONDS) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=seconds)


def _empty(connection: sqlite3.Connection, tables: tuple[str, ...]) -> None:
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    with connection:
        for table in found.intersection(tables):
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own tables


def _check(connection: sqlite3.Connection, file: Path) -> None:
    told = [line for (line,) in connection.execute("PRAGMA quick_check(3)")]
    if told != ["ok"]:
        raise DamagedBackupError(f"{file}: the database is damaged ({'; '.join(told)}); restore an earlier backup")
