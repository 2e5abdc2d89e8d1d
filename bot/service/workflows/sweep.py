"""The workflows ``sweep`` and ``sweep-installation``: every repository once a week, each at its own hour.

Where debtscan posts, a repository is also looked at on the day from which on there may be something to write.

Where the branches are is asked for many at once, a request each. What did not change since is judged again without
asking GitHub anything. What was due while nothing ran is made up for within hours, not at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from bot.github.errors import HostError, NotThereError, UnreachableError
from bot.service.database.opening import writing
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.engine.steps import step
from bot.service.model import ScanRequest
from bot.service.workflows import chores, slots
from bot.service.workflows.admit import ScanArguments, admit, scan_id
from bot.service.workflows.chores import Chore
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried

_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """A repository whose hour of the week has come, or a day on which there may be something to write there."""

    id: int
    name: str
    default_branch: str
    sweep_after: datetime
    act_after: datetime | None

    def cause(self, now: datetime) -> str:
        """Return by what it is due: either leads to one scan."""
        if self.sweep_after <= now:
            return f"sweep:{self.sweep_after:%Y-%m-%dT%H}"
        return f"act:{self.act_after:%Y-%m-%dT%H:%M:%S}"


def workflow(parts: Parts) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``sweep``, which begins by the clock."""

    def run(arguments: Mapping[str, Any]) -> None:
        step("sweep", partial(_sweep, parts, str(arguments["scheduled_at"])))

    return run


def _sweep(parts: Parts, cause: str) -> int:
    """Enqueue one chore for each installation with something due; return how many."""
    active = sa.and_(INSTALLATIONS.c.gone_at.is_(None), INSTALLATIONS.c.suspended_at.is_(None))
    is_due = sa.and_(_may_be_swept(), _is_due(parts.services.now()))
    has_due = sa.exists().where(REPOSITORIES.c.installation_id == INSTALLATIONS.c.id, is_due)
    wanted = sa.select(INSTALLATIONS.c.id).where(active, has_due)
    with parts.services.engine.connect() as connection:
        found = connection.execute(wanted.order_by(INSTALLATIONS.c.id)).scalars().all()
    return sum(chores.enqueue(parts.work, "sweep-installation", Chore(installation=number), cause) for number in found)


def look(parts: Parts, chore: Chore) -> Tried:
    """Ask where the branches of what is due are, and admit it. Raises HostError in the middle: the rest stays due."""
    due = _due(parts, chore)
    # One that was never listed has to be asked for as a whole, which its scan does.
    found, is_missing = [(one, "") for one in due if not one.default_branch], False
    by_id = {one.id: one for one in due if one.default_branch}
    heads = parts.apps().heads(chore.installation, tuple(by_id.values()))
    silent: UnreachableError | None = None
    try:
        for number, head in heads:
            if isinstance(head, UnreachableError):
                silent = head
                continue
            is_missing = is_missing or isinstance(head, NotThereError)
            found.append((by_id[number], "" if isinstance(head, HostError) else head))
            if len(found) == _AT_ONCE:
                _admit(parts, chore.installation, found)
                found = []
    finally:
        _admit(parts, chore.installation, found)
    if is_missing:
        chores.enqueue(parts.work, "list", chore, f"sweep:{parts.services.now().timestamp():.0f}")
    if silent:
        raise silent
    return Tried()


def _may_be_swept() -> sa.ColumnElement[bool]:
    table = REPOSITORIES.c
    return sa.and_(table.gone_at.is_(None), table.skip == "", table.sweep_after.is_not(None))


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """Whether a repository's hour has come, or there may be something to write: the latter is tried once."""
    table = REPOSITORIES.c
    was_tried = sa.and_(table.error_at.is_not(None), table.error_at >= table.act_after)
    may_act = sa.and_(table.phase == "posting", table.scanning == "", table.act_after <= now, sa.not_(was_tried))
    return sa.or_(table.sweep_after <= now, may_act)


def _due(parts: Parts, chore: Chore) -> Sequence[_Due]:
    """Return what is due, some of it. What GitHub does not answer for keeps nobody else from their turn."""
    table, now = REPOSITORIES.c, parts.services.now()
    mine = sa.and_(table.installation_id == chore.installation, _may_be_swept())
    columns = (table.id, table.name, table.default_branch, table.sweep_after, table.act_after)
    with parts.services.engine.connect() as connection:
        count = _count(connection, mine)
        most = slots.most_at_once(count, parts.services.settings.file.sweep.days)
        due = _count(connection, sa.and_(mine, _is_due(now)))
        first = chore.attempt * most % due if due > most else 0
        wanted = sa.select(*columns).where(mine, _is_due(now)).order_by(table.sweep_after, table.id)
        rows = connection.execute(wanted.limit(most).offset(first)).mappings().all()
    return [_Due(**row) for row in rows]


def _count(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(REPOSITORIES).where(which)).scalar_one()


def _admit(parts: Parts, installation: int, found: Sequence[tuple[_Due, str]]) -> None:
    """Admit some. What nobody could say the commit of is asked once more by its scan, which tells why not."""
    services = parts.services
    now, days = services.now(), services.settings.file.sweep.days
    with writing(services.engine) as connection:
        for one, head in found:
            mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == one.id)
            changed = {"head": head} if head else {}
            connection.execute(mine.values(sweep_after=slots.next_slot(one.id, days, now), **changed))
            request = ScanRequest(
                repository=one.id, installation=installation, reason="sweep", urgency="sweep", head=head
            )
            admit(connection, parts.work, ScanArguments(id=scan_id(one.id, one.cause(now)), request=request), now)
