"""A whole worker in a process of its own: the real workflows, GitHub's stand-in, and nobody else in the world.

``python -m tests.support.service.full SPEC`` with a `Spec` as JSON. The first line of the output is the executor.
SIGTERM stops it gracefully.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from bot.github.address import Address
from bot.github.app_client import AppClient
from bot.github.auth import App
from bot.github.rate import Bounds, Clock
from bot.github.session import Settings as GitHub
from bot.service.database.opening import open_engine
from bot.service.engine.leases import Terms
from bot.service.engine.work import Work
from bot.service.engine.workers import Worker
from bot.service.services import Services
from bot.service.settings import File, Settings
from bot.service.workflows.all import workflows
from tests.support.service.estate import parts_of
from tests.support.service.scans import nobody

_ROOT = Path(__file__).resolve().parents[3]
# It ends by itself even where the tests are killed.
_LIFETIME = 900
_PR_SET_PDEATHSIG = 1
_PATIENCE = 60.0


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """What a process works with. `now` is the time at which it stands still, in seconds."""

    data: str
    database: str
    web: str
    api: str
    app: str
    key: str
    now: float
    life: float = 2.0
    beat: float = 0.25
    grace: float = 5.0

    def settings(self) -> Settings:
        """Return the settings."""
        file = File(url="http://127.0.0.1:8080", data=self.data, jobs=2)
        return Settings(file=file, secrets=Path(self.data) / "secrets", database=self.database)


def work(spec: Spec) -> int:
    """Do what is enqueued, until SIGTERM."""
    settings = spec.settings()
    engine = open_engine(settings)
    services = Services(settings=settings, engine=engine, now=lambda: datetime.fromtimestamp(spec.now, UTC))
    clock = Clock(now=lambda: spec.now, ticks=time.monotonic, sleep=time.sleep)
    bounds = Bounds(attempts=2, first_delay=0.1, longest_wait=0.5, spacing=0)
    github = GitHub(address=Address(spec.web, spec.api), bounds=bounds, clock=clock)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with AppClient(App(spec.app, spec.key), github) as client:
        parts = parts_of(settings.folder, services, Work(engine), lambda: client, nobody)
        worker = Worker(services, workflows(parts), terms=Terms(life=spec.life, beat=spec.beat))
        worker.start()
        sys.stdout.write(f"{worker.executor}\n")
        sys.stdout.flush()
        # Signals are seen between two waits.
        while not ended.wait(0.1):
            pass
        if not worker.stop(spec.grace):
            # Its threads would be waited for; the lease ends this process.
            threading.Event().wait()
    engine.dispose()
    return 0


@contextmanager
def full(spec: Spec, log: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a worker that works; killed at the end, unless it ended before."""
    command = [sys.executable, "-W", "error", "-m", "tests.support.service.full", msgspec.json.encode(spec).decode()]
    with log.open("ab") as stream:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=stream, text=True)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip(), f"it ended with {process.wait(_PATIENCE)}: {log.read_text()}"
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(_PATIENCE)
        process.stdout.close()


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    # The output is the test's.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.alarm(_LIFETIME)
    os.umask(0o077)
    return work(msgspec.json.decode(arguments[0], type=Spec))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
