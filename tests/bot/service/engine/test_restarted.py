"""The database goes away in the middle of the work, and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from bot.service.engine.leases import LEFT
from bot.service.engine.work import Work
from tests.support.postgres import Postgres, restartable_postgres
from tests.support.service.databases import Postgreses, opened
from tests.support.service.forge import Forge
from tests.support.service.processes import Smalls
from tests.support.service.small import Spec
from tests.support.waiting import wait_for


@pytest.fixture
def server() -> Iterator[Postgres]:
    with restartable_postgres() as server:
        yield server


@pytest.fixture
def place(server: Postgres, forge: Forge, tmp_path: Path) -> Spec:
    settings = Postgreses(server.address).fresh(tmp_path / "data")
    return Spec(data=str(tmp_path / "data"), database=settings.database, forge=forge.address)


@pytest.fixture
def database(place: Spec) -> Iterator[sa.Engine]:
    with opened(place.settings()) as engine:
        yield engine


def test_work_goes_on_when_the_database_is_back(
    server: Postgres, database: sa.Engine, forge: Forge, processes: Smalls, place: Spec
) -> None:
    points = ("in-prepare", "between", "after-make", "published")
    work = Work(database)
    for point in points:
        work.enqueue("round", {"repository": point}, id=point, queue="scans", key="7")
        forge.hold(f"{point} {point}")
    worker = processes.start("work", msgspec.structs.replace(place, life=60.0, beat=2.0, jobs=4))
    name = worker.first_line()
    for point in points:
        forge.await_at(f"{point} {point}")
    server.stop()
    for point in points:
        forge.release(f"{point} {point}")
    # Whoever wants to keep a step now meets nobody.
    wait_for(lambda: "Database connection failed" in worker.told(), "the outage to be noticed")
    server.start()
    wait_for(lambda: not work.depth(), "all workflows", 60)
    assert sorted(forge.made) == sorted((point, name) for point in points)
    assert worker.process.poll() is None


def test_a_worker_leaves_when_the_database_is_silent_for_a_leases_life(
    server: Postgres, database: sa.Engine, forge: Forge, processes: Smalls, place: Spec
) -> None:
    work = Work(database)
    work.enqueue("round", {"repository": "shop"}, id="r1", queue="scans", key="7")
    forge.hold("between shop")
    worker = processes.start("work", place)
    worker.first_line()
    forge.await_at("between shop")
    server.stop()
    assert worker.status() == LEFT
    forge.release("between shop")
    server.start()
    name = processes.start("work", place).first_line()
    wait_for(lambda: not work.alive("r1"), "the workflow")
    assert forge.made == [("shop", name)]
