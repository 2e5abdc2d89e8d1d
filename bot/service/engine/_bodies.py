"""Workflows as the library runs them: under the lease, free for the next of the same name, without their results."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa
import structlog
from dbos import DBOS
from structlog.contextvars import bound_contextvars

from bot.service.engine import steps
from bot.service.engine._rows import workflows
from bot.service.engine.durable import ATTEMPTS
from bot.service.engine.leases import Lease

_LOG: Final = structlog.get_logger(__name__)


class Bodies:
    """What runs in this process."""

    def __init__(self, engine: sa.Engine, lease: Lease) -> None:
        self._engine = engine
        self._lease = lease
        self._running: Counter[str] = Counter()
        self._changed = threading.Condition()

    def register(self, name: str, function: Callable[[Mapping[str, Any]], Any]) -> Callable[..., None]:
        """Make `function` known to the library by a name."""

        def body(given: Any, _context: Any = None) -> None:  # noqa: ANN401 - JSON, or the time of a schedule
            arguments = given if isinstance(given, Mapping) else {"scheduled_at": str(given)}
            self._run(name, function, arguments)

        body.__qualname__ = name
        return DBOS.workflow(name=name, max_recovery_attempts=ATTEMPTS)(body)

    @property
    def are_busy(self) -> bool:
        """Whether something runs."""
        return bool(self._running)

    @property
    def running(self) -> frozenset[str]:
        """The ids of the workflows that run."""
        with self._changed:
            return frozenset(self._running)

    def wait(self, seconds: float) -> bool:
        """Return whether nothing runs, which is waited for."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, timeout=seconds)

    def _run(self, name: str, function: Callable[[Mapping[str, Any]], Any], arguments: Mapping[str, Any]) -> None:
        id_ = str(DBOS.workflow_id)
        self._count(id_, 1)
        try:
            with steps.inside(self._lease), bound_contextvars(workflow=name, workflow_id=id_):
                steps.require()
                steps.patiently(self._free)
                try:
                    function(arguments)
                except Exception:
                    _LOG.exception("a workflow failed")
                    raise
                steps.require()
        finally:
            self._count(id_, -1)

    def _free(self) -> None:
        """Let the next workflow of the same name (`once`) be enqueued: this one looks at the world from now on."""
        rows = workflows(self._engine)
        mine = sa.update(rows).where(rows.c.workflow_uuid == DBOS.workflow_id, rows.c.deduplication_id.is_not(None))
        with self._engine.begin() as connection:
            connection.execute(mine.values(deduplication_id=None))

    def _count(self, id_: str, by: int) -> None:
        with self._changed:
            self._running[id_] += by
            # Without those that are at zero.
            self._running = +self._running
            self._changed.notify_all()
