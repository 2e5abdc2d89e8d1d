"""Days and months, as git and as people count them."""

from __future__ import annotations

import calendar
from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()
DAY_SECONDS = 86_400


def day_of(seconds: int) -> date:
    """Return the day, in UTC, of so many seconds since 1970; the last day of all for what no calendar holds."""
    ordinal = _EPOCH + seconds // DAY_SECONDS
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else date.max


def day_number(day: date) -> int:
    """Return how many days after the first of 1970 a day is."""
    return day.toordinal() - _EPOCH


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
