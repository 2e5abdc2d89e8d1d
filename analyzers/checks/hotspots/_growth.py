"""Whether the complexity of a function grew or shrank clearly, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

LEAST_CHANGE = 3
LEAST_SHARE = 0.2
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def growth(months: Sequence[int | None], until: date) -> str:
    """Return in words how complexity changed; nothing where it did not change clearly.

    ``months`` are its values at the end of each month up to ``until``, oldest first. It changed clearly where it never
    turned back from some month on, and is now 3 and a fifth more, or less, than at that month's end.
    """
    start = max(_turn(months, 1), _turn(months, -1), key=lambda place: abs(_change(months, place)))
    before, now = months[start] if months else None, months[-1] if months else None
    if before is None or now is None or abs(now - before) < max(LEAST_CHANGE, LEAST_SHARE * before):
        return ""
    year, month = divmod(until.year * 12 + until.month - len(months) + start, 12)
    return f"{'grew' if now > before else 'shrank'} from {before} to {now} since {_MONTHS[month]} {year}"


def _turn(months: Sequence[int | None], sign: int) -> int:
    """Return the last month from which on values only rose (``sign`` 1) or only fell (-1), and changed."""
    place = found = len(months) - 1
    while place > 0:
        one, next_one = months[place - 1], months[place]
        if one is None or next_one is None or (next_one - one) * sign < 0:
            break
        place -= 1
        if one != next_one:
            found = place
    return found


def _change(months: Sequence[int | None], place: int) -> int:
    before, now = (months[place], months[-1]) if months else (None, None)
    return 0 if before is None or now is None else now - before
