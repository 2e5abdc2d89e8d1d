from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.service.database.opening import writing
from bot.service.database.tables import DELIVERIES
from bot.service.engine.work import Depth, Work

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def work(engine: sa.Engine) -> Work:
    return Work(engine)


def _insert(connection: sa.Connection, id_: str) -> None:
    row = {"id": id_, "event": "push", "received_at": NOW, "outcome": "enqueued"}
    connection.execute(sa.insert(DELIVERIES).values(**row))


def _deliveries(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.execute(sa.select(DELIVERIES.c.id)).scalars())


def test_work_is_enqueued_before_any_worker_was_started(work: Work) -> None:
    assert work.enqueue("deliver", {"delivery": "1"}, id="d1", queue="intake")
    assert work.alive("d1")
    assert not work.alive("d2")


def test_the_same_id_is_taken_once(work: Work) -> None:
    assert work.enqueue("deliver", {"delivery": "1"}, id="d1", queue="intake")
    assert not work.enqueue("deliver", {"delivery": "1"}, id="d1", queue="intake")
    assert not work.enqueue("other", {}, id="d1", queue="chores")
    assert [depth.count for depth in work.depth()] == [1]


def test_of_one_name_one_item_waits(work: Work) -> None:
    assert work.enqueue("admit", {}, id="a1", queue="intake", once="repository-1")
    assert not work.enqueue("admit", {}, id="a2", queue="intake", once="repository-1")
    assert work.enqueue("admit", {}, id="a3", queue="intake", once="repository-2")
    assert not work.alive("a2")


def test_a_row_and_what_follows_from_it_come_together_or_not_at_all(engine: sa.Engine, work: Work) -> None:
    with engine.begin() as connection:
        _insert(connection, "d1")
        assert work.enqueue("deliver", {}, id="d1", queue="intake", connection=connection)
    with engine.connect() as connection, connection.begin() as transaction:
        _insert(connection, "d2")
        assert work.enqueue("deliver", {}, id="d2", queue="intake", connection=connection)
        transaction.rollback()
    assert _deliveries(engine) == ["d1"]
    assert work.alive("d1")
    assert not work.alive("d2")


def test_what_is_refused_leaves_the_transaction_usable(engine: sa.Engine, work: Work) -> None:
    work.enqueue("admit", {}, id="a1", queue="intake", once="repository-1")
    with writing(engine) as connection:
        assert not work.enqueue("admit", {}, id="a2", queue="intake", once="repository-1", connection=connection)
        assert not work.enqueue("admit", {}, id="a1", queue="intake", connection=connection)
        _insert(connection, "d1")
    assert _deliveries(engine) == ["d1"]


def test_a_divided_queue_needs_its_key(work: Work) -> None:
    with pytest.raises(ValueError, match="scans is divided by installation: give its id as key"):
        work.enqueue("scan", {}, id="s1", queue="scans")
    with pytest.raises(ValueError, match="scans knows no once"):
        work.enqueue("scan", {}, id="s1", queue="scans", key="7", once="repository-1")
    with pytest.raises(ValueError, match="intake is not divided"):
        work.enqueue("admit", {}, id="a1", queue="intake", key="7")
    with pytest.raises(ValueError, match="there is no queue 'scan'"):
        work.enqueue("admit", {}, id="a1", queue="scan")  # type: ignore[arg-type] # what is tested
    assert work.depth() == []


def test_arguments_that_are_no_json_are_refused(work: Work) -> None:
    with pytest.raises(TypeError):
        work.enqueue("deliver", {"delivery": object()}, id="d1", queue="intake")
    assert not work.alive("d1")


def test_depth_tells_what_waits_by_queue(work: Work) -> None:
    work.enqueue("deliver", {}, id="d1", queue="intake")
    work.enqueue("deliver", {}, id="d2", queue="intake", delay=3600)
    work.enqueue("scan", {}, id="s1", queue="scans", key="7")
    work.enqueue("scan", {}, id="s2", queue="scans", key="8")
    depths = work.depth()
    assert all(0 <= depth.oldest < 60 for depth in depths)
    assert [(depth.queue, depth.status, depth.count) for depth in depths] == [
        ("intake", "delayed", 1),
        ("intake", "waiting", 1),
        ("scans", "waiting", 2),
    ]
    assert depths[0] == Depth(queue="intake", status="delayed", count=1, oldest=0.0)
