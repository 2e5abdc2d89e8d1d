from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service.engine import durable
from bot.service.engine._rows import SCHEMA, checkpoints, workflows
from bot.service.engine.adoption import adopt, bring_forward, find_lost
from bot.service.engine.leases import Lease, Terms
from bot.service.engine.work import Work
from tests.support.waiting import wait_for

LONG_AGO = 1_700_000_000_000


@pytest.fixture
def alive(engine: sa.Engine) -> Lease:
    lease = Lease(engine, "2", Terms(life=300, beat=10))
    lease.take()
    return lease


def _begin(engine: sa.Engine, id_: str, executor: str, version: str = "2", started: int = LONG_AGO) -> None:
    """Enqueue a workflow and write what the library writes when an executor begins it and does one step."""
    Work(engine).enqueue("round", {}, id=id_, queue="scans", key="7")
    begun = {"status": "PENDING", "executor_id": executor, "application_version": version, "owner_xid": "token"}
    _change(engine, id_, **begun, started_at_epoch_ms=started)
    steps = {"workflow_uuid": id_, "function_id": 1, "function_name": "prepare"}
    with engine.begin() as connection:
        connection.execute(sa.insert(checkpoints(engine)).values(**steps))


def _change(engine: sa.Engine, id_: str, **values: object) -> None:
    rows = workflows(engine)
    with engine.begin() as connection:
        connection.execute(sa.update(rows).where(rows.c.workflow_uuid == id_).values(**values))


def _row(engine: sa.Engine, id_: str) -> Mapping[str, Any]:
    rows = workflows(engine)
    with engine.connect() as connection:
        return dict(connection.execute(sa.select(rows).where(rows.c.workflow_uuid == id_)).mappings().one())


def _kept_steps(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.execute(sa.select(checkpoints(engine).c.workflow_uuid)).scalars())


def test_work_of_an_executor_without_a_lease_waits_again(engine: sa.Engine, alive: Lease) -> None:
    _begin(engine, "left", "gone")
    _begin(engine, "busy", alive.executor)
    assert adopt(engine, "2") == 1
    assert adopt(engine, "2") == 0
    assert (_row(engine, "left")["status"], _row(engine, "busy")["status"]) == ("ENQUEUED", "PENDING")
    assert _kept_steps(engine) == ["busy", "left"]


def test_work_of_an_executor_whose_lease_ended_waits_again(engine: sa.Engine) -> None:
    lease = Lease(engine, "2", Terms(life=0.6, beat=0.1))
    lease.take()
    _begin(engine, "left", lease.executor)
    wait_for(lambda: adopt(engine, "2") == 1, "the end of the lease")


def test_adoption_writes_what_the_librarys_own_recovery_writes(engine: sa.Engine) -> None:
    """It is private to the library: where this fails, look at what its recovery writes now."""
    _begin(engine, "ours", "gone")
    _begin(engine, "theirs", "gone")
    assert adopt(engine, "2") == 2
    begun = {"status": "PENDING", "executor_id": "gone", "owner_xid": "token", "started_at_epoch_ms": LONG_AGO}
    _change(engine, "theirs", **begun)
    with durable._system(engine) as system:
        assert system.reenqueue_for_recovery("theirs", ["gone"], durable.OWN_QUEUE)
    ignored = ("workflow_uuid", "created_at", "updated_at", "creator_xid")
    with engine.connect() as connection:
        schema = None if engine.dialect.name == "sqlite" else SCHEMA
        table = sa.Table("workflow_status", sa.MetaData(), schema=schema, autoload_with=connection)
        rows = {row["workflow_uuid"]: dict(row) for row in connection.execute(sa.select(table)).mappings()}
    ours, theirs = ({name: row[name] for name in row if name not in ignored} for row in (rows["ours"], rows["theirs"]))
    assert ours == theirs


def test_work_that_another_version_began_starts_anew(engine: sa.Engine) -> None:
    _begin(engine, "old", "gone", version="1")
    _begin(engine, "present", "gone", version="2")
    assert adopt(engine, "2") == 2
    assert _kept_steps(engine) == ["present"]
    assert _row(engine, "old")["application_version"] == "2"


def test_work_that_waits_for_a_version_that_nobody_runs_is_taken_over(engine: sa.Engine, alive: Lease) -> None:
    for id_, version in (("stranded", "1"), ("present", "2"), ("open", None)):
        _begin(engine, id_, "gone")
        _change(engine, id_, status="ENQUEUED", executor_id=None, application_version=version)
    assert bring_forward(engine, "3") == 1
    versions = {id_: _row(engine, id_)["application_version"] for id_ in ("stranded", "present", "open")}
    # Version 2 is run by somebody, and what has no version is for whoever is the latest.
    assert versions == {"stranded": "3", "present": "2", "open": None}
    assert _kept_steps(engine) == ["open", "present"]
    alive.release()
    assert bring_forward(engine, "3") == 1
    assert _row(engine, "present")["application_version"] == "3"


def test_what_a_live_worker_took_and_never_began_waits_again(engine: sa.Engine, alive: Lease) -> None:
    _begin(engine, "lost", alive.executor)
    _begin(engine, "busy", alive.executor)
    _begin(engine, "young", alive.executor, started=9_000_000_000_000)
    assert adopt(engine, "2") == 0
    assert find_lost(engine, "2", alive.executor, {"busy"}) == 1
    assert _row(engine, "lost")["status"] == "ENQUEUED"


def test_more_than_is_taken_at_once_is_taken_bit_by_bit(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.engine.adoption._AT_ONCE", 2)
    for number in range(5):
        _begin(engine, f"left-{number}", "gone")
    assert [adopt(engine, "2") for _ in range(4)] == [2, 2, 1, 0]
