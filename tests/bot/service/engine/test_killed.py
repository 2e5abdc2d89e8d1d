"""Processes are really killed, exactly where it hurts; afterwards everything was done, and once."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from bot.service.engine.work import Work
from tests.support.service.forge import Forge
from tests.support.service.processes import Smalls
from tests.support.service.small import Spec, deliveries
from tests.support.waiting import wait_for

# Who does the steps `prepare`, `publish` and `note` where the first worker dies: what was kept is not done again.
POINTS = {
    "in-prepare": ("both", "second", "second"),
    "between": ("first", "second", "second"),
    "before-make": ("first", "both", "second"),
    "after-make": ("first", "both", "second"),
    "published": ("first", "first", "second"),
    "in-note": ("first", "first", "both"),
}


def test_one_pull_request_wherever_the_worker_dies(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec
) -> None:
    spec = msgspec.structs.replace(spec, jobs=len(POINTS), share=len(POINTS))
    work = Work(engine)
    for point in POINTS:
        # A repository is called as the point where its workflow is held.
        work.enqueue("round", {"repository": point}, id=point, queue="scans", key="7")
        forge.hold(f"{point} {point}")
    first = processes.start("work", spec)
    killed = {forge.await_at(f"{point} {point}") for point in POINTS}
    first.kill()
    for point in POINTS:
        forge.release(f"{point} {point}")
    second = processes.start("work", spec).first_line()
    wait_for(lambda: not any(work.alive(point) for point in POINTS), "all workflows")
    assert {point: forge.count(point) for point in POINTS} == dict.fromkeys(POINTS, 1)
    (dead,) = killed
    assert {point: _steps_done(forge, point, dead, second) for point in POINTS} == POINTS


def test_a_delivery_is_whole_or_absent_wherever_the_web_dies(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec
) -> None:
    points = ("inserted", "enqueued", "committed")
    work = Work(engine)
    for point in points:
        forge.hold(f"{point} {point}")
        web = processes.start("deliver", msgspec.structs.replace(spec, deliveries=(point,)))
        forge.await_at(f"{point} {point}")
        web.kill()
        forge.release(f"{point} {point}")
    assert {point: work.alive(point) for point in points} == {"inserted": False, "enqueued": False, "committed": True}
    assert deliveries(engine) == {"committed": 0}
    again = processes.start("deliver", msgspec.structs.replace(spec, deliveries=points))
    assert again.first_line() == "new new repeated"
    assert deliveries(engine) == {"inserted": 0, "enqueued": 0, "committed": 1}
    assert all(work.alive(point) for point in points)


def test_the_same_delivery_to_two_processes_at_once_is_one_workflow(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec
) -> None:
    ids = tuple(f"d{number}" for number in range(20))
    forge.hold("ready")
    both = [processes.start("deliver", msgspec.structs.replace(spec, deliveries=ids)) for _ in range(2)]
    wait_for(lambda: len({who for point, who in forge.reached if point == "ready"}) == len(both), "both processes")
    forge.release("ready")
    told = [process.first_line().split() for process in both]
    assert [sorted(pair) for pair in zip(*told, strict=True)] == [["new", "repeated"]] * len(ids)
    assert deliveries(engine) == dict.fromkeys(ids, 1)
    assert [depth.count for depth in Work(engine).depth()] == [len(ids)]


def _steps_done(forge: Forge, name: str, first: str, second: str) -> tuple[str, ...]:
    words = {(True, True): "both", (True, False): "first", (False, True): "second"}
    done = []
    for points in (("in-prepare",), ("before-make", "after-make"), ("in-note",)):
        who = {by for point, by in forge.reached if point in {f"{one} {name}" for one in points}}
        done.append(words[first in who, second in who])
    return tuple(done)
