"""The account of requests, the pace of writes, and how long to wait when GitHub says that it is too much.

GitHub counts each installation of an App, each person and the App itself by themselves; so does the account.
GitHub's rules: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from analyzers.http.retries import asked_delay
from bot.github.errors import RateLimitedError
from bot.github.objects import Rate

GIVEN: Final = "github"
"""The party of requests with a token that was given."""
APP: Final = "github:app"
"""The party of an App that asks as itself."""

Pace: TypeAlias = Callable[[str], float]
_SECONDARY = ("secondary rate limit", "abuse detection", "retry your request again later", "wait a few minutes")


def unpaced(party: str) -> float:
    """Let every party go at once."""
    del party
    return 0.0


def installation_party(installation: int) -> str:
    """Return the party of an installation."""
    return f"github:{installation}"


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, as seconds: `now` since the epoch, `ticks` of a clock that is never set; and how to wait."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds and counts. `spacing` lies between two writes, as GitHub asks.

    A failing server is asked up to `attempts` times, `first_delay` apart and twice as long each time. GitHub's own
    wish is followed up to `longest_wait`; where it has none after too much at once, `too_much_delay` comes first.
    """

    attempts: int = 5
    first_delay: float = 1.0
    too_much_delay: float = 60.0
    longest_wait: float = 240.0
    spacing: float = 1.0


@dataclass(slots=True)
class _Limit:
    """One of GitHub's limits (``core``, ``graphql``, …), as the last answer told it."""

    limit: int = 0
    remaining: int = 0
    resets: float | None = None


@dataclass(slots=True)
class _Party:
    """One whom GitHub counts by himself. `held` is the tick before which GitHub wants no request of his."""

    asked: int = 0
    unchanged: int = 0
    writes: int = 0
    limits: dict[str, _Limit] = field(default_factory=dict)
    held: float | None = None
    last_write: float | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(slots=True)
class Account:
    """Counts what is asked of GitHub, and stops those whose limit is used up, not the others. For many threads.

    A party is whom GitHub counts: `GIVEN`, `APP`, or ``github:`` and an installation's id. `pace` is asked
    before each request how many seconds the party has to wait, 0 for none: several processes may share a limit.
    What would be waited for longer than `longest_wait` is an error.
    """

    clock: Clock = field(default_factory=Clock)
    spacing: float = 1.0
    longest_wait: float = 240.0
    pace: Pace = unpaced
    _parties: dict[str, _Party] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, resource: str, *, is_write: bool, party: str = GIVEN) -> None:
        """Wait for the turn. Raises RateLimitedError where GitHub said before that nothing is left."""
        with self._lock:
            asking = self._parties.setdefault(party, _Party())
            known = asking.limits.get(resource)
            if known and known.remaining == 0 and known.resets is not None and known.resets > self.clock.now():
                raise used_up(known.resets, known.limit)
        self._wait_until_wanted(asking)
        self._keep_pace(party)
        if is_write:
            self._take_turn(asking)

    def _wait_until_wanted(self, asking: _Party) -> None:
        held = asking.held
        wait = 0.0 if held is None else held - self.clock.ticks()
        if wait > self.longest_wait:
            raise too_much(wait, self.clock.now())
        if wait > 0:
            self.clock.sleep(wait)

    def _keep_pace(self, party: str) -> None:
        waited = 0.0
        while (wait := self.pace(party)) > 0:
            waited += wait
            if waited > self.longest_wait:
                raise too_fast(wait, self.clock.now())
            self.clock.sleep(wait)

    def _take_turn(self, asking: _Party) -> None:
        # A lock of its own: those who only read need not wait.
        with asking.turn:
            if asking.last_write is not None:
                wait = asking.last_write + self.spacing - self.clock.ticks()
                if wait > 0:
                    self.clock.sleep(wait)
            asking.last_write = self.clock.ticks()

    def after(self, status: int, headers: Mapping[str, str], *, is_write: bool, party: str = GIVEN) -> None:
        """Count an answer, and note what it says of the limit."""
        with self._lock:
            asking = self._parties.setdefault(party, _Party())
            asking.asked += 1
            asking.unchanged += status == 304  # noqa: PLR2004 - not modified
            asking.writes += is_write
            limit, remaining, resets = (headers.get(f"x-ratelimit-{name}", "") for name in _FIELDS)
            if limit.isdecimal() and remaining.isdecimal():
                asking.limits[headers.get("x-ratelimit-resource", "core")] = _Limit(
                    int(limit[:9]), int(remaining[:9]), float(resets[:12]) if resets.isdecimal() else None
                )

    def hold(self, seconds: float, party: str = GIVEN) -> None:
        """Note that GitHub wants nothing of a party for some seconds: all its requests wait, whoever makes them."""
        with self._lock:
            asking = self._parties.setdefault(party, _Party())
            asking.held = max(asking.held or 0.0, self.clock.ticks() + seconds)

    def rate(self, party: str | None = None) -> Rate:
        """Return the account of a party, or of all so far: then with the limit of which the least is left.

        Servers without a limit have 0 and 0.
        """
        with self._lock:
            if party is None:
                return self._rate_of(list(self._parties.values()))
            return self._rate_of([self._parties.get(party, _Party())])

    def rates(self) -> Mapping[str, Rate]:
        """Return party → account, of all that asked."""
        with self._lock:
            return {party: self._rate_of([asking]) for party, asking in self._parties.items()}

    def _rate_of(self, parties: Sequence[_Party]) -> Rate:
        limits = [known for asking in parties if (known := asking.limits.get("core"))]
        core = min(limits, key=self._left, default=_Limit())
        return Rate(
            limit=core.limit,
            remaining=core.remaining,
            resets=None if core.resets is None else moment(core.resets),
            asked=sum(asking.asked for asking in parties),
            unchanged=sum(asking.unchanged for asking in parties),
            writes=sum(asking.writes for asking in parties),
        )

    def _left(self, limit: _Limit) -> tuple[bool, int]:
        """Order limits: one that began anew meanwhile says nothing of how much is left."""
        return limit.resets is not None and limit.resets <= self.clock.now(), limit.remaining


_FIELDS = ("limit", "remaining", "reset")


def account_of(rate: Rate) -> str:
    """Return the account as a sentence's end. Many servers have no limit."""
    used = f"{rate.asked:,} requests ({rate.unchanged:,} unchanged and free, {rate.writes:,} writes)"
    if not rate.limit:
        return f"{used}, no limit"
    resets = f", begins anew at {rate.resets:%H:%M} UTC" if rate.resets else ""
    return f"{used}, {rate.remaining:,} of {rate.limit:,} left{resets}"


def is_too_much(status: int, headers: Mapping[str, str], body: str) -> bool:
    """Whether an answer says "too much": a limit that is used up, or too much at once (the secondary limits)."""
    if status == 429:  # noqa: PLR2004 - too many requests
        return True
    if status != 403:  # noqa: PLR2004 - GitHub's older word for it
        return False
    text = body[:2000].lower()
    return is_used_up(headers) or "retry-after" in headers or any(word in text for word in _SECONDARY)


def is_used_up(headers: Mapping[str, str]) -> bool:
    """Whether the hourly limit is used up, and not only too much was asked at once."""
    return headers.get("x-ratelimit-remaining", "").strip() == "0" and "retry-after" not in headers


def wait_after_too_much(headers: Mapping[str, str], attempt: int, bounds: Bounds, now: float) -> float:
    """Return the seconds to wait before the next attempt; longer than the longest wait where it makes no sense."""
    asked = asked_delay(headers, now) if "retry-after" in headers else None
    return bounds.too_much_delay * 2.0**attempt if asked is None else asked


def used_up(resets: float | None, limit: int = 0) -> RateLimitedError:
    """Return the error for a used-up limit; ``resets`` is seconds since the epoch."""
    of = f" of {limit} an hour" if limit else ""
    if resets is None:
        return RateLimitedError(f"GitHub's limit{of} is used up; run debtscan again in an hour")
    until = moment(resets)
    return RateLimitedError(f"GitHub's limit{of} is used up until {until:%Y-%m-%d %H:%M} UTC; run again then", until)


def too_much(wait: float, now: float) -> RateLimitedError:
    """Return the error for too much at once, where waiting ``wait`` seconds would hold up the run too long."""
    until = moment(now + wait)
    return RateLimitedError(
        f"GitHub takes no more for now (its secondary limit); run again after {until:%Y-%m-%d %H:%M} UTC", until
    )


def too_fast(wait: float, now: float) -> RateLimitedError:
    """Return the error where debtscan's own pace would hold up the run too long."""
    until = moment(now + wait)
    return RateLimitedError(f"debtscan asks GitHub for no more until {until:%Y-%m-%d %H:%M} UTC; run again then", until)


def moment(seconds: float) -> datetime:
    """Return a moment in UTC, without parts of a second."""
    return datetime.fromtimestamp(int(min(seconds, 32_503_680_000)), tz=UTC)
