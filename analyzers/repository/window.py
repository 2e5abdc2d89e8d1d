"""The dates that count, and what is counted within them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta

from analyzers.repository.days import months_before

RECENT_DAYS = 30


@dataclass(frozen=True)
class Window:
    """The dates that count: `first` to `last`, both included, in months that end on `last`'s day of the month."""

    first: date
    last: date
    ends: tuple[date, ...]

    @classmethod
    def before(cls, as_of: date, months: int) -> Window:
        """Return the window of so many months up to ``as_of``."""
        ends = tuple(months_before(as_of, count) for count in range(months - 1, -1, -1))
        return cls(months_before(as_of, months) + timedelta(days=1), as_of, ends)

    @classmethod
    def since(cls, first: date, as_of: date) -> Window:
        """Return the window from ``first``, which is not later, to ``as_of``; its oldest month may be part of one."""
        months = max(1, (as_of.year - first.year) * 12 + as_of.month - first.month)
        months += months_before(as_of, months) >= first
        return cls(first, as_of, cls.before(as_of, months).ends)

    def month(self, day: date) -> int:
        """Return the index of the month that ``day`` lies in."""
        return bisect_left(self.ends, day)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_recent(self, day: date) -> bool:
        """Whether ``day`` lies within the last 30 days."""
        return (self.last - day).days < RECENT_DAYS


@dataclass(slots=True)
class Tally:
    """What is counted of one file, or of one function."""

    months: list[int]
    authors: set[int] = field(default_factory=set)
    last_changed: date = date.min
    recent: int = 0
    fixes: int = 0
    recent_fixes: int = 0

    def add(self, day: date, author: int, window: Window, *, is_fix: bool) -> None:
        """Count one commit."""
        is_recent = window.is_recent(day)
        self.months[window.month(day)] += 1
        self.authors.add(author)
        self.last_changed = max(self.last_changed, day)
        self.recent += is_recent
        self.fixes += is_fix
        self.recent_fixes += is_fix and is_recent
