from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.service.engine.buckets import Buckets

START = datetime(2026, 11, 27, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def test_a_bucket_gives_its_burst_and_then_one_at_a_time(engine: sa.Engine) -> None:
    clock = Clock()
    buckets = Buckets(engine, clock)
    assert [buckets.take("github", 2, 3) for _ in range(4)] == [0, 0, 0, pytest.approx(0.5)]
    clock.pass_by(0.25)
    assert buckets.take("github", 2, 3) == pytest.approx(0.25)
    clock.pass_by(0.25)
    assert buckets.take("github", 2, 3) == 0
    assert buckets.take("github", 2, 3) == pytest.approx(0.5)


def test_a_bucket_holds_no_more_than_its_burst(engine: sa.Engine) -> None:
    clock = Clock()
    buckets = Buckets(engine, clock)
    buckets.take("github", 1, 2)
    clock.pass_by(3600)
    assert [buckets.take("github", 1, 2) for _ in range(3)] == [0, 0, pytest.approx(1)]


def test_buckets_are_apart(engine: sa.Engine) -> None:
    buckets = Buckets(engine, Clock())
    assert buckets.take("pypi", 1, 1) == 0
    assert buckets.take("npm", 1, 1) == 0
    assert buckets.take("pypi", 1, 1) == pytest.approx(1)


def test_a_clock_that_lags_brings_no_time_back(engine: sa.Engine) -> None:
    ahead, lagging = Clock(), Clock()
    ahead.pass_by(10)
    assert Buckets(engine, ahead).take("github", 1, 1) == 0
    assert Buckets(engine, lagging).take("github", 1, 1) == pytest.approx(1)
    assert Buckets(engine, ahead).take("github", 1, 1) == pytest.approx(1)


def test_many_at_once_take_no_more_than_there_is(engine: sa.Engine) -> None:
    buckets = Buckets(engine, Clock())
    taken: list[float] = []

    def run() -> None:
        taken.extend(buckets.take("github", 0.001, 5) for _ in range(3))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(taken), taken.count(0)) == (12, 5)


def test_a_bucket_is_forgotten_once_nobody_took_of_it_for_so_long(engine: sa.Engine) -> None:
    clock = Clock()
    buckets = Buckets(engine, clock)
    assert buckets.take("old", 0.001, 1) == 0
    clock.pass_by(60)
    assert buckets.take("new", 0.001, 1) == 0
    clock.pass_by(60)
    assert buckets.forget(90) == 1
    assert buckets.take("new", 0.001, 1) > 0
    assert buckets.take("old", 0.001, 1) == 0


def test_the_database_keeps_the_time_where_nobody_else_does(engine: sa.Engine) -> None:
    buckets = Buckets(engine)
    assert buckets.take("github", 0.001, 1) == 0
    assert 900 < buckets.take("github", 0.001, 1) <= 1000


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0.5)])
def test_a_bucket_that_never_holds_a_token_is_refused(engine: sa.Engine, rate: float, burst: float) -> None:
    with pytest.raises(ValueError, match="the bucket github would never hold a token"):
        Buckets(engine).take("github", rate, burst)
