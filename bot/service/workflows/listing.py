"""The workflow ``list``: what an installation may see is asked of GitHub, and counts more than what webhooks told.

Repositories that are new here, or were away, are scanned once, in nobody's way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
import structlog

from bot.github.app_objects import InstallationInfo, RepositoryInfo
from bot.github.errors import NotThereError
from bot.service import metrics
from bot.service.arriving import found_again, is_there, told, upsert
from bot.service.changes import InstallationTold
from bot.service.database.opening import writing
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.model import Reason, ScanRequest
from bot.service.workflows import slots
from bot.service.workflows.admit import ScanArguments, admit, scan_id
from bot.service.workflows.chores import Chore
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried

_AT_ONCE: Final = 500
# Others write meanwhile: webhooks are answered in milliseconds.
_ADMITTED_AT_ONCE: Final = 10
_LOG: Final = structlog.get_logger(__name__)


def look(parts: Parts, chore: Chore) -> Tried:
    """Ask what the installation is and may see, and write it. Raises HostError."""
    number, now = chore.installation, parts.services.now()
    asked, last = _asked(parts, number), _last_told(parts, number)
    try:
        about = parts.apps().installation(number)
    except NotThereError:
        if not is_of_another_app(_known_installations(parts), {one.id for one in parts.apps().installations()}):
            uninstalled(parts, number)
        return Tried()
    found = () if about.suspended else parts.apps().repositories(number)
    with writing(parts.services.engine) as connection:
        # A suspension, or its end, may have been told of since.
        if _told_at(connection, number) == last:
            told(connection, installation_told(about), now)
        found_again(connection, number, now)
        # It may have been uninstalled since GitHub was asked.
        if not about.suspended and is_there(connection, number):
            _write(connection, number, _Found(found, asked), now)
    _admit_new(parts, number)
    return Tried()


def _last_told(parts: Parts, installation: int) -> datetime | None:
    with parts.services.engine.connect() as connection:
        return _told_at(connection, installation)


def _told_at(connection: sa.Connection, installation: int) -> datetime | None:
    wanted = sa.select(INSTALLATIONS.c.told_at).where(INSTALLATIONS.c.id == installation)
    return connection.execute(wanted.with_for_update()).scalar_one_or_none()


def installation_told(about: InstallationInfo) -> InstallationTold:
    """Return an installation as webhooks tell of it."""
    return InstallationTold(
        id=about.id,
        account=about.account,
        account_id=about.account_id,
        account_kind=about.account_kind,
        permissions=about.permissions,
        events=about.events,
        is_suspended=about.suspended is not None,
    )


def is_of_another_app(known: AbstractSet[int], named: AbstractSet[int]) -> bool:
    """Whether GitHub names none of the installations that are known. Then rather the key is wrong than all are gone."""
    if not known or known & named:
        return False
    _LOG.error(
        "GitHub names none of the installations that are known, so none is taken for gone: is the key the right App's?",
        known=len(known),
        named=len(named),
    )
    metrics.ERRORS.labels(part="reconcile", kind="AnotherApp").inc()
    return True


def _known_installations(parts: Parts) -> AbstractSet[int]:
    with parts.services.engine.connect() as connection:
        there = sa.select(INSTALLATIONS.c.id).where(INSTALLATIONS.c.gone_at.is_(None))
        return set(connection.execute(there).scalars())


def uninstalled(parts: Parts, installation: int) -> None:
    """Write that an installation is gone, which GitHub says when it is asked."""
    now = parts.services.now()
    with writing(parts.services.engine) as connection:
        for table, which in (
            (INSTALLATIONS, INSTALLATIONS.c.id == installation),
            (REPOSITORIES, REPOSITORIES.c.installation_id == installation),
        ):
            connection.execute(sa.update(table).where(which, table.c.gone_at.is_(None)).values(gone_at=now))


@dataclass(frozen=True, slots=True)
class _Found:
    """What GitHub named, and how the installation's rows were before it was asked: what changed since counts more."""

    repositories: Sequence[RepositoryInfo]
    asked: Mapping[int, Mapping[str, Any]]

    def is_newer(self, row: Mapping[str, Any], installation: int) -> bool:
        """Whether a webhook told what the repository is like while GitHub was asked."""
        was_told = row.get("told_at") != self._before(row).get("told_at")
        return row.get("installation_id") == installation and was_told

    def has_left(self, row: Mapping[str, Any], installation: int) -> bool:
        """Whether a webhook told that it is this installation's no more, while GitHub was asked."""
        before = self._before(row)
        if row.get("installation_id") != installation:
            return bool(before)
        return row["gone_at"] is not None and row["gone_at"] != before.get("gone_at")

    def was_there(self, number: int) -> bool:
        """Whether it was the installation's before GitHub was asked."""
        return number in self.asked and self.asked[number]["gone_at"] is None

    def _before(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.asked.get(row.get("id", 0), {})


def _asked(parts: Parts, installation: int) -> Mapping[int, Mapping[str, Any]]:
    """Return what there is to compare with once GitHub has answered, which takes several requests."""
    table = REPOSITORIES.c
    wanted = sa.select(table.id, table.told_at, table.gone_at).where(table.installation_id == installation)
    with parts.services.engine.connect() as connection:
        return {row["id"]: dict(row) for row in connection.execute(wanted).mappings()}


def _write(connection: sa.Connection, installation: int, found: _Found, now: datetime) -> None:
    before = _known(connection, [one.id for one in found.repositories])
    for some in _chunks([*_rows(installation, found, before)]):
        _put(connection, some)
    here = {one.id for one in found.repositories}
    table = REPOSITORIES.c
    there = sa.select(table.id).where(table.installation_id == installation, table.gone_at.is_(None))
    missing = (number for number in connection.execute(there).scalars() if number not in here)
    # What came meanwhile could not be named yet.
    for left in _chunks([number for number in missing if found.was_there(number)]):
        connection.execute(sa.update(REPOSITORIES).where(table.id.in_(left)).values(gone_at=now))


def _known(connection: sa.Connection, numbers: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return rows that nobody else changes until the end of the transaction."""
    table, rows = REPOSITORIES.c, dict[int, Mapping[str, Any]]()
    for some in _chunks(numbers):
        wanted = sa.select(REPOSITORIES).where(table.id.in_(some)).order_by(table.id).with_for_update()
        for row in connection.execute(wanted).mappings():
            rows[row["id"]] = dict(row)
    return rows


def _rows(installation: int, found: _Found, known: Mapping[int, Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield what is written. Of another name or with other topics, a repository is swept soon."""
    for one in found.repositories:
        before = known.get(one.id, {})
        if before and found.has_left(before, installation):
            continue
        facts = _facts(one, before)
        if before and found.is_newer(before, installation):
            facts = {name: before[name] for name in facts}
        is_same = all(before.get(name) == facts[name] for name in ("name", "topics")) and before["gone_at"] is None
        after = before.get("sweep_after") if is_same else None
        yield {"id": one.id, "installation_id": installation, **facts, "gone_at": None, "sweep_after": after}


def _facts(one: RepositoryInfo, before: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "name": one.name,
        "key": one.name.lower(),
        "private": one.private,
        "default_branch": one.default_branch,
        "topics": json.dumps(sorted(one.topics)),
        "skip": _skip(one, before.get("skip", "")),
    }


def _skip(one: RepositoryInfo, before: str) -> str:
    flags = {"archived": one.archived, "disabled": one.disabled, "mirror": one.mirror, "fork": one.fork}
    reason = next((reason for reason, applies in flags.items() if applies), "")
    # That it has no commit was seen, and of a size of nothing it may still be so.
    return reason or ("empty" if before == "empty" and one.empty_hint else "")


def _put(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    statement = upsert(connection, REPOSITORIES)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)


def _admit_new(parts: Parts, installation: int) -> None:
    """Admit what has no place in the week yet, some at a time, until all have. It waits while suspended."""
    while _admit_some(parts, installation):
        pass


def _admit_some(parts: Parts, installation: int) -> bool:
    services, table = parts.services, REPOSITORIES.c
    now, days = services.now(), services.settings.file.sweep.days
    active = sa.exists().where(INSTALLATIONS.c.id == installation, INSTALLATIONS.c.suspended_at.is_(None))
    new = sa.select(table.id, table.scanned_at).where(
        table.installation_id == installation, table.gone_at.is_(None), table.sweep_after.is_(None), active
    )
    with writing(services.engine) as connection:
        rows = connection.execute(new.order_by(table.id).limit(_ADMITTED_AT_ONCE)).all()
        for row in rows:
            mine = sa.update(REPOSITORIES).where(table.id == row.id)
            connection.execute(mine.values(sweep_after=slots.next_slot(row.id, days, now)))
            reason: Reason = "renamed" if row.scanned_at else "installed"
            request = ScanRequest(repository=row.id, installation=installation, reason=reason, urgency="sweep")
            wanted = ScanArguments(id=scan_id(row.id, f"{reason}:{now.timestamp():.0f}"), request=request)
            admit(connection, parts.work, wanted, now)
    return bool(rows)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
