from __future__ import annotations

from bot.service.web import _buckets
from bot.service.web._buckets import Allowance, ClientBuckets
from tests.support.service.web import Clock

FEW = Allowance("few", burst=2, rate=0.1)


def test_a_burst_is_allowed_and_then_as_much_as_flows_in() -> None:
    clock = Clock()
    buckets = ClientBuckets(clock)
    assert [buckets.wait(FEW, "a") for _ in range(4)] == [0, 0, 10, 10]
    clock.go(seconds=9)
    assert buckets.wait(FEW, "a") == 1
    clock.go(seconds=1)
    assert buckets.wait(FEW, "a") == 0
    clock.go(days=1)
    assert [buckets.wait(FEW, "a") for _ in range(3)] == [0, 0, 10]


def test_clients_and_allowances_do_not_touch_each_other() -> None:
    buckets = ClientBuckets(Clock())
    assert [buckets.wait(FEW, "a") for _ in range(3)] == [0, 0, 10]
    assert buckets.wait(FEW, "b") == 0
    assert buckets.wait(Allowance("other", burst=1, rate=1), "a") == 0


def test_only_so_many_clients_are_remembered_and_the_quietest_is_forgotten() -> None:
    buckets = ClientBuckets(Clock())
    for number in range(_buckets.MOST + 500):
        buckets.wait(FEW, str(number))
        buckets.wait(FEW, "busy")
    assert len(buckets._held) == _buckets.MOST
    assert buckets.wait(FEW, "busy") > 0
