"""How many requests a host gets at once and a second. A service may share its own Limiter between processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol


class Limiter(Protocol):
    """Lets requests pass, a host at a time."""

    def turn(self, host: str) -> AbstractContextManager[None]:
        """Wait until ``host`` may be asked, and hold the place for as long as the context lasts."""

    def pause(self, host: str, seconds: float) -> None:
        """Let nobody ask ``host`` for so long: it asked for that."""


@dataclass(frozen=True, slots=True)
class HostLimit:
    """`at_once` requests under way; `per_second` on average, None for no such limit, with `burst` saved up."""

    at_once: int = 20
    per_second: float | None = None
    burst: int = 20


GENTLE: Mapping[str, HostLimit] = {
    # Small public services without a contract: few at once, not many a second.
    "endoflife.date": HostLimit(at_once=4, per_second=10),
    # GitHub asks for few concurrent requests; its hourly limit is told in each answer.
    "api.github.com": HostLimit(at_once=8, per_second=15),
}


@dataclass(slots=True)
class _Host:
    limit: HostLimit
    places: threading.BoundedSemaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    tokens: float = 0.0
    counted: float = 0.0
    not_before: float = 0.0


class LocalLimiter:
    """A Limiter for one process: a semaphore and a token bucket a host."""

    def __init__(
        self,
        limits: Mapping[str, HostLimit] = GENTLE,
        *,
        default: HostLimit | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits
        self._default = default or HostLimit()
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for a free place and for the host's rate."""
        state = self._host(host)
        with state.places:
            while (wait := self._wait(state)) > 0:
                self._sleep(wait)
            yield

    def pause(self, host: str, seconds: float) -> None:
        """Hold back the next requests; those under way go on."""
        state = self._host(host)
        with state.lock:
            state.not_before = max(state.not_before, self._clock() + seconds)

    def _host(self, host: str) -> _Host:
        with self._lock:
            if host not in self._hosts:
                limit = self._limits.get(host, self._default)
                places = threading.BoundedSemaphore(limit.at_once)
                self._hosts[host] = _Host(limit, places, tokens=limit.burst, counted=self._clock())
            return self._hosts[host]

    def _wait(self, state: _Host) -> float:
        """Take a token and return 0, or return how many seconds to wait before trying again."""
        with state.lock:
            now = self._clock()
            if state.not_before > now:
                return state.not_before - now
            rate = state.limit.per_second
            if rate is None:
                return 0.0
            state.tokens = min(state.limit.burst, state.tokens + (now - state.counted) * rate)
            state.counted = now
            if state.tokens < 1:
                return (1 - state.tokens) / rate
            state.tokens -= 1
            return 0.0
