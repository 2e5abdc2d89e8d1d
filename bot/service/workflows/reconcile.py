"""The workflows ``reconcile``, ``missed`` and ``revive``: what nobody heard of is found again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog

from analyzers.typed import converted
from bot.github.app_objects import DeliveryInfo
from bot.github.errors import HostError, RateLimitedError, UnreachableError
from bot.service import metrics
from bot.service.arriving import found_again, told, upsert
from bot.service.database.opening import writing
from bot.service.database.tables import DELIVERIES, INSTALLATIONS, MARKS, REPOSITORIES, SCANS
from bot.service.engine.buckets import Buckets
from bot.service.engine.steps import step
from bot.service.model import WISHES, Reason, ScanRequest, Urgency
from bot.service.workflows import chores, listing, slots
from bot.service.workflows.admit import ScanArguments, admit, following, more_urgent, row_of, weightier
from bot.service.workflows.chores import Chore
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Later, Tried, tried

_MARK: Final = "deliveries"
_OVERLAP: Final = timedelta(hours=1)
# So long GitHub keeps them.
_KEPT: Final = timedelta(days=3)
# What was sent a moment ago may be on its way.
_UNDER_WAY: Final = timedelta(minutes=5)
_LOST_AFTER: Final = timedelta(minutes=15)
_MOST_REDELIVERED: Final = 300
_AT_ONCE: Final = 500
# Requests for all installations at once would be a herd.
_SPREAD: Final = 3600.0
# A bucket is full long before that, as if it had never been used.
_IDLE: Final = 86_400.0
_LOG: Final = structlog.get_logger(__name__)


class Reconciling(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of ``reconcile``. `attempt` counts how often it was put off before, `since` when first."""

    scheduled_at: str
    attempt: int = 0
    since: datetime | None = None


def reconcile(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``reconcile``, which begins by the clock: every installation is listed, and configured."""

    def run(arguments: Mapping[str, Any]) -> None:
        given = converted(arguments, Reconciling)
        look = partial(_reconcile, parts, given.scheduled_at)
        came = step("reconcile", partial(tried, Tried, "reconcile", look), returns=Tried)
        if came.later:
            step("put off", partial(_put_off, parts, given, came.later))

    return run


def _put_off(parts: Parts, given: Reconciling, later: Later) -> None:
    now = parts.services.now()
    since = given.since or now
    if slots.is_given_up(since, now):
        return
    id_ = f"reconcile:{given.scheduled_at}~{given.attempt + 1}"
    until = slots.put_off(now, later.until, given.attempt, id_)
    parts.work.enqueue(
        "reconcile",
        msgspec.to_builtins(msgspec.structs.replace(given, attempt=given.attempt + 1, since=since)),
        id=id_,
        queue="chores",
        delay=(until - now).total_seconds(),
        once="reconcile:later",
    )
    metrics.POSTPONED.labels(cause=later.cause).inc()


def _reconcile(parts: Parts, cause: str) -> Tried:
    now, found = parts.services.now(), parts.apps().installations()
    with writing(parts.services.engine) as connection:
        there = sa.select(INSTALLATIONS.c.id).where(INSTALLATIONS.c.gone_at.is_(None))
        known = set(connection.execute(there).scalars())
        for about in found:
            told(connection, listing.installation_told(about), now)
            found_again(connection, about.id, now)
        _left_behind(connection, now)
    Buckets(parts.services.engine).forget(_IDLE)
    named = {about.id for about in found}
    # It may have been installed since GitHub was asked, so each is asked for by itself.
    for number in () if listing.is_of_another_app(known, named) else sorted(known - named):
        chores.enqueue(parts.work, "list", Chore(installation=number), cause)
    active = [about.id for about in found if about.suspended is None]
    for place, number in enumerate(active):
        delay = _SPREAD * place / len(active) if number in known else 0
        # What is configured counts for what is listed.
        for name in ("configure", "list"):
            chores.enqueue(parts.work, name, Chore(installation=number), cause, delay=delay)
    return Tried()


def _left_behind(connection: sa.Connection, now: datetime) -> None:
    """Write that what came in the moment in which its installation went is gone as well."""
    table = REPOSITORIES.c
    there = sa.select(INSTALLATIONS.c.id).where(INSTALLATIONS.c.gone_at.is_(None))
    left = sa.update(REPOSITORIES).where(table.gone_at.is_(None), table.installation_id.not_in(there))
    connection.execute(left.values(gone_at=now))


def missed(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``missed``, which begins by the clock: GitHub is asked for what never came, once."""

    def run(_arguments: Mapping[str, Any]) -> None:
        step("missed", partial(tried, Tried, "reconcile", partial(_missed, parts)), returns=Tried)

    return run


def _missed(parts: Parts) -> Tried:
    now = parts.services.now()
    attempts = _newest(parts.apps().deliveries(_since(parts, now)))
    # Without a clock in common: what came is known by its name.
    old = {guid: one for guid, one in attempts.items() if now - one.delivered_at > _UNDER_WAY}
    lacking = [old[guid] for guid in _lacking(parts, tuple(old), now)]
    for one in lacking[:_MOST_REDELIVERED]:
        _redeliver(parts, one, now)
    if len(lacking) <= _MOST_REDELIVERED:
        _mark(parts, now)
    return Tried()


def _newest(found: Iterable[DeliveryInfo]) -> Mapping[str, DeliveryInfo]:
    """Return the newest attempt of each delivery."""
    return {one.guid: one for one in sorted(found, key=lambda one: (one.delivered_at, one.id))}


def _since(parts: Parts, now: datetime) -> datetime:
    with parts.services.engine.connect() as connection:
        mark = connection.execute(sa.select(MARKS.c.at).where(MARKS.c.name == _MARK)).scalar_one_or_none()
    # What was done and is forgotten here would seem never to have come.
    first = now - min(_KEPT, timedelta(days=parts.services.settings.file.retention.deliveries_days))
    return max(mark - _OVERLAP, first) if mark else first


def _mark(parts: Parts, now: datetime) -> None:
    with writing(parts.services.engine) as connection:
        statement = upsert(connection, MARKS).values(name=_MARK, at=now)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def _lacking(parts: Parts, guids: Sequence[str], now: datetime) -> Sequence[str]:
    """Return those that were never taken or asked for, and those that were taken and whose work was lost."""
    known = dict[str, sa.Row[Any]]()
    table = DELIVERIES.c
    columns = (table.id, table.outcome, table.received_at, table.handled_at, table.repeats)
    with parts.services.engine.connect() as connection:
        for start in range(0, len(guids), _AT_ONCE):
            some = sa.select(*columns).where(table.id.in_(guids[start : start + _AT_ONCE]))
            known |= {row.id: row for row in connection.execute(some)}

    def is_lacking(guid: str) -> bool:
        row = known.get(guid)
        if row is None:
            return True
        if row.outcome == "enqueued":
            # What failed and came again has its number behind its name.
            names = (guid, *(f"{guid}:{turn}" for turn in range(1, row.repeats + 1)))
            return bool(now - row.received_at > _LOST_AFTER) and not any(map(parts.work.alive, names))
        return row.outcome == "failed" and row.handled_at is None

    return [guid for guid in guids if is_lacking(guid)]


def _redeliver(parts: Parts, one: DeliveryInfo, now: datetime) -> None:
    """Ask for a delivery: it is taken when it comes, and not asked for again. Raises where GitHub is to be asked later.

    One that GitHub does not deliver any more keeps none of the others from coming.
    """
    row = {"event": one.event[:50], "action": one.action[:50], "received_at": now, "outcome": "failed"}
    with writing(parts.services.engine) as connection:
        statement = upsert(connection, DELIVERIES).values(id=one.guid, **row)
        lost = {"outcome": "failed", "handled_at": None}
        connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=lost))
    try:
        parts.apps().redeliver(one.id)
    except (RateLimitedError, UnreachableError):
        raise
    except HostError as error:
        metrics.failed("reconcile", error)
        _LOG.warning("GitHub does not deliver it again", delivery=one.guid, kind=type(error).__name__)
    with writing(parts.services.engine) as connection:
        asked = sa.update(DELIVERIES).where(DELIVERIES.c.id == one.guid, DELIVERIES.c.outcome == "failed")
        connection.execute(asked.values(handled_at=now))


def revive(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``revive``, which begins by the clock: scans that nobody does any more are begun anew."""

    def run(_arguments: Mapping[str, Any]) -> None:
        step("revive", partial(_revive, parts))

    return run


def _revive(parts: Parts) -> int:
    table = REPOSITORIES.c
    columns = (table.id, table.installation_id, table.scanning)
    with parts.services.engine.connect() as connection:
        rows = connection.execute(sa.select(*columns).where(table.scanning != "")).all()
    dead = [row for row in rows if not parts.work.alive(row.scanning)]
    for row in dead:
        _free(parts, row.id, row.installation_id, row.scanning)
    return len(dead)


def _free(parts: Parts, repository: int, installation: int, scan: str) -> None:
    now, table = parts.services.now(), REPOSITORIES.c
    with writing(parts.services.engine) as connection:
        row = row_of(connection, repository)
        # It may have ended since it was looked at.
        if row is None or row["scanning"] != scan:
            return
        mine = sa.update(REPOSITORIES).where(table.id == repository)
        connection.execute(mine.values(scanning="", again="", again_reason=""))
        lost = sa.update(SCANS).where(SCANS.c.id == scan, SCANS.c.ended_at.is_(None))
        connection.execute(lost.values(outcome="failed", ended_at=now, error="its process ended, and nobody went on"))
        request = _once_more(connection, row, installation)
        admit(connection, parts.work, ScanArguments(id=following(scan), request=request), now)


def _once_more(connection: sa.Connection, row: Mapping[str, Any], installation: int) -> ScanRequest:
    """Return a request for all that the lost scan was asked for, and for what was asked meanwhile."""
    wanted = sa.select(SCANS.c.urgency, SCANS.c.reason).where(SCANS.c.id == row["scanning"])
    lost = connection.execute(wanted).first()
    urgency: Urgency = more_urgent(row["again"] or None, lost.urgency if lost else "change")
    reason: Reason = weightier(row["again_reason"] or None, lost.reason if lost else "again")
    return ScanRequest(
        repository=row["id"],
        installation=installation,
        reason=reason if reason in WISHES else "again",
        urgency=urgency,
    )
