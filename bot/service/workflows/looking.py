"""The first steps of a scan: whether it still counts, and where its repository's default branch is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from bot.github.objects import Repo
from bot.github.organisation import skip_reason
from bot.service.database.opening import writing
from bot.service.database.tables import INVENTORIES, REPOSITORIES, SCANS
from bot.service.model import Phase, Reason
from bot.service.workflows.admit import ScanArguments, may_be_scanned, row_of
from bot.service.workflows.parts import Parts
from bot.service.workflows.trying import Tried


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A scan that has begun, `at` that moment. `counts` says that it is the one that its repository waits for.

    `reason` is what is wished for by now, "" where it is as it was enqueued. `is_unchanged` says that the commit is the
    one of the stored inventory, so that nobody need be asked. `is_left` says that the repository waits for it, and may
    not be looked at any more.
    """

    counts: bool
    is_left: bool = False
    at: datetime | None = None
    reason: Reason | Literal[""] = ""
    installation: int = 0
    name: str = ""
    branch: str = ""
    private: bool = True
    topics: tuple[str, ...] = ()
    phase: Phase = "silent"
    acted_digest: str = ""
    act_after: datetime | None = None
    head: str = ""
    is_unchanged: bool = False


class Resolved(Tried, frozen=True, kw_only=True):
    """Where the default branch is. `repo` is None where GitHub was not asked."""

    repo: Repo | None = None


def begin(parts: Parts, given: ScanArguments) -> Begun:
    """Begin a scan, unless it was overtaken, or its repository has left."""
    now = parts.services.now()
    with writing(parts.services.engine) as connection:
        row = row_of(connection, given.request.repository)
        if row is None or row["scanning"] != given.id:
            return Begun(counts=False)
        if not may_be_scanned(connection, row):
            return Begun(counts=False, is_left=True)
        mine = sa.update(SCANS).where(SCANS.c.id == given.id).returning(SCANS.c.reason)
        started = mine.values(started_at=sa.func.coalesce(SCANS.c.started_at, now))
        reason = connection.execute(started).scalar_one_or_none() or ""
        begun = _begun(row, given.request.head, _inventory_of(connection, given.request.repository))
        return msgspec.structs.replace(begun, reason=reason, at=now)


def _begun(row: Mapping[str, Any], head: str, inventory: str) -> Begun:
    return Begun(
        counts=True,
        installation=row["installation_id"],
        name=row["name"],
        branch=row["default_branch"],
        private=row["private"],
        topics=tuple(json.loads(row["topics"])),
        phase=row["phase"],
        acted_digest=row["acted_digest"],
        act_after=row["act_after"],
        head=head,
        is_unchanged=bool(head) and head == inventory and bool(row["default_branch"]),
    )


def _inventory_of(connection: sa.Connection, repository: int) -> str:
    """Return the commit of the stored inventory, "" without one."""
    wanted = sa.select(INVENTORIES.c.commit).where(INVENTORIES.c.repository_id == repository)
    return connection.execute(wanted).scalar_one_or_none() or ""


def resolve(parts: Parts, given: ScanArguments, begun: Begun) -> Resolved:
    """Ask GitHub what the repository is now, and keep it. Raises HostError."""
    number = given.request.repository
    repo = parts.client(begun.installation, number, begun.name).repository()
    with writing(parts.services.engine) as connection:
        mine = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == number)
        connection.execute(
            mine.values(
                name=repo.name,
                key=repo.name.lower(),
                private=repo.private,
                default_branch=repo.default_branch,
                head=repo.head or "",
                skip=skip_reason(repo) or "",
            )
        )
    return Resolved(repo=repo)
