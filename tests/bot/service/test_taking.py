"""What is kept of a delivery, and that it is once, whatever GitHub or anybody else sends."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service.database.tables import DELIVERIES
from bot.service.engine.work import Work
from bot.service.services import Services
from bot.service.settings import Settings
from bot.service.taking import Taken, Taking
from bot.service.webhooks.read import MOST
from bot.service.webhooks.signature import HEADER
from tests.support.service.payloads import (
    INSTALLATION,
    NOW,
    REPOSITORY,
    SECRET,
    Payload,
    encoded,
    headers,
    of_repository,
    push,
)


class Counter:
    """Takes deliveries with the real engine's line behind it."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self.engine = engine
        self.work = Work(engine)
        self.taking = Taking(Services(settings=settings, engine=engine, now=self._now), self.work)

    def take(self, event: str, payload: Payload, guid: str = "d-1", **changed: str) -> Taken:
        body = encoded(payload)
        return self.taking.take({**headers(event, body, guid), **changed}, body, [SECRET])

    def rows(self) -> list[Mapping[str, Any]]:
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.select(DELIVERIES)).mappings()]

    def waiting(self) -> int:
        return sum(depth.count for depth in self.work.depth())

    def _now(self) -> datetime:
        return NOW


@pytest.fixture
def counter(settings: Settings, engine: sa.Engine) -> Counter:
    return Counter(settings, engine)


def test_a_delivery_is_kept_and_enqueued_under_its_own_id(counter: Counter) -> None:
    taken = counter.take("push", push())
    assert (taken.status, taken.outcome) == (202, "enqueued")
    (row,) = counter.rows()
    assert (row["id"], row["event"], row["outcome"], row["repeats"]) == ("d-1", "push", "enqueued", 0)
    assert (row["installation_id"], row["repository_id"], row["received_at"]) == (INSTALLATION, REPOSITORY, NOW)
    assert counter.work.alive("d-1")


def test_what_concerns_nobody_is_kept_and_nothing_else(counter: Counter) -> None:
    assert counter.take("star", of_repository("created")).outcome == "acknowledged"
    assert counter.take("push", push("mend"), "d-2").outcome == "acknowledged"
    assert [row["outcome"] for row in counter.rows()] == ["acknowledged", "acknowledged"]
    assert counter.waiting() == 0


def test_a_repeated_delivery_is_counted_and_done_once(counter: Counter) -> None:
    outcomes = [counter.take("push", push()).outcome for _turn in range(4)]
    assert outcomes == ["enqueued", "repeated", "repeated", "repeated"]
    (row,) = counter.rows()
    assert row["repeats"] == 3
    assert counter.waiting() == 1


def test_the_same_delivery_at_once_is_done_once(counter: Counter) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _turn: counter.take("push", push()), range(16)))
    assert sorted(one.outcome for one in taken) == ["enqueued"] + ["repeated"] * 15
    (row,) = counter.rows()
    assert row["repeats"] == 15
    assert counter.waiting() == 1


@pytest.mark.parametrize("changed", [{HEADER: ""}, {HEADER: "sha256=" + "0" * 64}])
def test_what_is_forged_leaves_no_trace(counter: Counter, changed: Mapping[str, str]) -> None:
    taken = counter.take("push", push(), **changed)
    assert (taken.status, taken.outcome) == (401, "forged")
    assert counter.rows() == []
    assert counter.waiting() == 0


def test_nothing_is_parsed_before_it_is_verified(counter: Counter) -> None:
    body = b"\xff" * 1000
    forged = counter.taking.take({**headers("push", b""), "x-github-event": "\n"}, body, [SECRET])
    assert forged.outcome == "forged"
    taken = counter.taking.take(headers("push", body), body, [SECRET])
    assert (taken.status, taken.outcome) == (400, "malformed")
    assert counter.rows() == []


def test_what_is_larger_than_github_sends_is_not_even_verified(counter: Counter) -> None:
    taken = counter.taking.take({}, bytes(MOST + 1), [SECRET])
    assert (taken.status, taken.outcome) == (413, "too-large")


def test_while_one_secret_takes_over_from_another_both_sign(counter: Counter) -> None:
    body = encoded(push())
    assert counter.taking.take(headers("push", body), body, ["new", SECRET]).outcome == "enqueued"
    assert counter.taking.take(headers("push", body, "d-2"), body, ["new"]).outcome == "forged"


def test_a_delivery_that_failed_is_taken_once_more(counter: Counter) -> None:
    counter.take("push", push())
    with counter.engine.begin() as connection:
        connection.execute(sa.update(DELIVERIES).values(outcome="failed"))
    assert counter.take("push", push()).outcome == "enqueued"
    assert counter.take("push", push()).outcome == "repeated"
    assert counter.work.alive("d-1:1")
    assert counter.waiting() == 2


def test_where_the_line_is_closed_nothing_is_kept(counter: Counter) -> None:
    def refuse(*_arguments: object, **_named: object) -> bool:
        raise sa.exc.OperationalError("INSERT", {}, Exception("the disk is full"))

    counter.work.enqueue = refuse  # type: ignore[method-assign]  # what a broken database does
    with pytest.raises(sa.exc.OperationalError):
        counter.take("push", push())
    assert counter.rows() == []
