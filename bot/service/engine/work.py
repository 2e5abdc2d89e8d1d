"""The one place that enqueues: in the web process, in workers, and before any worker was ever started.

Three queues. ``intake`` and ``chores`` may have one waiting item of a name (`once`); ``scans`` is divided by `key`, the
installation, of which each has its share of the workers. Within each the smaller priority
goes first (0 before all), then the older.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, get_args

import msgspec
import sqlalchemy as sa
from dbos import EnqueueOptions
from dbos._error import DBOSConflictingWorkflowError, DBOSQueueDeduplicatedError, DBOSWorkflowIDInUseError

from analyzers.typed import from_json
from bot.service.database.clock import epoch
from bot.service.engine import durable
from bot.service.engine._rows import ALIVE, DELAYED, workflows

QueueName: TypeAlias = Literal["intake", "scans", "chores"]
QUEUES: Final[tuple[QueueName, ...]] = get_args(QueueName)
DIVIDED: Final[QueueName] = "scans"
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How many workflows of a queue are in one state, and for how many seconds the oldest of them is due."""

    queue: str
    status: Literal["waiting", "delayed", "running"]
    count: int
    oldest: float


class Work:
    """Enqueues workflows by name, on the database that the service uses for all else. Safe between threads."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._client = durable.client(engine)
        self._rows = workflows(engine)

    def enqueue(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        id: str,  # noqa: A002 - what it is called everywhere
        queue: QueueName,
        key: str = "",
        priority: int = 0,
        delay: float = 0.0,
        once: str = "",
        connection: sa.Connection | None = None,
    ) -> bool:
        """Enqueue the workflow `name`, to begin in `delay` seconds at the earliest.

        Arguments are plain JSON and hold no secret. `id` is for ever: of a second one, whatever it says, nothing
        comes. `once` is free again as soon as the workflow begins. Returns False where either is taken.

        With `connection` it happens in that transaction or not at all. Raises ValueError where `key` is missing or has
        no meaning, and SQLAlchemy's errors where the database is away.
        """
        _check(queue, key, once)
        options = EnqueueOptions(
            workflow_name=name, queue_name=queue, workflow_id=id, workflow_id_reuse_policy="reject"
        )
        if priority:
            options["priority"] = priority
        if key:
            options["queue_partition_key"] = key
        if once:
            options["deduplication_id"] = once
        if delay > 0:
            options["delay_seconds"] = delay
        given = from_json(msgspec.json.encode(arguments), Any)
        try:
            if connection is None:
                self._client.enqueue(options, given)
            else:
                with self._savepoint(connection):
                    self._client.enqueue_in_transaction(connection, options, given)
        except (DBOSWorkflowIDInUseError, DBOSConflictingWorkflowError, DBOSQueueDeduplicatedError):
            return False
        return True

    def alive(self, id: str) -> bool:  # noqa: A002 - as above
        """Whether that workflow waits, is delayed, or runs."""
        wanted = sa.select(self._rows.c.status).where(self._rows.c.workflow_uuid == id)
        with self._engine.connect() as connection:
            return connection.execute(wanted).scalar_one_or_none() in ALIVE

    def depth(self) -> Sequence[Depth]:
        """Return what waits and what runs, by queue."""
        rows = self._rows
        delay = sa.func.coalesce(rows.c.delay_until_epoch_ms, 0)
        due = sa.case((delay > rows.c.created_at, delay), else_=rows.c.created_at)
        wanted = (
            sa.select(rows.c.queue_name, rows.c.status, sa.func.count(), sa.func.min(due), epoch(self._engine))
            .where(rows.c.status.in_(ALIVE), rows.c.queue_name.in_(QUEUES))
            .group_by(rows.c.queue_name, rows.c.status)
            .order_by(rows.c.queue_name, rows.c.status)
        )
        with self._engine.connect() as connection:
            return [
                Depth(queue=queue, status=_WORDS[status], count=count, oldest=max(0.0, now - oldest / 1000))
                for queue, status, count, oldest, now in connection.execute(wanted)
            ]

    def forget(self, days: float) -> int:
        """Delete workflows that ended more than `days` ago, steps and all; return how many. Their ids are free."""
        before = (epoch(self._engine) - days * 86_400) * 1000
        return self._delete(self._rows.c.updated_at < before)

    def forget_named(self, prefixes: Collection[str], ids: Sequence[str] = ()) -> int:
        """Delete what ended and has one of these `ids`, or one that begins so; return how many. Their ids are free."""
        name = self._rows.c.workflow_uuid
        count = sum(self._delete(name.startswith(prefix, autoescape=True)) for prefix in prefixes)
        parts = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
        return count + sum(self._delete(name.in_(some)) for some in parts)

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        rows = self._rows
        ended = sa.select(rows.c.workflow_uuid).where(rows.c.application_name == durable.APPLICATION)
        ended = ended.where(rows.c.status.not_in(ALIVE), which).limit(_AT_ONCE)
        count = 0
        while True:
            with self._engine.connect() as connection:
                ids = list(connection.execute(ended).scalars())
            if not ids:
                return count
            self._client.delete_workflows(ids)
            count += len(ids)

    def _savepoint(self, connection: sa.Connection) -> Any:  # noqa: ANN401 - a context of either kind
        # In PostgreSQL a refused row would spoil the caller's transaction; in SQLite it does not.
        return nullcontext() if connection.dialect.name == "sqlite" else connection.begin_nested()


_WORDS: Final[Mapping[str, Literal["waiting", "delayed", "running"]]] = {
    "ENQUEUED": "waiting",
    DELAYED: "delayed",
    "PENDING": "running",
}


def _check(queue: QueueName, key: str, once: str) -> None:
    if queue not in QUEUES:
        raise ValueError(f"there is no queue {queue!r}")
    if queue == DIVIDED and not key:
        raise ValueError(f"{queue} is divided by installation: give its id as key, or the workflow would never run")
    if queue == DIVIDED and once:
        raise ValueError(f"{queue} knows no once: let a workflow of intake decide what is scanned")
    if queue != DIVIDED and key:
        raise ValueError(f"{queue} is not divided: key has no meaning there")
