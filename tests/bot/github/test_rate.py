from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.github.errors import RateLimitedError
from bot.github.objects import Rate
from bot.github.rate import Account, account_of
from tests.support.github_client import FakeClock

RESETS = datetime(2026, 9, 21, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (
            Rate(limit=5000, remaining=4321, resets=RESETS, asked=1200, unchanged=521, writes=12),
            "1,200 requests (521 unchanged and free, 12 writes), 4,321 of 5,000 left, begins anew at 15:00 UTC",
        ),
        (
            Rate(limit=0, remaining=0, resets=None, asked=3, unchanged=0, writes=0),
            "3 requests (0 unchanged and free, 0 writes), no limit",
        ),
    ],
)
def test_the_account_is_a_sentence(rate: Rate, said: str) -> None:
    assert account_of(rate) == said


def limited(remaining: int, resets: float, resource: str = "core") -> dict[str, str]:
    return {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(int(resets)),
        "x-ratelimit-resource": resource,
    }


def test_each_limit_stops_its_own_requests(clock: FakeClock) -> None:
    account = Account(clock.clock)
    account.after(200, limited(0, clock.seconds + 60, "graphql"), is_write=True)
    account.after(200, limited(9, clock.seconds + 60), is_write=False)
    account.before("core", is_write=False)
    with pytest.raises(RateLimitedError):
        account.before("graphql", is_write=False)
    clock.seconds += 61
    account.before("graphql", is_write=False)
    assert account.rate().remaining == 9


@pytest.mark.parametrize("headers", [{}, {"x-ratelimit-limit": "-1", "x-ratelimit-remaining": "x"}])
def test_a_server_without_a_limit_stops_nothing(clock: FakeClock, headers: dict[str, str]) -> None:
    account = Account(clock.clock)
    account.after(200, headers, is_write=False)
    account.before("core", is_write=False)
    assert account.rate() == Rate(limit=0, remaining=0, resets=None, asked=1, unchanged=0, writes=0)


def test_only_writes_wait_for_each_other(clock: FakeClock) -> None:
    account = Account(clock.clock, spacing=1.0)
    account.before("core", is_write=True)
    account.before("core", is_write=False)
    clock.seconds += 0.25
    account.before("core", is_write=True)
    clock.seconds += 5
    account.before("core", is_write=True)
    assert clock.slept == [0.75]
