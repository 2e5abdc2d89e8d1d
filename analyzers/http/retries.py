"""How long to wait for a host, and what it says about that itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import urllib3


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds and counts. `total` bounds one request with its retries, waits and body; `connect` and `read` a step.

    `longest_wait` is the longest that a host's own wish (Retry-After) is followed; a longer one ends the request.
    """

    connect: float = 8.0
    read: float = 20.0
    total: float = 90.0
    attempts: int = 3
    first_delay: float = 0.5
    longest_wait: float = 20.0

    def backoff(self, attempt: int) -> float:
        """Return the seconds before the next attempt: doubling."""
        return min(self.first_delay * 2.0**attempt, self.longest_wait)

    def timeout(self, left: float) -> urllib3.Timeout:
        """Return the time-outs of one attempt with ``left`` seconds to go."""
        import urllib3

        left = max(left, 0.001)
        return urllib3.Timeout(connect=min(self.connect, left), read=min(self.read, left))


def asked_delay(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that the host asks to wait (seconds or a date), None where it does not say."""
    wish = headers.get("retry-after", "").strip()
    if wish.isdecimal():
        return float(wish[:9])
    if wish:
        from email.utils import parsedate_to_datetime

        try:
            return max(0.0, parsedate_to_datetime(wish).timestamp() - now)
        except (ValueError, TypeError, OverflowError):
            return None
    reset = headers.get("x-ratelimit-reset", "")
    if reset.isdecimal() and _is_used_up(headers):
        return max(0.0, float(reset[:12]) - now)
    return None


def limit_is_used_up(status: int, headers: Mapping[str, str]) -> bool:
    """Whether the answer says "too many requests": status 429, or GitHub's 403 with a limit that is used up."""
    return status == 429 or (status == 403 and ("retry-after" in headers or _is_used_up(headers)))  # noqa: PLR2004


def _is_used_up(headers: Mapping[str, str]) -> bool:
    return headers.get("x-ratelimit-remaining", "").strip() == "0"
