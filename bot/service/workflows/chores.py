"""Chores: workflows for one installation that ask GitHub, and are put off where it does not answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import sqlalchemy as sa

from analyzers.typed import converted
from bot.service import metrics
from bot.service.engine.steps import step
from bot.service.engine.work import Work
from bot.service.logs import bound
from bot.service.workflows import slots
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Later, Tried, tried


class Chore(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of a chore. `attempt` counts how often it was put off before, `since` when first."""

    installation: int
    attempt: int = 0
    since: datetime | None = None


def enqueue(
    work: Work, name: str, chore: Chore, cause: str, *, delay: float = 0, connection: sa.Connection | None = None
) -> bool:
    """Enqueue a chore; False where one of the same installation waits, or was there for the same cause.

    What is to be done now does not wait for one that is to be done later.
    """
    return work.enqueue(
        name,
        msgspec.to_builtins(chore),
        id=f"{name}:{chore.installation}:{cause}",
        queue="chores",
        delay=delay,
        once=f"{name}:{chore.installation}{':later' if delay else ''}",
        connection=connection,
    )


def workflow(parts: Parts, name: str, work: Callable[[Parts, Chore], Tried]) -> Callable[[Mapping[str, Any]], None]:
    """Return a workflow of one step, in which ``work`` asks GitHub. ``work`` raises HostError, and may be repeated."""

    def run(arguments: Mapping[str, Any]) -> None:
        chore = converted(arguments, Chore)
        with bound(installation=chore.installation):
            came = step(name, partial(tried, Tried, name, partial(work, parts, chore)), returns=Tried)
            if came.later:
                step("put off", partial(_put_off, parts, name, chore, came.later))

    return run


def _put_off(parts: Parts, name: str, chore: Chore, later: Later) -> None:
    now = parts.services.now()
    since = chore.since or now
    if slots.is_given_up(since, now):
        return
    cause = f"{since.timestamp():.0f}~{chore.attempt + 1}"
    until = slots.put_off(now, later.until, chore.attempt, f"{name}:{chore.installation}:{cause}")
    again = Chore(installation=chore.installation, attempt=chore.attempt + 1, since=since)
    enqueue(parts.work, name, again, cause, delay=(until - now).total_seconds())
    metrics.POSTPONED.labels(cause=later.cause).inc()
