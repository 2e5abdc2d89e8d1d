"""A scan's result with all that a round goes on with: the report among the earlier ones, what ends, how to upgrade."""

from __future__ import annotations

from analyzers.read import worlds_of
from analyzers.scan import ScanResult
from bot.ahead import ends_ahead
from bot.assemble import build
from bot.posts import check_run
from bot.posts.posted import Posted
from bot.rounds.acting import Judged
from bot.rounds.keeping import Keeping
from bot.rounds.repository import Opened
from bot.rounds.scanning import Scanner
from bot.store.model import Store
from bot.upgrade.due import Means, Scanned
from bot.upgrade.locks.locker import Locker


def judged(opened: Opened, result: ScanResult, scanner: Scanner, store: Store | None, locker: Locker) -> Judged:
    """Compare a scan with the last one of ``store``. A history that cannot be read is told in ``posted``."""
    report = build(result, scanned_at=scanner.clock.now)
    posted = Posted(verdict=check_run.judged(report, opened.settings.config.gate, compares=False))
    keeping = Keeping(store=store, posted=posted)
    return Judged(
        scanned=Scanned(snapshot=opened.snapshot, settings=opened.settings, result=result),
        means=_means(opened, scanner, locker),
        ends=ends_ahead(result, report),
        report=keeping.compared(report, result, lambda last, facts: scanner.change(opened, result, last, facts)),
        keeping=keeping,
        posted=posted,
    )


def _means(opened: Opened, scanner: Scanner, locker: Locker) -> Means:
    now = scanner.clock.now
    return Means(
        worlds=worlds_of(opened.settings.config),
        locker=locker,
        look_up=scanner.look_up,
        ask=lambda questions: scanner.network.ask(questions, now.date()),
        now=now,
        kept=scanner.kept,
    )
