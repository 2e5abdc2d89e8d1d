"""The service's processes: ``debtscan serve`` and ``debtscan worker``, from their start to a graceful end.

When one is told to stop it is no longer ready, its worker takes nothing new, and what runs has `stop_seconds` before it
is handed back for others to go on with. Meanwhile deliveries are still taken; then the web servers answer what is under
way, and the process ends with 0. A second signal ends it at once, with 130.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final, TextIO

import structlog

from analyzers.errors import ConfigError
from bot import VERSION
from bot.service import logs, metrics
from bot.service.asking import ask_for_all
from bot.service.check import check as checks
from bot.service.checked import Checked, lines
from bot.service.engine.workers import Worker
from bot.service.ground import Ground, opened
from bot.service.servers import Server
from bot.service.settings import DATABASE, Settings, check_jobs
from bot.service.setup_code import new_setup_code
from bot.service.stopping import Stopping
from bot.service.unseen import be_unseen
from bot.service.web.app import create
from bot.service.web.model import Web
from bot.service.web.operators import Operators
from bot.service.working import worker as opened_worker

OK, USAGE, INTERNAL = 0, 2, 3
_LOG: Final = structlog.get_logger(__name__)
_LOOK: Final = 1.0
_SWITCH: Final = 0.0005
# So long whoever balances the load needs to see that this process is not ready any more.
_UNLISTED: Final = 5.0


def check(settings: Settings, out: TextIO) -> int:
    """Print what the service needs and whether it is there; 0 where nothing keeps it from its work, else 2."""
    states: set[str] = set()

    def noted() -> Iterator[Checked]:
        for one in checks(settings):
            states.add(one.state)
            yield one

    for line in lines(noted()):
        out.write(f"{line}\n")
        out.flush()
    return USAGE if "failed" in states else OK


def serve(settings: Settings) -> int:
    """Serve, and work unless that is left to others, until it is told to stop. Returns the exit code."""
    check_jobs(settings)
    with _begun(settings) as process:
        code = "" if process.ground.keyring.now() else new_setup_code()
        process.bind(*_servers(process, code))
        _tell_setup(settings, code)
        return process.run(is_worker=bool(settings.file.jobs))


def work(settings: Settings) -> int:
    """Work until it is told to stop. Returns the exit code."""
    if settings.is_embedded:
        raise ConfigError(f"SQLite serves one process, `debtscan serve`: workers need PostgreSQL, in {DATABASE}")
    if not settings.file.jobs:
        raise ConfigError("jobs is 0: this worker would do nothing; set how many scans it may do at once")
    with _begun(settings) as process:
        if settings.operations:
            readings = process.ground.own_readings
            process.bind(_operators(process, settings.operations, lambda: metrics.exposition([readings])))
        return process.run(is_worker=True)


@dataclass
class _Process:
    """One process of the service: what it stands on, its worker and its servers."""

    ground: Ground
    stopping: Stopping
    held: ExitStack
    worker: Worker | None = None
    servers: list[Server] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether work may be given to this process."""
        return not self.stopping.is_asked and (self.worker is None or self.worker.is_healthy)

    def bind(self, *servers: Server) -> None:
        """Take the addresses, before any work is taken. Raises UsageError."""
        for server in servers:
            self.held.callback(server.stop)
            server.bind()
            self.servers.append(server)

    def run(self, *, is_worker: bool) -> int:
        """Begin, wait for the end, and end. Returns the exit code."""
        if is_worker:
            made = self.held.enter_context(opened_worker(self.ground))
            made.start()
            self.worker = made
            ask_for_all(self.ground.services, self.ground.work)
        for server in self.servers:
            server.start()
        # All that is here by now stays: each look through it for garbage would hold up every thread for 75 ms.
        gc.collect()
        gc.freeze()
        _LOG.info("ready", version=VERSION, pid=os.getpid(), database=self.ground.services.engine.dialect.name)
        code = self._wait()
        self._end(code)
        return code

    def _wait(self) -> int:
        while not self.stopping.wait(_LOOK):
            if not all(server.is_alive for server in self.servers):
                _LOG.error("a web server ended by itself")
                self.stopping.ask()
                return INTERNAL
        return OK

    def _end(self, code: int) -> None:
        seconds = self.ground.services.settings.file.stop_seconds
        _LOG.info("stopping", seconds=seconds)
        is_done = True
        if self.worker:
            is_done = self.worker.stop(seconds)
        else:
            time.sleep(min(_UNLISTED, seconds))
        for server in self.servers:
            server.stop()
        _LOG.info("stopped", handed_back=not is_done)
        if not is_done:
            # What still runs is others' by now: nothing of it may happen any more.
            logs.flush()
            os._exit(code)


@contextmanager
def _begun(settings: Settings) -> Iterator[_Process]:
    logs.configure()
    # What the service keeps is nobody else's on this machine.
    os.umask(0o077)
    be_unseen()
    # A crash within a library leaves no core of a process like that: its log says at least where every thread was.
    if not faulthandler.is_enabled():
        faulthandler.enable()
    # Deliveries are answered beside the threads of scans, which would hold the interpreter for 5 ms at a time.
    sys.setswitchinterval(_SWITCH)
    stopping = Stopping()
    try:
        with ExitStack() as held:
            ground = held.enter_context(opened(settings))
            yield _Process(ground, stopping, held)
    finally:
        stopping.close()


def _servers(process: _Process, setup_code: str) -> Sequence[Server]:
    """Return the service's own server, and the operators' where it has an address."""
    settings = process.ground.services.settings
    readings = process.ground.readings

    def exposition() -> bytes:
        return metrics.exposition([readings])

    web = Web(
        services=process.ground.services,
        keyring=process.ground.keyring,
        work=process.ground.work,
        github=process.ground.github,
        setup_code=setup_code,
        is_worker_healthy=lambda: process.is_ready,
        exposition=exposition,
    )
    servers = [Server(create(web), settings.bind, "listen")]
    if settings.operations:
        servers.append(_operators(process, settings.operations, exposition))
    return servers


def _operators(process: _Process, bind: tuple[str, int], exposition: Callable[[], bytes]) -> Server:
    told = Operators(engine=process.ground.services.engine, exposition=exposition, is_ready=lambda: process.is_ready)
    return Server(told.application(), bind, "operations")


def _tell_setup(settings: Settings, code: str) -> None:
    """Print the code that opens the setup, for whoever started the service."""
    if code:
        # Not a line of the log: those are collected, and this one opens a door.
        sys.stderr.write(
            f"debtscan: no GitHub App is registered yet: open {settings.file.url}/setup and enter {code}\n"
        )
        sys.stderr.flush()
