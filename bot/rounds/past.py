"""A scan among the earlier ones of its repository."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analyzers.model.facts import Facts
from analyzers.scan import ScanResult
from bot.change import Change, last_before
from bot.scorecard import Report
from bot.store.entries import entry_of
from bot.store.model import Entry, Past

Since = Callable[[Entry, Callable[[Entry], Facts | None]], Change]
"""(an entry, what gives its Facts) → the change since it."""


def compared(report: Report, result: ScanResult, past: Past, since: Since | None) -> Report:
    """Return the report of a scan with the entries up to its day and, by ``since``, the change since the last of them.

    Raises what ``past`` and ``since`` raise.
    """
    entries = tuple(entry for entry in past.entries() if entry.as_of <= report.as_of)
    last = last_before(entries, entry_of(report, result).id) if since else None
    change = since(last, past.facts) if since and last else None
    return replace(report, history=entries, change=change)
