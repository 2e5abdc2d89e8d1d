"""Workers that are stopped for longer than their lease lives, that never come back, or that stop as they are asked."""

from __future__ import annotations

import msgspec
import pytest
import sqlalchemy as sa

from bot.service.engine.leases import LEFT, live
from bot.service.engine.work import Work
from tests.support.service.databases import Kind
from tests.support.service.forge import Forge
from tests.support.service.processes import Smalls
from tests.support.service.small import Spec
from tests.support.waiting import wait_for


@pytest.fixture
def work(engine: sa.Engine) -> Work:
    work = Work(engine)
    work.enqueue("round", {"repository": "shop"}, id="r1", queue="scans", key="7")
    return work


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("point", ["between", "before-make"])
def test_a_paused_worker_does_nothing_more_when_it_wakes(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec, work: Work, point: str
) -> None:
    forge.hold(f"{point} shop")
    paused = processes.start("work", spec)
    sleeper = forge.await_at(f"{point} shop")
    paused.pause()
    other = processes.start("work", spec)
    name = other.first_line()
    wait_for(lambda: [held.executor for held in live(engine)] == [name], "the end of the lease")
    # The second comes to the same point, and is let go on.
    wait_for(lambda: (f"{point} shop", name) in forge.reached, "the adoption")
    forge.release(f"{point} shop")
    wait_for(lambda: not work.alive("r1"), "the workflow")
    paused.resume()
    assert paused.status() == LEFT
    assert forge.made == [("shop", name)]
    assert forge.reached[-1] == ("in-note shop", name)
    assert [who for _point, who in forge.reached].count(sleeper) == {"between": 2, "before-make": 3}[point]
    assert "has ended: others go on with its work" in paused.told()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_on_one_file_a_paused_worker_leaves_too_and_the_next_goes_on(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec, work: Work
) -> None:
    forge.hold("between shop")
    paused = processes.start("work", spec)
    forge.await_at("between shop")
    paused.pause()
    wait_for(lambda: not live(engine), "the end of the lease")
    paused.resume()
    assert paused.status() == LEFT
    forge.release("between shop")
    name = processes.start("work", spec).first_line()
    wait_for(lambda: not work.alive("r1"), "the workflow")
    assert forge.made == [("shop", name)]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_second_process_on_the_same_folder_is_told_so(processes: Smalls, spec: Spec, kind: Kind) -> None:
    first = processes.start("work", spec)
    first.first_line()
    second = processes.start("work", spec)
    assert second.status() == 1
    told = second.told()
    assert f"SecondProcessError: another process ({first.process.pid}) works on {spec.data}" in told
    assert "use PostgreSQL (DEBTSCAN_DATABASE) for several" in told
    assert kind == "sqlite"


def test_a_worker_that_stops_waits_for_what_it_does(forge: Forge, processes: Smalls, spec: Spec, work: Work) -> None:
    forge.hold("between shop")
    worker = processes.start("work", msgspec.structs.replace(spec, grace=30.0))
    name = forge.await_at("between shop")
    worker.process.terminate()
    forge.release("between shop")
    assert worker.status() == 0
    assert not work.alive("r1")
    assert forge.made == [("shop", name)]


def test_a_worker_that_stops_hands_back_what_is_not_done_and_others_go_on_at_once(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec, work: Work
) -> None:
    """The lease of the first would live for minutes; held in a step, it would run for as long."""
    work.enqueue("round", {"repository": "inn"}, id="r2", queue="scans", key="8")
    forge.hold("between shop")
    forge.hold("in-prepare inn")
    worker = processes.start("work", msgspec.structs.replace(spec, life=300.0, beat=1.0, grace=1.0))
    first = forge.await_at("between shop")
    forge.await_at("in-prepare inn")
    assert worker.terminate() == 0
    forge.release("between shop")
    forge.release("in-prepare inn")
    second = processes.start("work", spec).first_line()
    wait_for(lambda: not work.alive("r1") and not work.alive("r2"), "the workflows")
    assert sorted(forge.made) == [("inn", second), ("shop", second)]
    # What was kept is not done again.
    assert [who for point, who in forge.reached if point == "in-prepare shop"] == [first]
    assert [held.executor for held in live(engine)] == [second]
