"""Workers that die and stand still again and again while there is work, by lot but the same lot every time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec
import sqlalchemy as sa

from bot.service.engine.leases import LEFT, live
from bot.service.engine.work import Work
from tests.support.service.forge import Forge
from tests.support.service.processes import Small, Smalls
from tests.support.service.small import Spec
from tests.support.waiting import wait_for

_ORGANISATIONS = 5
# What each workflow tells on its way.
_POINTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How many workers there are at once, how many workflows, and what happens to the workers."""

    workers: int
    rounds: int
    kills: int
    pauses: int = 0
    outages: int = 0


def weather(
    storm: Storm, engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec, outage: Callable[[], None]
) -> None:
    """Let a storm pass over the workers, and fail unless everything was done afterwards and each thing once."""
    chance, work = random.Random(7), Work(engine)  # noqa: S311 - no secret
    for number in range(storm.rounds):
        work.enqueue(
            "round", {"repository": f"r{number}"}, id=f"r{number}", queue="scans", key=str(number % _ORGANISATIONS)
        )
    crew = [_worker(processes, spec) for _ in range(storm.workers)]
    strokes = ["kill"] * storm.kills + ["pause"] * storm.pauses + ["outage"] * storm.outages
    chance.shuffle(strokes)
    share = storm.rounds * _POINTS // (len(strokes) + 1)
    for count, stroke in enumerate(strokes, 1):
        wanted = count * share - chance.randrange(share)
        wait_for(partial(_has_come, forge, work, wanted), "some work to be done", 120)
        if stroke == "outage":
            outage()
            continue
        victim = crew.pop(chance.randrange(len(crew)))
        _end(victim, stroke, engine)
        crew.append(_worker(processes, spec))
    wait_for(lambda: not work.depth(), "everything to be done", 300)
    assert Counter(name for name, _who in forge.made) == {f"r{number}": 1 for number in range(storm.rounds)}
    assert {worker.process.poll() for worker in crew} == {None}
    assert [worker.terminate() for worker in crew] == [0] * len(crew)
    # Those of the killed end by themselves.
    wait_for(lambda: not live(engine), "the end of all leases")


def _has_come(forge: Forge, work: Work, wanted: int) -> bool:
    return len(forge.reached) >= wanted or not work.depth()


def _worker(processes: Smalls, spec: Spec) -> Small:
    worker = processes.start("work", msgspec.structs.replace(spec, grace=20.0))
    worker.first_line()
    return worker


def _end(victim: Small, stroke: str, engine: sa.Engine) -> None:
    if stroke == "kill":
        victim.kill()
        return
    victim.pause()
    mark = f"-{victim.process.pid}-"
    wait_for(lambda: not any(mark in held.executor for held in live(engine)), "the end of its lease")
    victim.resume()
    assert victim.status() == LEFT
