"""When something is due: each repository's place in the week, and how long what failed is put off. Pure."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(2001, 1, 1, tzinfo=UTC)
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(minutes=30)
_GIVEN_UP: Final = timedelta(days=1)
_JITTER: Final = timedelta(minutes=2)
_MOST_DOUBLED: Final = 10


def next_slot(repository: int, days: int, after: datetime) -> datetime:
    """Return the next time at which a repository is swept, later than ``after``: the same second of every period."""
    period = timedelta(days=days)
    offset = period * _share(f"slot {repository}")
    rounds = (after - _EPOCH - offset) // period + 1
    return _EPOCH + offset + rounds * period


def most_at_once(repositories: int, days: int) -> int:
    """Return how many repositories of an installation an hourly sweep takes: what is due, and some of a backlog."""
    an_hour = repositories / (days * 24)
    return max(10, round(4 * an_hour))


def put_off(now: datetime, until: datetime | None, attempt: int, name: str) -> datetime:
    """Return when to try again: when the limit is over, else after 1, 2, 4, … 30 minutes.

    What waits for the same thing does not come back at the same second: ``name`` says when.
    """
    wait = min(_FIRST_WAIT * 2 ** min(attempt, _MOST_DOUBLED), _LONGEST_WAIT)
    spread = _JITTER if until else wait / 2
    return (max(until, now) if until else now + wait) + spread * _share(f"wait {name}")


def is_given_up(requested_at: datetime, now: datetime) -> bool:
    """Whether something was put off for so long that it is told as failed."""
    return now - requested_at >= _GIVEN_UP


def _share(name: str) -> float:
    """Return a number from 0 to 1, the same for a name for ever."""
    digest = hashlib.sha256(f"debtscan {name}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48
