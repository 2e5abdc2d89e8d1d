"""A Fetcher for tests: loopback allowed, no waiting, no environment."""

from __future__ import annotations

import time

import pytest

from analyzers.errors import FetchError
from analyzers.http.cache import Cache
from analyzers.http.credentials import Credentials
from analyzers.http.fetch import Fetcher
from analyzers.http.limits import LocalLimiter
from analyzers.http.retries import Patience
from analyzers.model.exchange import Request

QUICK = Patience(connect=1, read=1, total=5, attempts=3, first_delay=0.5, longest_wait=20)


def fetcher_with(
    *,
    waits: list[float] | None = None,
    cache: Cache | None = None,
    credentials: Credentials | None = None,
    offline: bool = False,
    allow_private: bool = True,
    patience: Patience = QUICK,
    now: float | None = None,
) -> Fetcher:
    """Return a Fetcher whose waits are noted in ``waits`` and not waited; ``now`` stops its clock."""
    waits = [] if waits is None else waits
    return Fetcher(
        user_agent="debtscan/test",
        cache=cache,
        credentials=credentials,
        limiter=LocalLimiter(sleep=lambda _seconds: None, clock=lambda: 1e9 + sum(waits)),
        offline=offline,
        allow_private=allow_private,
        patience=patience,
        environ={},
        sleep=waits.append,
        now=(lambda: now) if now is not None else time.time,
    )


def reason_of(fetcher: Fetcher, request: Request) -> str:
    """Return the reason with which the request fails."""
    with pytest.raises(FetchError) as caught:
        fetcher.send(request)
    return caught.value.reason
