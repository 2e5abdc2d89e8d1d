"""Where past scorecards are read from: a database that the environment names, the clone, or GitHub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analyzers.config import Config
from analyzers.errors import DebtscanError, UsageError
from bot.commands._progress import say
from bot.store.model import Entry

if TYPE_CHECKING:
    from bot.store.sql import Database

DATABASE = "DEBTSCAN_DATABASE"


@contextmanager
def database() -> Iterator[Database | None]:
    """Yield the database that ``DEBTSCAN_DATABASE`` names, None where it is not set. Raises UsageError."""
    address = os.environ.get(DATABASE, "")
    if not address:
        yield None
        return
    try:
        from bot.store.sql import open_database
    except ImportError as error:
        raise UsageError(
            f"{DATABASE} is set, and what it takes is not installed: pip install 'debtscan[database]'"
        ) from error
    with open_database(address) as opened:
        yield opened


def in_clone(folder: Path, name: str, config: Config) -> tuple[Entry, ...]:
    """Return the entries of a repository on this machine; none where there is no history. Raises HistoryError."""
    from bot.store.clone import ClonedHistory

    with database() as opened:
        if opened:
            return opened.store(name).entries()
    found = ClonedHistory.find(folder, config.history.branch)
    return found.entries() if found else ()


def for_report(folder: Path, name: str, config: Config, *, offline: bool) -> tuple[Entry, ...]:
    """Return the entries that a report shows. A history that cannot be read is told, and costs the report nothing else.

    Offline, a database elsewhere is not asked.
    """
    if not config.history.enabled or (offline and _is_elsewhere()):
        return ()
    try:
        return in_clone(folder, name, config)
    except DebtscanError as error:
        say(f"the report goes without a history: {error}")
        return ()


def _is_elsewhere() -> bool:
    address = os.environ.get(DATABASE, "")
    return bool(address) and not address.startswith("sqlite")
