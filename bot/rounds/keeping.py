"""A round's scorecard among the earlier ones: the change since the last of them, and what is kept of this one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from analyzers.config import History
from analyzers.scan import ScanResult
from bot import badge
from bot.posts.posted import Posted
from bot.rounds.past import Since, compared
from bot.scorecard import Report
from bot.store.entries import entry_of
from bot.store.model import Store

_WHAT = "the history"


@dataclass(slots=True, kw_only=True)
class Keeping:
    """The `store` of a round, None where there is none. What cannot be read is told once, and not written to then."""

    store: Store | None
    posted: Posted
    _readable: bool = field(default=False, init=False)

    def compared(self, report: Report, result: ScanResult, since: Since) -> Report:
        """Return the report with its history, and with the change since the last scan."""
        store = self.store
        if store is None:
            return report
        found = report

        def read() -> str:
            nonlocal found
            found = compared(report, result, store, since)
            return ""

        self._readable = self.posted.attempt(_WHAT, read)
        return found

    def keep(self, report: Report, result: ScanResult, settings: History, today: date) -> None:
        """Store what is not stored yet, the badge beside it, and thin out what is old."""
        store = self.store
        if store is None or not self._readable:
            return
        entry = entry_of(report, result)
        badges = badge.files(report)

        def write() -> str:
            if not store.append(entry, result.facts, badges):
                return ""
            gone = store.prune(settings, today)
            thinned = f", and thinned out {gone:,} old entries and facts" if gone else ""
            return f"kept the scorecard of {entry.commit[:10]} as of {entry.as_of} in the history{thinned}"

        self.posted.attempt(_WHAT, write)
