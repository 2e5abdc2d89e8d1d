"""A worker: it takes work from the queues, and tells the others that it lives. One a process."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog
from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

import bot
from bot.service.database.errors import DatabaseError
from bot.service.database.migrate import needed
from bot.service.engine import durable, leases
from bot.service.engine._bodies import Bodies
from bot.service.engine.adoption import adopt, be_latest, bring_forward, find_lost, latest_version
from bot.service.engine.alone import Alone
from bot.service.engine.leases import TERMS, Lease, Terms
from bot.service.engine.work import DIVIDED, QUEUES, QueueName
from bot.service.services import Services

Workflow: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""What is enqueued by name: a function of its arguments, which are plain JSON. What it returns is not kept."""
_LOG: Final = structlog.get_logger(__name__)
_INTAKE_JOBS, _CHORE_JOBS = 4, 2
# How often each queue is looked at, in seconds: a person may wait for the first.
_POLLS: Final[Mapping[QueueName, float]] = {"intake": 0.25, "scans": 0.25, "chores": 1.0}
# How often the work of others that are gone is looked for, and whether the own lease lives.
_LOOK, _WATCH = 2.0, 0.5
# How long a step that cannot be interrupted may still run once its workflow is handed back.
_GRACE: Final = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A workflow that begins by the clock (cron, UTC). Its arguments are ``{"scheduled_at": ISO 8601}``.

    What was due while no worker ran is made up for, with `backfill`.
    """

    name: str
    workflow: str
    cron: str
    backfill: bool = False
    queue: QueueName = "chores"


class Worker:
    """Runs workflows. `version` is theirs: work that another version began is begun anew by this one.

    `jobs` of the settings are the scans at once in a process, and the worker that started last says how many for all;
    with 0 this process takes none.
    """

    def __init__(
        self,
        services: Services,
        workflows: Mapping[str, Workflow],
        schedules: Sequence[Schedule] = (),
        *,
        version: str = bot.VERSION,
        terms: Terms = TERMS,
    ) -> None:
        self._services = services
        self._workflows = workflows
        self._schedules = schedules
        self._version = version
        self._terms = terms
        self._lease = Lease(services.engine, version, terms)
        self._bodies = Bodies(services.engine, self._lease)
        self._alone = Alone(services.settings.folder) if services.settings.is_embedded else None
        self._threads: list[threading.Thread] = []
        self.stopping = threading.Event()

    @property
    def executor(self) -> str:
        """The name of this process among the workers."""
        return self._lease.executor

    @property
    def is_healthy(self) -> bool:
        """Whether work is taken, and the lease lives."""
        return (
            self._lease.is_live
            and not self.stopping.is_set()
            and bool(self._threads)
            and all(thread.is_alive() for thread in self._threads)
        )

    def start(self) -> None:
        """Begin to take work. Raises DatabaseError where the tables are not ours, and SecondProcessError."""
        engine = self._services.engine
        lack = needed(engine)
        if lack:
            raise DatabaseError(lack)
        if self._alone:
            self._alone.take()
        self._lease.take()
        # Nobody else can be alive on a folder that is ours alone.
        leases.forget_ended(engine, but=self.executor if self._alone else "")
        self._begin(self._watch, self._beat)
        try:
            self._launch()
        except BaseException:
            self.stop(0)
            raise
        self._begin(self._adopt)

    def stop(self, seconds: float) -> bool:
        """Take no more, wait so long for what runs, and hand the rest back to the others.

        Returns whether nothing runs here any more. Where something does, others get it within a few seconds, and this
        process has to end at once: it ends by itself before that.
        """
        self.stopping.set()
        # The library looks once a second whether something still runs.
        patience = math.ceil(seconds) if self._bodies.are_busy else 0
        timer = threading.Timer(patience, self._lease.hand_back)
        timer.daemon = True
        timer.start()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)
        timer.cancel()
        self._lease.hand_back()
        if not self._end_lease(is_done=self._bodies.wait(1.0)):
            return False
        for thread in self._threads:
            thread.join(timeout=5)
        if self._alone:
            self._alone.release()
        return True

    def _end_lease(self, *, is_done: bool) -> bool:
        """End the lease, soon where something still runs; return whether it has ended."""
        try:
            if is_done:
                self._lease.release()
            else:
                self._lease.shorten(_GRACE)
        except SQLAlchemyError as error:
            _LOG.warning("the lease could not be ended: others go on when it ends by itself", kind=type(error).__name__)
            return False
        return is_done

    def _launch(self) -> None:
        durable.close_to_vendor()
        engine, jobs = self._services.engine, self._services.settings.file.jobs
        DBOS(config=durable.configuration(engine, self.executor, self._version))
        bodies = {name: self._bodies.register(name, function) for name, function in self._workflows.items()}
        DBOS.listen_queues([queue for queue in QUEUES if jobs or queue != DIVIDED])
        # Before the launch, after which they would be found a second later.
        self._register_queues(jobs)
        DBOS.launch()
        be_latest(engine, self._version)
        self._apply_schedules(bodies)

    def _apply_schedules(self, bodies: Mapping[str, Callable[..., None]]) -> None:
        names = {one.name for one in self._schedules}
        for there in DBOS.list_schedules():
            if there["schedule_name"] not in names:
                DBOS.delete_schedule(there["schedule_name"])
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": one.name,
                    "workflow_fn": bodies[one.workflow],
                    "schedule": one.cron,
                    "automatic_backfill": one.backfill,
                    "queue_name": one.queue,
                }
                for one in self._schedules
            ]
        )

    def _register_queues(self, jobs: int) -> None:
        client = durable.client(self._services.engine)
        client.register_queue("intake", worker_concurrency=_INTAKE_JOBS, polling_interval_sec=_POLLS["intake"])
        client.register_queue("chores", worker_concurrency=_CHORE_JOBS, polling_interval_sec=_POLLS["chores"])
        if jobs:
            client.register_queue(
                DIVIDED,
                worker_concurrency=jobs,
                partition_concurrency=self._services.settings.file.limits.organisation_jobs,
                polling_interval_sec=_POLLS[DIVIDED],
            )

    def _begin(self, *loops: Callable[[], None]) -> None:
        for loop in loops:
            thread = threading.Thread(target=loop, name=f"worker-{loop.__name__.strip('_')}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _watch(self) -> None:
        """End the process when the lease may have ended, whatever its other threads wait for."""
        while not self._lease.given_up.is_set():
            if not self._lease.is_live:
                self._lease.leave()
            self._lease.given_up.wait(min(_WATCH, self._terms.beat))

    def _beat(self) -> None:
        """Renew the lease. While the database is silent that is tried again; `_watch` ends it."""
        wait = self._terms.beat
        while not self._lease.given_up.wait(wait):
            try:
                if not self._lease.renew():
                    self._lease.leave()
                wait = self._terms.beat
            except SQLAlchemyError as error:
                _LOG.warning("the lease could not be renewed", kind=type(error).__name__)
                wait = min(1.0, self._terms.beat)

    def _adopt(self) -> None:
        """Look for work whose worker is gone, and see to it that work of no version is taken by somebody."""
        engine = self._services.engine
        while not self.stopping.is_set():
            try:
                leases.forget_ended(engine)
                count = adopt(engine, self._version) + bring_forward(engine, self._version)
                count += find_lost(engine, self._version, self.executor, self._bodies.running)
                if count:
                    _LOG.info("adopted work that nobody did", count=count)
                self._be_latest()
            except SQLAlchemyError as error:
                _LOG.warning("could not look for work of others", kind=type(error).__name__)
            self.stopping.wait(min(_LOOK, self._terms.beat))

    def _be_latest(self) -> None:
        """Work of no version goes to workers of the latest one; where none of those lives, that is this one."""
        latest = latest_version(self._services.engine)
        if latest != self._version and latest not in {held.version for held in leases.live(self._services.engine)}:
            be_latest(self._services.engine, self._version)
