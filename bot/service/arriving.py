"""Writing what webhooks change: small statements in the caller's transaction, each harmless when repeated.

Nothing is asked of GitHub here. ``now`` is the service's clock, `told_at` is GitHub's: the two are never compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.service.changes import (
    AccountNamed,
    Change,
    InstallationTold,
    ListingWanted,
    PersonRevoked,
    Pushed,
    RepositoriesLeft,
    RepositoriesListed,
    RepositoryTold,
)
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES, SIGN_INS

# SQLite takes 32,766 values in a statement.
_AT_ONCE: Final = 500


def arrive(connection: sa.Connection, changes: Iterable[Change], now: datetime) -> tuple[ListingWanted, ...]:
    """Write the changes; return what has to be asked of GitHub because they concern what nobody has heard of."""
    unknown = (_write(connection, change, now) for change in changes)
    return tuple(dict.fromkeys(ListingWanted(installation=number) for number in unknown if number))


def _write(connection: sa.Connection, change: Change, now: datetime) -> int | None:
    """Write one change; return the installation that has to be listed, if any."""
    match change:
        case InstallationTold():
            told(connection, change, now)
        case RepositoriesListed():
            listed(connection, change, now)
        case RepositoriesLeft():
            left(connection, change, now)
        case RepositoryTold():
            return _repository(connection, change, now)
        case Pushed():
            return _pushed(connection, change, now)
        case AccountNamed():
            _named(connection, change)
        case PersonRevoked():
            connection.execute(sa.delete(SIGN_INS).where(SIGN_INS.c.user_id == change.user_id))
    return None


def told(connection: sa.Connection, change: InstallationTold, now: datetime) -> None:
    """Write what an installation is like. Of one that is gone the row stays, and stays gone (see `found_again`)."""
    row = {
        "account": change.account,
        "account_id": change.account_id,
        "account_kind": change.account_kind,
        "permissions": json.dumps(dict(change.permissions), sort_keys=True),
        "events": json.dumps(sorted(change.events)),
        "seen_at": now,
        "told_at": change.told_at,
    }
    table = INSTALLATIONS.c
    since = now if change.is_suspended else None
    statement = upsert(connection, INSTALLATIONS).values(id=change.id, installed_at=now, suspended_at=since, **row)
    suspended = sa.func.coalesce(table.suspended_at, since) if change.is_suspended else sa.null()
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[table.id],
            set_={**row, "suspended_at": suspended, "told_at": sa.func.coalesce(change.told_at, table.told_at)},
            where=_is_newer(table.told_at, change.told_at),
        )
    )
    if change.is_gone:
        _gone(connection, INSTALLATIONS, table.id == change.id, now)
        _gone(connection, REPOSITORIES, REPOSITORIES.c.installation_id == change.id, now)


def found_again(connection: sa.Connection, installation: int, asked_at: datetime) -> None:
    """Write that GitHub knows an installation, if it was taken for gone before GitHub was asked.

    What went in the same moment is back with it; what of that it may not see any more is told by its next list.
    """
    table = INSTALLATIONS.c
    mine = sa.select(table.gone_at).where(table.id == installation, table.gone_at < asked_at).with_for_update()
    gone_at = connection.execute(mine).scalar_one_or_none()
    if gone_at is None:
        return
    connection.execute(sa.update(INSTALLATIONS).where(table.id == installation).values(gone_at=None))
    its = sa.and_(REPOSITORIES.c.installation_id == installation, REPOSITORIES.c.gone_at == gone_at)
    connection.execute(sa.update(REPOSITORIES).where(its).values(_back()))


def listed(connection: sa.Connection, change: RepositoriesListed, now: datetime) -> None:
    """Write that an installation may see repositories; those that were gone are back with all that is known of them."""
    del now
    if not is_there(connection, change.installation):
        return
    table = REPOSITORIES.c
    statement = upsert(connection, REPOSITORIES)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=[table.id],
        set_={
            "installation_id": new.installation_id,
            # Lists tell no time, so a name that was told with one counts more.
            "name": sa.case((table.told_at.is_(None), new.name), else_=table.name),
            "key": sa.case((table.told_at.is_(None), new.key), else_=table.key),
            "private": sa.case((table.told_at.is_(None), new.private), else_=table.private),
            **_back(),
        },
    )
    for some in _chunks(change.repositories):
        connection.execute(
            statement,
            [
                {
                    "id": one.id,
                    "installation_id": change.installation,
                    "name": one.name,
                    "key": one.name.lower(),
                    "private": one.private,
                }
                for one in some
            ],
        )


def left(connection: sa.Connection, change: RepositoriesLeft, now: datetime) -> None:
    """Write that an installation may not see repositories any more."""
    for some in _chunks(change.repositories):
        belongs = sa.and_(REPOSITORIES.c.installation_id == change.installation, REPOSITORIES.c.id.in_(some))
        _gone(connection, REPOSITORIES, belongs, now)


def _repository(connection: sa.Connection, change: RepositoryTold, now: datetime) -> int | None:
    """Write what a repository is like. One that nobody has heard of is to be listed."""
    if not is_there(connection, change.installation):
        return change.installation
    if change.arrives:
        one = RepositoriesListed(installation=change.installation, repositories=(change.named,))
        listed(connection, one, now)
    table, said = REPOSITORIES.c, change.told
    known = sa.and_(table.id == change.id, table.installation_id == change.installation, table.gone_at.is_(None))
    connection.execute(
        sa.update(REPOSITORIES).where(known, _is_newer(table.told_at, said.told_at)).values(_facts(change))
    )
    found = connection.execute(sa.select(table.id).where(known)).first()
    return None if found else change.installation


def _facts(change: RepositoryTold) -> Mapping[str, Any]:
    said = change.told
    facts: dict[str, Any] = {
        "name": said.name,
        "key": said.name.lower(),
        "private": said.private,
        # That it has no commit is told by nobody but the one who looked.
        "skip": said.skip or sa.case((REPOSITORIES.c.skip == "empty", "empty"), else_=""),
        "told_at": sa.func.coalesce(said.told_at, REPOSITORIES.c.told_at),
    }
    if said.default_branch:
        facts["default_branch"] = said.default_branch
    if said.topics is not None:
        facts["topics"] = json.dumps(sorted(said.topics))
    return facts


def _pushed(connection: sa.Connection, change: Pushed, now: datetime) -> int | None:
    table = REPOSITORIES.c
    wanted = sa.update(REPOSITORIES).where(table.id == change.repository, table.gone_at.is_(None))
    skip = sa.case((table.skip == "empty", ""), else_=table.skip)
    found = connection.execute(
        wanted.values(head=change.head, default_branch=change.branch, pushed_at=now, skip=skip).returning(table.id)
    )
    return None if found.first() else change.installation


def _named(connection: sa.Connection, change: AccountNamed) -> None:
    """Write an account's new name, also into those of its repositories."""
    connection.execute(
        sa.update(INSTALLATIONS).where(INSTALLATIONS.c.id == change.installation).values(account=change.account)
    )
    table = REPOSITORIES.c
    there = connection.execute(sa.select(table.id, table.name).where(table.installation_id == change.installation))
    for number, name in there.all():
        moved = f"{change.account}/{name.rpartition('/')[2]}"
        connection.execute(sa.update(REPOSITORIES).where(table.id == number).values(name=moved, key=moved.lower()))


def is_there(connection: sa.Connection, installation: int) -> bool:
    """Whether an installation was not uninstalled, as far as anybody knows."""
    gone = sa.select(INSTALLATIONS.c.gone_at).where(INSTALLATIONS.c.id == installation)
    return connection.execute(gone).scalar_one_or_none() is None


def _gone(connection: sa.Connection, table: sa.Table, which: sa.ColumnElement[bool], now: datetime) -> None:
    connection.execute(sa.update(table).where(which, table.c.gone_at.is_(None)).values(gone_at=now))


def _back() -> Mapping[str, Any]:
    """Return what is written into the row of a repository that may have been gone: it is swept soon."""
    table = REPOSITORIES.c
    after = sa.case((table.gone_at.is_(None), table.sweep_after), else_=sa.null())
    return {"gone_at": None, "sweep_after": after}


def _is_newer(known: sa.Column[Any], told_at: datetime | None) -> sa.ColumnElement[bool]:
    """Whether what is told is not older than what is known. What tells no time counts as it comes."""
    return sa.true() if told_at is None else sa.or_(known.is_(None), known <= told_at)


def upsert(connection: sa.Connection, table: sa.Table) -> Any:  # noqa: ANN401 - an insert of either database's
    """Return an insert that can say what happens to a row that is there."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
