"""A scan's result with all that a round goes on with: the report among the earlier ones, what ends, how to upgrade."""

from __future__ import annotations

from analyzers.read import worlds_of
from analyzers.scan import ScanResult
from bot.rounds.acting import Judged
from bot.rounds.repository import Opened
from bot.rounds.scanning import Scanner
from bot.rounds.standing import standing
from bot.store.model import Store
from bot.upgrade.due import Means
from bot.upgrade.locks.locker import Locker


def judged(opened: Opened, result: ScanResult, scanner: Scanner, store: Store | None, locker: Locker) -> Judged:
    """Compare a scan with the last one of ``store``. A history that cannot be read is told in ``posted``."""
    return standing(opened, result, scanner, store).judged(means_of(opened, scanner, locker))


def means_of(opened: Opened, scanner: Scanner, locker: Locker) -> Means:
    """Return what acting takes beside the scan."""
    now = scanner.clock.now
    return Means(
        worlds=worlds_of(opened.settings.config),
        locker=locker,
        look_up=scanner.look_up,
        ask=lambda questions: scanner.network.ask(questions, now.date()),
        now=now,
        kept=scanner.kept,
    )
