"""Processes of tests that enqueue small workflows and do them; what they change outside is a `Forge`.

``python -m tests.support.service.small work|deliver SPEC`` with a `Spec` as JSON. The first line of the output is the
executor, or what became of the delivery. SIGTERM stops a worker gracefully.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

import bot
from bot.service.database.opening import open_engine
from bot.service.database.tables import DELIVERIES
from bot.service.engine import steps
from bot.service.engine.leases import Terms
from bot.service.engine.work import Work
from bot.service.engine.workers import Worker
from bot.service.services import Services
from bot.service.settings import File, Limits, Settings
from tests.support.service.forge import Visitor

# It ends by itself even where the tests are killed.
_LIFETIME = 300
_PR_SET_PDEATHSIG = 1
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """What a process is to do."""

    data: str
    forge: str
    database: str = ""
    version: str = bot.VERSION
    life: float = 1.5
    beat: float = 0.25
    jobs: int = 2
    share: int = 4
    grace: float = 5.0
    deliveries: tuple[str, ...] = ()

    def settings(self) -> Settings:
        """Return the settings."""
        limits = Limits(organisation_jobs=self.share)
        file = File(url="http://127.0.0.1:8080", data=self.data, jobs=self.jobs, limits=limits)
        return Settings(file=file, secrets=Path(self.data) / "secrets", database=self.database)


def round_of(visitor: Visitor, version: str) -> Callable[[Mapping[str, Any]], None]:
    """Return a workflow of three steps, whose second makes one pull request, named as its repository.

    Its points are named ``in-prepare REPOSITORY``, and its steps by the version.
    """

    def prepare(arguments: Mapping[str, Any]) -> str:
        visitor.reach(f"in-prepare {arguments['repository']}")
        return str(arguments["repository"])

    def publish(name: str) -> str:
        if not visitor.has(name):
            visitor.reach(f"before-make {name}")
            steps.require()
            visitor.make(name)
        visitor.reach(f"after-make {name}")
        return name

    def run(arguments: Mapping[str, Any]) -> None:
        name = steps.step(f"prepare {version}", lambda: prepare(arguments), returns=str)
        visitor.reach(f"between {name}")
        steps.step(f"publish {version}", lambda: publish(name))
        visitor.reach(f"published {name}")
        steps.step(f"note {version}", lambda: visitor.reach(f"in-note {name}"))

    return run


def work(spec: Spec) -> int:
    """Do what is enqueued, until SIGTERM."""
    settings = spec.settings()
    engine = open_engine(settings)
    workflows: dict[str, Callable[[Mapping[str, Any]], None]] = {}
    worker = Worker(
        Services(settings=settings, engine=engine),
        workflows,
        version=spec.version,
        terms=Terms(life=spec.life, beat=spec.beat),
    )
    # They tell who they are, which is known only now.
    workflows["round"] = round_of(Visitor(spec.forge, worker.executor), spec.version)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    worker.start()
    _tell(worker.executor)
    # Signals are seen between two waits.
    while not ended.wait(0.1):
        pass
    is_done = worker.stop(spec.grace)
    if not is_done:
        # Its threads would be waited for; the lease ends this process.
        threading.Event().wait()
    engine.dispose()
    return 0


def deliver(spec: Spec) -> int:
    """Take deliveries as the web does: the row of each and its workflow in one transaction."""
    visitor = Visitor(spec.forge, f"web-{os.getpid()}")
    engine = open_engine(spec.settings())
    queue = Work(engine)
    visitor.reach("ready")
    told = []
    for id_ in spec.deliveries:
        with engine.begin() as connection:
            connection.execute(_received(engine, id_))
            visitor.reach(f"inserted {id_}")
            is_new = queue.enqueue("round", {"repository": id_}, id=id_, queue="scans", key="7", connection=connection)
            told.append("new" if is_new else "repeated")
            visitor.reach(f"enqueued {id_}")
        visitor.reach(f"committed {id_}")
    _tell(" ".join(told))
    engine.dispose()
    return 0


def _received(engine: sa.Engine, id_: str) -> sa.Insert:
    insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert
    row = {"id": id_, "event": "push", "received_at": NOW, "outcome": "enqueued"}
    again = {"repeats": DELIVERIES.c.repeats + 1}
    return insert(DELIVERIES).values(**row).on_conflict_do_update(index_elements=["id"], set_=again)


def deliveries(engine: sa.Engine) -> dict[str, int]:
    """Return the deliveries, and how often each was repeated."""
    with engine.connect() as connection:
        return {row.id: row.repeats for row in connection.execute(sa.select(DELIVERIES.c.id, DELIVERIES.c.repeats))}


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    # The output is the test's.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(_LIFETIME)
    spec = msgspec.json.decode(arguments[1], type=Spec)
    return {"work": work, "deliver": deliver}[arguments[0]](spec)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
