"""Which entries and which Facts are kept. Pure.

Of a week, a month or a quarter the first entry is kept, counted over all entries: it stays the first, so that pruning
often keeps the same as pruning once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Final

from analyzers.config import History
from bot.store.model import Entry

WORTH: Final = 10
"""So many entries and Facts have to go before a store is rewritten for it."""


# The newest one, and the one before it: a scan that is repeated finds its own entry and is compared with that again.
_NEWEST: Final = 2


def kept_entries(entries: Sequence[Entry], keep: History, today: date) -> tuple[Entry, ...]:
    """Return the entries that are kept, in the order given, which is oldest first."""
    kept = {entry.id for entry in _younger(entries, today, keep.all_days)}
    kept |= {entry.id for entry in _younger(_firsts(entries, _week), today, keep.weekly_days)}
    # The first of a quarter, whose Facts may be kept, is the first of a month.
    kept |= {entry.id for entry in (*_firsts(entries, _month), *entries[-_NEWEST:])}
    return tuple(entry for entry in entries if entry.id in kept)


def kept_facts(entries: Sequence[Entry], keep: History, today: date) -> frozenset[str]:
    """Return the digests of the Facts that are kept."""
    firsts = _younger(_firsts(entries, _quarter), today, keep.facts_days)
    return frozenset(entry.facts for entry in (*firsts, *entries[-_NEWEST:]))


def _younger(entries: Iterable[Entry], today: date, days: int) -> list[Entry]:
    return [entry for entry in entries if (today - entry.as_of).days <= days]


def _firsts(entries: Iterable[Entry], period: Callable[[date], Hashable]) -> list[Entry]:
    found: dict[Hashable, Entry] = {}
    for entry in entries:
        found.setdefault(period(entry.as_of), entry)
    return list(found.values())


def _week(day: date) -> Hashable:
    return day.isocalendar()[:2]


def _month(day: date) -> Hashable:
    return day.year, day.month


def _quarter(day: date) -> Hashable:
    return day.year, (day.month - 1) // 3
