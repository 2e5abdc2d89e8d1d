"""Where past scorecards are read from: a database that the environment names, the clone, or GitHub."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analyzers.config import Config, History
from analyzers.errors import DebtscanError, UsageError
from analyzers.scan import ScanResult
from bot.commands import _network, _remote
from bot.commands._progress import say
from bot.github.host import Host
from bot.rounds.past import Since, compared
from bot.rounds.repository import Opened
from bot.scorecard import Report
from bot.store.branch import BranchStore
from bot.store.dry_run import DryRunStore
from bot.store.model import Entry, Past, Store

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


@contextmanager
def here(folder: Path, name: str, config: Config) -> Iterator[Past | None]:
    """Yield the past of a repository on this machine; None where there is none. Raises UsageError."""
    from bot.store.clone import ClonedHistory

    with database() as opened:
        yield opened.store(name) if opened else ClonedHistory.find(folder, config.history.branch)


def in_clone(folder: Path, name: str, config: Config) -> tuple[Entry, ...]:
    """Return the entries of a repository on this machine; none where there is no history. Raises HistoryError."""
    with here(folder, name, config) as past:
        return past.entries() if past else ()


@contextmanager
def hosted_store(
    host: Host, name: str, history: History, *, dry_run: Callable[[str], None] | None = None
) -> Iterator[Store | None]:
    """Yield where a round on GitHub keeps its entries; None where ``history`` is switched off.

    ``host`` is that of the round, which on a dry run writes nothing by itself. ``dry_run`` then gets a sentence a write
    to a database, of which the host knows nothing. Raises UsageError for an address that is none.
    """
    if not history.enabled:
        yield None
        return
    with database() as opened:
        if opened is None:
            yield BranchStore(host, history.branch)
        elif dry_run is None:
            yield opened.store(name)
        else:
            yield DryRunStore(opened.store(name), dry_run)


def with_past(
    report: Report, result: ScanResult, target: str, opened: Opened, since: Since | None, *, offline: bool
) -> Report:
    """Return the report on ``target``, of which ``opened`` is the folder or the copy, compared with what is at hand.

    A past that cannot be read is told, and costs the report nothing else. Offline, a database elsewhere is not asked.
    """
    config = opened.settings.config
    if not config.history.enabled or (offline and _is_elsewhere()):
        return report
    try:
        if _remote.is_name(target) and not os.environ.get(DATABASE):
            # A copy holds the default branch alone.
            _network.fetch(target, opened.folder, config.history.branch)
        with here(opened.folder, opened.snapshot.repository.name, config) as past:
            return compared(report, result, past, since) if past else report
    except DebtscanError as error:
        say(f"the report goes without a history: {error}")
        return report


def _is_elsewhere() -> bool:
    address = os.environ.get(DATABASE, "")
    return bool(address) and not address.startswith("sqlite")
