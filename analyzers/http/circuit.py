"""Stops asking a host that is down, so that one dead host costs seconds and not minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from analyzers.errors import FetchError
from analyzers.model.exchange import Request, Response, host_of

# Reasons that speak of the host, and not of the one thing that was asked.
_OF_THE_HOST = {"unreachable", "time-out", "server-error", "rate-limited"}


@dataclass(slots=True)
class _Host:
    failures: int = 0
    last: FetchError | None = None


@dataclass(slots=True)
class Circuit:
    """Wraps `send`: after ``tolerated`` failures of a host in a row, its further requests fail at once,
    each with the reason and in the words of the last failure. One answer closes the circuit again.
    """

    send: Callable[[Request], Response]
    tolerated: int = 4
    _hosts: dict[str, _Host] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Response:
        """Send, unless the host is down. Raises FetchError."""
        state = self._state(host_of(request.url))
        if state.failures >= self.tolerated and state.last is not None:
            # Which requests come first is chance: in other words, the same world would be other Facts each time.
            raise FetchError(state.last.reason, state.last.detail)
        try:
            response = self.send(request)
        except FetchError as error:
            if error.reason in _OF_THE_HOST:
                with self._lock:
                    state.failures += 1
                    state.last = error
            raise
        with self._lock:
            state.failures = 0
        return response

    def _state(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())
