"""How a scan ends: its row is closed, its repository is free for the next, and what was asked meanwhile is admitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog

from bot.service import metrics
from bot.service.database.opening import writing
from bot.service.database.tables import REPOSITORIES, SCANS
from bot.service.model import Reason, ScanOutcome, ScanRequest, Urgency
from bot.service.workflows import slots
from bot.service.workflows.admit import Admittance, ScanArguments, admit, admit_later, following, more_urgent, weightier
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Later

_LOG: Final = structlog.get_logger(__name__)
_MOST_RETRIES: Final = 6


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a scan: `told` is why it failed or was left, "" where nothing is to be said."""

    outcome: ScanOutcome
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """That a repository is to be scanned once more: for whom, and what is wished."""

    urgency: Urgency
    reason: Reason


def end(parts: Parts, given: ScanArguments, ending: Ending) -> None:
    """End a scan, and admit what was asked for while it ran. Once more, it changes nothing."""
    now = parts.services.now()
    with writing(parts.services.engine) as connection:
        again = _close(connection, given, ending, now)
        if ending.outcome in {"done", "unchanged"}:
            _tell(connection, given, "", None)
        elif ending.outcome == "failed":
            _tell(connection, given, ending.told, now)
        if again:
            request = replace(given.request, reason=again.reason, urgency=again.urgency, head="")
            admit(connection, parts.work, ScanArguments(id=following(given.id), request=request), now)
    _count(given, ending.outcome, now)


def put_off(parts: Parts, given: ScanArguments, later: Later) -> None:
    """Put a scan off until GitHub answers again; after a day, tell it as failed."""
    now = parts.services.now()
    since = given.since or now
    if slots.is_given_up(since, now):
        end(parts, given, Ending(outcome="failed", told=later.told))
        return
    until = slots.put_off(now, later.until, given.attempt, given.id)
    with writing(parts.services.engine) as connection:
        again = _close(connection, given, Ending(outcome="postponed", told=later.told), now, until)
        request = _merged(given.request, again) if again else given.request
        scan = ScanArguments(id=following(given.id), request=request, attempt=given.attempt + 1, since=since)
        admit_later(connection, parts.work, Admittance(scan=scan), (until - now).total_seconds())
    metrics.POSTPONED.labels(cause=later.cause).inc()
    _count(given, "postponed", now)


def try_again(parts: Parts, given: ScanArguments) -> None:
    """Have what could be written in part only tried again, some few times: after that with the next scan."""
    if given.attempt >= _MOST_RETRIES:
        return
    now = parts.services.now()
    until = slots.put_off(now, None, given.attempt, given.id)
    request = replace(given.request, reason="again", urgency="sweep", head="")
    scan = ScanArguments(id=following(given.id), request=request, attempt=given.attempt + 1)
    with writing(parts.services.engine) as connection:
        admit_later(connection, parts.work, Admittance(scan=scan), (until - now).total_seconds())


def _close(
    connection: sa.Connection, given: ScanArguments, ending: Ending, now: datetime, until: datetime | None = None
) -> Again | None:
    """Close the scan's row and free its repository; return how it is to be scanned again."""
    mine = sa.update(SCANS).where(SCANS.c.id == given.id, SCANS.c.ended_at.is_(None))
    # What failed while posting was told there before.
    told: Mapping[str, Any] = {"error": ending.told} if ending.told else {}
    connection.execute(mine.values(outcome=ending.outcome, ended_at=now, until=until, **told))
    repository = REPOSITORIES.c
    held = sa.and_(repository.id == given.request.repository, repository.scanning == given.id)
    wanted = sa.select(repository.again, repository.again_reason).where(held).with_for_update()
    row = connection.execute(wanted).first()
    connection.execute(sa.update(REPOSITORIES).where(held).values(scanning="", again="", again_reason=""))
    return Again(urgency=row.again, reason=row.again_reason or "again") if row and row.again else None


def _merged(request: ScanRequest, again: Again) -> ScanRequest:
    """Return a request for both: what is put off, and what was asked for meanwhile."""
    reason = weightier(request.reason, again.reason)
    return replace(request, reason=reason, urgency=more_urgent(again.urgency, request.urgency), head="")


def _tell(connection: sa.Connection, given: ScanArguments, error: str, at: datetime | None) -> None:
    mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == given.request.repository)
    connection.execute(mine.values(error=error, error_at=at))


def _count(given: ScanArguments, outcome: ScanOutcome, now: datetime) -> None:
    request = given.request
    metrics.SCANS.labels(reason=request.reason, outcome=outcome).inc()
    _LOG.info("scan ended", reason=request.reason, outcome=outcome)
    if given.since and outcome in {"done", "unchanged", "failed"}:
        waited = (now - given.since).total_seconds()
        metrics.SCAN_WAIT_SECONDS.labels(urgency=request.urgency, outcome=outcome).observe(waited)
