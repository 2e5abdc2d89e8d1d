"""Who goes first, and that nobody waits for ever. The tests look often, for the queue's order and not its pace."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from bot.service.engine._rows import SCHEMA
from bot.service.engine.leases import Terms
from bot.service.engine.work import Work
from bot.service.engine.workers import Worker
from bot.service.model import PRIORITIES
from bot.service.services import Services
from bot.service.settings import Limits, Settings
from tests.support.waiting import wait_for

NOW = datetime(2026, 11, 27, tzinfo=UTC)


Ran = Callable[..., Sequence[str]]


@pytest.fixture
def ran(settings: Settings, engine: sa.Engine) -> Ran:
    """Return what runs all that is enqueued and returns its names in the order in which they ran."""

    def run(*, jobs: int, share: int, workflows: Mapping[str, Any] | None = None) -> Sequence[str]:
        seen: list[str] = []
        file = msgspec.structs.replace(settings.file, jobs=jobs, limits=Limits(organisation_jobs=share))
        services = Services(
            settings=type(settings)(file=file, secrets=settings.secrets, database=settings.database),
            engine=engine,
            now=lambda: NOW,
        )
        note = {"note": lambda arguments: seen.append(arguments["name"])}
        worker = Worker(services, {**note, **(workflows or {})}, terms=Terms(life=60, beat=5))
        worker.start()
        wait_for(lambda: not Work(engine).depth(), "everything", 60)
        assert worker.stop(5)
        return seen

    return run


def _note(work: Work, name: str, key: str, priority: int = 0) -> None:
    assert work.enqueue("note", {"name": name}, id=name, queue="scans", key=key, priority=priority)


def test_a_person_goes_before_a_push_and_that_before_the_sweep(engine: sa.Engine, ran: Ran) -> None:
    work = Work(engine)
    for number in range(3):
        _note(work, f"sweep-{number}", "7", PRIORITIES["sweep"])
    _note(work, "change", "7", PRIORITIES["change"])
    _note(work, "person", "7", PRIORITIES["person"])
    seen = ran(jobs=1, share=1)
    assert seen[:2] == ["person", "change"]
    assert sorted(seen[2:]) == ["sweep-0", "sweep-1", "sweep-2"]


@pytest.mark.parametrize("share", [1, 4])
def test_a_small_organisation_does_not_wait_for_a_large_one(engine: sa.Engine, ran: Ran, share: int) -> None:
    work = Work(engine)
    for number in range(36):
        _note(work, f"large-{number}", "7")
    for number in range(3):
        _note(work, f"small-{number}", "8")
    seen = ran(jobs=1, share=share)
    assert len(seen) == 39
    # Each free place goes to either by lot: that the small one comes so late has less than a chance in a million.
    assert max(seen.index(f"small-{number}") for number in range(3)) < 33


def test_an_organisation_has_no_more_places_than_its_share(engine: sa.Engine, ran: Ran) -> None:
    """A fifth place is free all the time."""
    lock, now, most = threading.Lock(), Counter[str](), Counter[str]()
    all_there = threading.Event()

    def hold(arguments: Mapping[str, Any]) -> None:
        with lock:
            now[arguments["key"]] += 1
            most.update({key: count - most[key] for key, count in now.items() if count > most[key]})
            if now == {"7": 2, "8": 2}:
                all_there.set()
        all_there.wait(30)
        with lock:
            now[arguments["key"]] -= 1

    work = Work(engine)
    for number in range(4):
        work.enqueue("hold", {"key": "7"}, id=f"a{number}", queue="scans", key="7")
    for number in range(2):
        work.enqueue("hold", {"key": "8"}, id=f"b{number}", queue="scans", key="8")
    ran(jobs=5, share=2, workflows={"hold": hold})
    assert all_there.is_set()
    assert most == {"7": 2, "8": 2}


def test_queues_keep_out_of_each_others_way(engine: sa.Engine, ran: Ran) -> None:
    """Scans that fill all places do not keep deliveries waiting."""
    delivered = threading.Event()
    work = Work(engine)
    work.enqueue("scan", {}, id="s1", queue="scans", key="7")
    work.enqueue("deliver", {}, id="d1", queue="intake")
    seen: list[bool] = []
    scan = {"scan": lambda _: seen.append(delivered.wait(30)), "deliver": lambda _: delivered.set()}
    ran(jobs=1, share=1, workflows=scan)
    assert seen == [True]


def test_nothing_is_pickled(engine: sa.Engine, ran: Ran) -> None:
    work = Work(engine)
    _note(work, "one", "7")
    ran(jobs=1, share=1)
    schema = None if engine.dialect.name == "sqlite" else SCHEMA
    with engine.connect() as connection:
        status = sa.Table("workflow_status", sa.MetaData(), schema=schema, autoload_with=connection)
        inputs = sa.Table("workflow_input", sa.MetaData(), schema=schema, autoload_with=connection)
        assert connection.execute(sa.select(status.c.serialization)).scalars().all() == ["portable_json"]
        (stored,) = connection.execute(sa.select(inputs.c.inputs)).scalars()
    assert msgspec.json.decode(stored) == {"positionalArgs": [{"name": "one"}], "namedArgs": {}}
