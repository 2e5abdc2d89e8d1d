"""When pull requests may be opened: windows of local time. Pure; the zone's rules come from the tz database.

A window's times are those that a clock on the wall shows. Where clocks skip an hour, a window that would open inside
of it opens when they go on; where they repeat one, it opens at the first and closes at the second.
"""

from __future__ import annotations

import calendar
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from analyzers.errors import ConfigError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = frozenset(range(7))
_NAMED = {"daily": _WEEK, "weekdays": frozenset(range(5)), "weekends": frozenset({5, 6})}
# More than a month, so that the next one is always in sight.
_LOOK_AHEAD = 70


@dataclass(frozen=True, slots=True)
class Window:
    """Days of the week (0 is Monday), `start` and `end` of the day; `end` lies in the next day where it is not later.

    `first` limits them to the first such day of a month.
    """

    days: frozenset[int]
    start: time = time()
    end: time = time()
    first: bool = False

    def opens_on(self, day: date) -> bool:
        """Return whether it opens on that day."""
        return day.weekday() in self.days and (not self.first or day.day <= len(_DAYS))


def parse(text: str) -> Window:
    """Return a window as ``[upgrades] schedule`` has it; `analyzers.settings` has accepted the text.

    A single ``weekly`` is Monday, ``monthly`` the first Monday of a month.
    """
    head, _, tail = text.rpartition(" ")
    times = tail if ":" in tail else ""
    days = (head if times else text).strip()
    start, end = times.split("-") if times else ("00:00", "24:00")
    closes = time() if end == "24:00" else time.fromisoformat(end)
    period, _, on = days.partition(" on ")
    if period in {"weekly", "monthly"}:
        return Window(frozenset({_day(on or "mon")}), time.fromisoformat(start), closes, first=period == "monthly")
    return Window(_days(days), time.fromisoformat(start), closes)


def _days(text: str) -> frozenset[int]:
    if not text:
        return _WEEK
    if text in _NAMED:
        return _NAMED[text]
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = _day(first), _day(last or first)
        found.update(day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1))
    return frozenset(found)


def _day(text: str) -> int:
    return _DAYS.index(text[:3])


@dataclass(frozen=True, slots=True)
class Schedule:
    """Windows of one time zone. Without any, it is always open."""

    windows: tuple[Window, ...]
    zone: zoneinfo.ZoneInfo

    @classmethod
    def of(cls, windows: Sequence[str], time_zone: str) -> Schedule:
        """Read the configuration's texts. Raises ConfigError for a zone that nobody knows."""
        try:
            zone = zoneinfo.ZoneInfo(time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ConfigError(f"[upgrades] time-zone: there is no time zone '{time_zone}'") from error
        return cls(tuple(parse(text) for text in windows), zone)

    def is_open(self, now: datetime) -> bool:
        """Return whether a window holds that moment."""
        return not self.windows or any(opens <= now < closes for opens, closes in self._spans(now))

    def next_opening(self, now: datetime) -> datetime | None:
        """Return when the next window opens, in UTC; None where it is open, or where none will."""
        if self.is_open(now):
            return None
        return min((opens for opens, _ in self._spans(now) if opens > now), default=None)

    def _spans(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        today = now.astimezone(self.zone).date()
        for offset in range(-1, _LOOK_AHEAD):
            day = today + timedelta(days=offset)
            for window in self.windows:
                if window.opens_on(day):
                    over = window.end <= window.start
                    closes = day + timedelta(days=1) if over else day
                    yield self._moment(day, window.start, 0), self._moment(closes, window.end, 1)

    def _moment(self, day: date, at: time, fold: int) -> datetime:
        return datetime.combine(day, at, self.zone).replace(fold=fold).astimezone(UTC)

    def tell(self, moment: datetime) -> str:
        """Return a moment as people of that zone say it: ``Mon 30 Nov 06:00 (Europe/Berlin)``."""
        local = moment.astimezone(self.zone)
        day, month = calendar.day_abbr[local.weekday()], calendar.month_abbr[local.month]
        return f"{day} {local.day} {month} {local:%H:%M} ({self.zone.key})"
