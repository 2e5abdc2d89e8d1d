"""The workflow ``compare``: an open pull request is told what it adds and mends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog

from analyzers.typed import converted
from bot.github.errors import RateLimitedError
from bot.service import metrics
from bot.service.database.opening import writing
from bot.service.engine.steps import require, step
from bot.service.engine.work import Work
from bot.service.logs import bound
from bot.service.model import PRIORITIES, Urgency
from bot.service.organizations import inherited_by
from bot.service.scanning import Job
from bot.service.scanning import compare as tell
from bot.service.workflows import slots
from bot.service.workflows.admit import following, may_be_scanned, row_of
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Later, Tried, tried

_LOG: Final = structlog.get_logger(__name__)


class CompareArguments(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of the workflow ``compare``. `id` is its own; `attempt` and `since` as of a scan."""

    id: str
    repository: int
    number: int
    installation: int
    delivery: str = ""
    attempt: int = 0
    since: datetime | None = None


class Told(Tried, frozen=True, kw_only=True):
    """What came of it."""

    conclusion: str = ""


def workflow(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``compare``."""

    def run(arguments: Mapping[str, Any]) -> None:
        given = converted(arguments, CompareArguments)
        with bound(
            repository=given.repository, installation=given.installation, delivery=given.delivery, pull=given.number
        ):
            came = step("compare", partial(tried, Told, "compare", partial(_told, parts, given)), returns=Told)
            _LOG.info("pull request compared", conclusion=came.conclusion, failed=came.failed)
            if came.later:
                step("put off", partial(_put_off, parts, given, came.later))

    return run


def enqueue(connection: sa.Connection, work: Work, given: CompareArguments, urgency: Urgency, delay: float = 0) -> bool:
    """Enqueue it; False where it is there already."""
    return work.enqueue(
        "compare",
        msgspec.to_builtins(given),
        id=given.id,
        queue="scans",
        key=str(given.installation),
        priority=PRIORITIES[urgency],
        delay=delay,
        connection=connection,
    )


def _told(parts: Parts, given: CompareArguments) -> Told:
    """Compare and post. Raises HostError, ScanFailedError and kin."""
    require()
    with writing(parts.services.engine) as connection:
        row = row_of(connection, given.repository)
        if row is None or row["phase"] != "posting" or not may_be_scanned(connection, row):
            return Told()
        inherited = inherited_by(connection, row["installation_id"], row["name"])
    client = parts.client(row["installation_id"], given.repository, row["name"])
    repo, now = client.repository(), parts.services.now()
    job = Job(
        repository=given.repository,
        name=repo.name,
        branch=repo.default_branch,
        commit=repo.head or "",
        private=repo.private,
        as_of=now.date(),
        now=now,
        inherited=inherited,
    )
    came = tell(
        job,
        given.number,
        host=client,
        repo=repo,
        url=client.url,
        mirrors=parts.mirrors,
        source=client.clone_source,
        network=parts.lookups,
        limits=parts.limits,
    )
    if came.limited:
        raise RateLimitedError("GitHub's limit ended it before all was written", came.again_at)
    return Told(conclusion=came.conclusion)


def _put_off(parts: Parts, given: CompareArguments, later: Later) -> None:
    now = parts.services.now()
    since = given.since or now
    if slots.is_given_up(since, now):
        return
    until = slots.put_off(now, later.until, given.attempt, given.id)
    again = msgspec.structs.replace(given, id=following(given.id), attempt=given.attempt + 1, since=since)
    with writing(parts.services.engine) as connection:
        enqueue(connection, parts.work, again, "change", delay=(until - now).total_seconds())
    metrics.POSTPONED.labels(cause=later.cause).inc()
