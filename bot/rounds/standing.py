"""A scan's report among the earlier ones, and what ends: what is told of it, whoever acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analyzers.scan import ScanResult
from bot.ahead import ends_ahead
from bot.assemble import build
from bot.ends import End
from bot.posts.judged import judged
from bot.posts.posted import Posted
from bot.rounds.keeping import Keeping
from bot.rounds.repository import Opened
from bot.rounds.scanning import Scanner
from bot.scorecard import Report
from bot.store.model import Store

if TYPE_CHECKING:
    # Who only tells does without them, and they take long to load.
    from bot.rounds.acting import Judged
    from bot.upgrade.due import Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a repository stands: `report` tells what moved the score, `posted` why the history could not be read."""

    opened: Opened
    result: ScanResult
    report: Report
    ends: tuple[End, ...]
    keeping: Keeping
    posted: Posted

    def judged(self, means: Means) -> Judged:
        """Return the same with the means to act on it."""
        from bot.rounds.acting import Judged
        from bot.upgrade.due import Scanned

        return Judged(
            scanned=Scanned(snapshot=self.opened.snapshot, settings=self.opened.settings, result=self.result),
            means=means,
            ends=self.ends,
            report=self.report,
            keeping=self.keeping,
            posted=self.posted,
        )


def standing(opened: Opened, result: ScanResult, scanner: Scanner, store: Store | None) -> Standing:
    """Compare a scan with the last one of ``store``. A history that cannot be read is told in ``posted``."""
    report = build(result, scanned_at=scanner.clock.now)
    posted = Posted(verdict=judged(report, opened.settings.config.gate, compares=False))
    keeping = Keeping(store=store, posted=posted)
    return Standing(
        opened=opened,
        result=result,
        ends=ends_ahead(result, report),
        report=keeping.compared(report, result, lambda last, facts: scanner.change(opened, result, last, facts)),
        keeping=keeping,
        posted=posted,
    )
