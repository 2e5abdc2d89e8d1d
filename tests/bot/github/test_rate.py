from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from bot.github.errors import RateLimitedError
from bot.github.objects import Rate
from bot.github.rate import Account, Clock, account_of
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


def test_a_limit_that_began_anew_says_nothing_of_what_is_left(clock: FakeClock) -> None:
    account = Account(clock.clock)
    account.after(200, limited(0, clock.seconds + 60), is_write=False, party="github:1")
    account.after(200, limited(70, clock.seconds + 3600), is_write=False, party="github:2")
    assert account.rate().remaining == 0
    clock.seconds += 61
    assert account.rate().remaining == 70


def test_parties_are_counted_and_stopped_by_themselves(clock: FakeClock) -> None:
    account = Account(clock.clock)
    account.after(200, limited(0, clock.seconds + 60), is_write=True, party="github:1")
    account.after(304, limited(5, clock.seconds + 60), is_write=False, party="github:2")
    with pytest.raises(RateLimitedError):
        account.before("core", is_write=False, party="github:1")
    account.before("core", is_write=False, party="github:2")
    account.before("core", is_write=False)
    rates = account.rates()
    assert (rates["github:1"].writes, rates["github:1"].remaining) == (1, 0)
    assert (rates["github:2"].unchanged, rates["github:2"].remaining) == (1, 5)
    assert account.rate() == Rate(
        limit=5000, remaining=0, resets=rates["github:1"].resets, asked=2, unchanged=1, writes=1
    )


def test_who_is_held_waits_and_the_others_do_not(clock: FakeClock) -> None:
    account = Account(clock.clock, longest_wait=100)
    account.hold(30, "github:1")
    account.hold(10, "github:1")
    account.before("core", is_write=False, party="github:2")
    assert clock.slept == []
    account.before("graphql", is_write=False, party="github:1")
    account.before("core", is_write=False, party="github:1")
    assert clock.slept == [30]
    account.hold(101, "github:1")
    with pytest.raises(RateLimitedError, match="secondary limit") as raised:
        account.before("core", is_write=False, party="github:1")
    assert raised.value.until == datetime.fromtimestamp(clock.seconds + 101, tz=UTC)


def test_parties_write_side_by_side(clock: FakeClock) -> None:
    account = Account(clock.clock, spacing=1.0)
    for party in ("github:1", "github:2", "github:3"):
        account.before("core", is_write=True, party=party)
    assert clock.slept == []
    account.before("core", is_write=True, party="github:2")
    assert clock.slept == [1.0]


def test_a_pace_without_end_is_an_error(clock: FakeClock) -> None:
    account = Account(clock.clock, longest_wait=10, pace=lambda _party: 4.0)
    with pytest.raises(RateLimitedError, match="asks GitHub for no more until"):
        account.before("core", is_write=False, party="github:1")
    assert clock.slept == [4.0, 4.0]


def test_all_threads_of_a_party_wait_when_it_is_held() -> None:
    gone: list[str] = []
    waiting = threading.Barrier(4, timeout=20)

    def sleep(seconds: float) -> None:
        assert 0 < seconds <= 50
        waiting.wait()

    account = Account(Clock(lambda: 0.0, lambda: 0.0, sleep))
    account.hold(50, "github:1")

    def ask() -> None:
        account.before("core", is_write=False, party="github:1")
        gone.append("x")

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(gone) == 4


def test_only_writes_wait_for_each_other(clock: FakeClock) -> None:
    account = Account(clock.clock, spacing=1.0)
    account.before("core", is_write=True)
    account.before("core", is_write=False)
    clock.seconds += 0.25
    account.before("core", is_write=True)
    clock.seconds += 5
    account.before("core", is_write=True)
    assert clock.slept == [0.75]
