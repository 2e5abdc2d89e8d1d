"""Who is scanned next: one scan a repository at a time, and what is asked for meanwhile is done right after it.

A request joins a scan that only waits, for that will look at what the repository is like then; a more urgent one takes
its place. While a scan runs, it is noted that another one is to follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Literal, TypeAlias

import msgspec
import sqlalchemy as sa
import structlog

from analyzers.typed import converted
from bot.service.database.opening import writing
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES, SCANS
from bot.service.engine.steps import step
from bot.service.engine.work import Work
from bot.service.logs import bound
from bot.service.model import PRIORITIES, WISHES, Reason, ScanRequest, Urgency
from bot.service.services import Services
from bot.service.web.model import Enqueues

_LOG: Final = structlog.get_logger(__name__)

Admission: TypeAlias = Literal["enqueued", "joined", "again", "left"]
"""What became of a request: `joined` a waiting scan, `again` after the one that runs, `left` for nobody wants it."""
_MOST_SETTLING: Final = 10


class ScanArguments(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of the workflow ``scan``. `attempt` counts how often it was put off before, `since` when first."""

    id: str
    request: ScanRequest
    attempt: int = 0
    since: datetime | None = None


class Admittance(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of the workflow ``admit``: what is asked of the workflow ``scan`` later.

    With `settles_since` it waits until nobody pushes any more, though not for ever; `turn` counts how often it did.
    """

    scan: ScanArguments
    settles_since: datetime | None = None
    turn: int = 0


def more_urgent(one: Urgency | None, other: Urgency) -> Urgency:
    """Return the more urgent one."""
    return other if one is None else min((one, other), key=lambda urgency: PRIORITIES[urgency])


def weightier(one: Reason | None, other: Reason) -> Reason:
    """Return the reason that counts more: what somebody wishes is not lost where scans become one."""
    return min((one or other, other), key=lambda reason: WISHES.index(reason) if reason in WISHES else len(WISHES))


def scan_id(repository: int, cause: str) -> str:
    """Return the id of a scan: the same for the same cause, such as a delivery."""
    return f"scan:{repository}:{cause}"[:200]


def following(scan: str) -> str:
    """Return the id of what follows a scan: one for each, and never longer and longer."""
    base, mark, count = scan.rpartition("~")
    return f"{base}~{int(count) + 1}" if mark else f"{scan}~1"


def admit(connection: sa.Connection, work: Enqueues, wanted: ScanArguments, now: datetime) -> Admission:
    """Admit a request within a transaction of `writing`; a second one with the same id changes nothing."""
    request = wanted.request
    row = row_of(connection, request.repository)
    if row is None or not may_be_scanned(connection, row):
        return "left"
    if _scan(connection, wanted.id) is not None:
        return "joined"
    current = _scan(connection, row["scanning"])
    if current is not None and current["started_at"] is not None:
        _note_again(connection, row, request)
        return "again"
    reason = weightier(current["reason"] if current else None, request.reason)
    if current is not None and PRIORITIES[current["urgency"]] <= PRIORITIES[request.urgency]:
        _change(connection, current, reason=reason)
        return "joined"
    if current is not None:
        _change(connection, current, outcome="left", ended_at=now)
        reason = reason if reason in WISHES else request.reason
    request = replace(request, installation=row["installation_id"], reason=reason)
    _enqueue(connection, work, msgspec.structs.replace(wanted, request=request), now)
    return "enqueued"


def admit_later(connection: sa.Connection, work: Work, later: Admittance, delay: float) -> bool:
    """Let a request be admitted in so many seconds; False where that is there already."""
    request = later.scan.request
    return work.enqueue(
        "admit",
        msgspec.to_builtins(later),
        id=f"admit:{later.scan.id}:{later.turn}",
        queue="intake",
        priority=PRIORITIES[request.urgency],
        delay=delay,
        once=f"settle:{request.repository}" if later.settles_since else "",
        connection=connection,
    )


def admit_settled(connection: sa.Connection, services: Services, work: Work, wanted: ScanArguments) -> None:
    """Let a repository be scanned once nobody pushes to it any more. More pushes meanwhile are one request."""
    later = Admittance(scan=wanted, settles_since=services.now())
    admit_later(connection, work, later, services.settings.file.sweep.settle_seconds)


def workflow(services: Services, work: Work) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``admit``."""

    def run(arguments: Mapping[str, Any]) -> None:
        given = converted(arguments, Admittance)
        request = given.scan.request
        with bound(repository=request.repository, installation=request.installation, delivery=request.delivery):
            came = step("admit", partial(_admit, services, work, given))
            _LOG.info("scan asked for", reason=request.reason, came=came)

    return run


def _admit(services: Services, work: Work, given: Admittance) -> str:
    now = services.now()
    with writing(services.engine) as connection:
        seconds = _seconds_left(connection, services, given, now)
        if seconds <= 0:
            return admit(connection, work, given.scan, now)
        admit_later(connection, work, msgspec.structs.replace(given, turn=given.turn + 1), seconds)
        return "settling"


def _seconds_left(connection: sa.Connection, services: Services, given: Admittance, now: datetime) -> float:
    """Return for how long the repository has to be left in peace."""
    settle = timedelta(seconds=services.settings.file.sweep.settle_seconds)
    row = row_of(connection, given.scan.request.repository)
    if given.settles_since is None or row is None or row["pushed_at"] is None:
        return 0
    quiet: datetime = min(row["pushed_at"] + settle, given.settles_since + settle * _MOST_SETTLING)
    return (quiet - now).total_seconds()


def row_of(connection: sa.Connection, repository: int) -> Mapping[str, Any] | None:
    """Return a repository's row, which nobody else changes until the end of the transaction."""
    wanted = sa.select(REPOSITORIES).where(REPOSITORIES.c.id == repository).with_for_update()
    row = connection.execute(wanted).mappings().first()
    return dict(row) if row else None


def _scan(connection: sa.Connection, scan: str) -> Mapping[str, Any] | None:
    if not scan:
        return None
    row = connection.execute(sa.select(SCANS).where(SCANS.c.id == scan)).mappings().first()
    return dict(row) if row else None


def may_be_scanned(connection: sa.Connection, row: Mapping[str, Any]) -> bool:
    """Whether the App may look at the repository, and is to."""
    if row["gone_at"] is not None or row["skip"]:
        return False
    wanted = sa.select(INSTALLATIONS.c.suspended_at, INSTALLATIONS.c.gone_at)
    found = connection.execute(wanted.where(INSTALLATIONS.c.id == row["installation_id"])).first()
    return found is not None and found.suspended_at is None and found.gone_at is None


def _change(connection: sa.Connection, scan: Mapping[str, Any], **values: Any) -> None:  # noqa: ANN401 - columns
    connection.execute(sa.update(SCANS).where(SCANS.c.id == scan["id"]).values(**values))


def _note_again(connection: sa.Connection, row: Mapping[str, Any], request: ScanRequest) -> None:
    urgency = more_urgent(row["again"] or None, request.urgency)
    reason = weightier(row["again_reason"] or None, request.reason)
    mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == row["id"])
    connection.execute(mine.values(again=urgency, again_reason=reason if reason in WISHES else ""))


def _enqueue(connection: sa.Connection, work: Enqueues, arguments: ScanArguments, now: datetime) -> None:
    request = arguments.request
    row = {
        "id": arguments.id,
        "repository_id": request.repository,
        "installation_id": request.installation,
        "reason": request.reason,
        "urgency": request.urgency,
        "delivery": request.delivery,
        "requested_at": now,
        "attempt": arguments.attempt,
    }
    arguments = arguments if arguments.since else msgspec.structs.replace(arguments, since=now)
    connection.execute(sa.insert(SCANS).values(row))
    mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == request.repository)
    connection.execute(mine.values(scanning=arguments.id))
    work.enqueue(
        "scan",
        msgspec.to_builtins(arguments),
        id=arguments.id,
        queue="scans",
        key=str(request.installation),
        priority=PRIORITIES[request.urgency],
        connection=connection,
    )
