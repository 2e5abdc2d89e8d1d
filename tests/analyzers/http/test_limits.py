from __future__ import annotations

import threading

import pytest

from analyzers.http.limits import HostLimit, LocalLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 6))
        self.now += seconds

    def limiter(self, **limits: HostLimit) -> LocalLimiter:
        return LocalLimiter(limits, clock=lambda: self.now, sleep=self.sleep)


def test_a_rate_is_kept_after_the_burst() -> None:
    clock = Clock()
    limiter = clock.limiter(slow=HostLimit(per_second=2, burst=3))
    for _count in range(5):
        with limiter.turn("slow"):
            pass
    assert clock.waits == [0.5, 0.5]


def test_saved_up_tokens_are_bounded() -> None:
    clock = Clock()
    limiter = clock.limiter(slow=HostLimit(per_second=2, burst=2))
    clock.now = 1000.0
    for _count in range(3):
        with limiter.turn("slow"):
            pass
    assert clock.waits == [0.5]


def test_hosts_do_not_wait_for_each_other() -> None:
    clock = Clock()
    limiter = clock.limiter(slow=HostLimit(per_second=1, burst=1))
    with limiter.turn("slow"), limiter.turn("other"), limiter.turn("another"):
        pass
    assert clock.waits == []


def test_a_paused_host_rests_for_everyone() -> None:
    clock = Clock()
    limiter = clock.limiter()
    limiter.pause("host", 7)
    limiter.pause("host", 3)
    with limiter.turn("host"):
        pass
    with limiter.turn("host"):
        pass
    assert clock.waits == [7]


def test_places_are_given_back_after_a_failure() -> None:
    limiter = LocalLimiter(default=HostLimit(at_once=1))
    for _count in range(3):
        with pytest.raises(RuntimeError), limiter.turn("host"):
            raise RuntimeError
    with limiter.turn("host"):
        pass


def test_a_place_is_waited_for() -> None:
    limiter = LocalLimiter(default=HostLimit(at_once=1))
    got = threading.Event()

    def take() -> None:
        with limiter.turn("host"):
            got.set()

    with limiter.turn("host"):
        thread = threading.Thread(target=take)
        thread.start()
        assert not got.wait(0.1)
    assert got.wait(5)
    thread.join()
