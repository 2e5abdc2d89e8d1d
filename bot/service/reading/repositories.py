"""Repositories as lists show them: where they stand, without their reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa

from analyzers.settings import ORGANIZATION_REPOSITORY
from bot.github.organisation import SkipReason
from bot.ruleset import Grade
from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.model import Phase

State: TypeAlias = Literal["scanned", "unjudged", "waiting", "failed", "skipped"]
"""`scanned` has a scorecard, `unjudged` was scanned without one, `waiting` was not scanned yet, `failed` could not be
scanned the last time, and `skipped` is left alone on purpose."""
_NOT_YOURS: Final = f"what is wrong is told to those who see its repository {ORGANIZATION_REPOSITORY}"
STATES: Final[tuple[State, ...]] = ("scanned", "unjudged", "waiting", "failed", "skipped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One repository. `id` is GitHub's, `name` is OWNER/REPO; the figures are those of the stored report.

    `grade` and the other figures are None where there is no scorecard. `skip` says why it is left alone, and `error`
    why the last scan failed (at `error_at`), in words; both are "" where there is nothing to say. After a failed scan
    the figures are those of the last one that went well.
    """

    id: int
    name: str
    private: bool
    default_branch: str
    phase: Phase
    phase_since: datetime | None
    skip: SkipReason | Literal[""]
    head: str
    commit: str
    scanned_at: datetime | None
    judged_on: date | None
    score: float | None
    low: float | None
    high: float | None
    grade: Grade | None
    findings: int | None
    skipped: int | None
    minutes: int | None
    error: str
    error_at: datetime | None
    is_scanning: bool

    @property
    def short(self) -> str:
        """The name without the owner's."""
        return self.name.rpartition("/")[2]

    @property
    def state(self) -> State:
        """How far it is."""
        if self.skip:
            return "skipped"
        if self.error:
            return "failed"
        if self.scanned_at is None:
            return "waiting"
        return "unjudged" if self.grade is None else "scanned"

    @property
    def is_judged(self) -> bool:
        """Whether it counts in figures of the score: it has a scorecard, and it is not left alone."""
        return self.grade is not None and not self.skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An account that installed the App, with the repositories that a viewer sees, by name.

    `configuration_error` says what is wrong with its configuration, "" where nothing is. It quotes what stands
    there, so that is for those who see the repository that holds it; to others it says no more than that.
    """

    account: str
    installation: int
    suspended_at: datetime | None
    configuration_error: str
    repositories: tuple[Listed, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of its repositories."""
        return tuple(one.id for one in self.repositories)


_COLUMNS: Final = (
    REPOSITORIES.c.id,
    REPOSITORIES.c.name,
    REPOSITORIES.c.private,
    REPOSITORIES.c.default_branch,
    REPOSITORIES.c.phase,
    REPOSITORIES.c.phase_since,
    REPOSITORIES.c.skip,
    REPOSITORIES.c.head,
    REPOSITORIES.c.scanned_commit.label("commit"),
    REPOSITORIES.c.scanned_at,
    REPOSITORIES.c.judged_on,
    REPOSITORIES.c.score,
    REPOSITORIES.c.low,
    REPOSITORIES.c.high,
    REPOSITORIES.c.grade,
    REPOSITORIES.c.findings,
    REPOSITORIES.c.skipped,
    REPOSITORIES.c.effort_minutes.label("minutes"),
    REPOSITORIES.c.error,
    REPOSITORIES.c.error_at,
    (REPOSITORIES.c.scanning != "").label("is_scanning"),
)
_ACCOUNT: Final = (
    INSTALLATIONS.c.account,
    INSTALLATIONS.c.id.label("installation"),
    INSTALLATIONS.c.suspended_at,
    INSTALLATIONS.c.configuration_error,
)


def among(column: sa.ColumnElement[int], ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Return that a column is one of ``ids``, of which there may be more than a statement takes parameters."""
    found = sa.bindparam(None, sorted(ids), type_=sa.BigInteger, expanding=True, literal_execute=True)
    return column.in_(found)


def asked(text: str) -> str:
    """Return what somebody asks for as every database takes it: PostgreSQL refuses a zero byte."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def installations(connection: sa.Connection) -> frozenset[int]:
    """Return the ids of the installations that count: neither gone nor suspended."""
    there = INSTALLATIONS.c.gone_at.is_(None) & INSTALLATIONS.c.suspended_at.is_(None)
    return frozenset(connection.scalars(sa.select(INSTALLATIONS.c.id).where(there)))


def organisations(connection: sa.Connection, visible: Collection[int]) -> tuple[Organisation, ...]:
    """Return every organisation of which a viewer sees a repository, by its name."""
    return tuple(_grouped(connection, among(REPOSITORIES.c.id, visible)))


def organisation(connection: sa.Connection, login: str, visible: Collection[int]) -> Organisation | None:
    """Return the organisation of that name, None where it is unknown or nothing in it is for the viewer's eyes."""
    named = sa.func.lower(INSTALLATIONS.c.account) == asked(login).lower()
    return next(_grouped(connection, named, among(REPOSITORIES.c.id, visible)), None)


def repository(connection: sa.Connection, name: str, visible: Collection[int]) -> tuple[Organisation, Listed] | None:
    """Return a repository (OWNER/REPO) and whose it is; None where it is unknown or not for the viewer's eyes."""
    # The database leaves out what is hidden: that takes as long as a name that nobody has.
    return next(_named(connection, name, among(REPOSITORIES.c.id, visible)), None)


def any_repository(connection: sa.Connection, name: str) -> Listed | None:
    """Return a repository, whoever asks: the caller answers for what is told of it."""
    return next((one for _owner, one in _named(connection, name)), None)


def _named(
    connection: sa.Connection, name: str, *conditions: sa.ColumnElement[bool]
) -> Iterator[tuple[Organisation, Listed]]:
    for owner in _grouped(connection, REPOSITORIES.c.key == asked(name).lower(), *conditions):
        for one in owner.repositories:
            yield owner, one


def _grouped(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Iterator[Organisation]:
    wanted = (
        sa.select(*_COLUMNS, *_ACCOUNT)
        .join(INSTALLATIONS, INSTALLATIONS.c.id == REPOSITORIES.c.installation_id)
        .where(REPOSITORIES.c.gone_at.is_(None), INSTALLATIONS.c.gone_at.is_(None), *conditions)
        .order_by(sa.func.lower(INSTALLATIONS.c.account), INSTALLATIONS.c.id, REPOSITORIES.c.key, REPOSITORIES.c.id)
    )
    found: dict[int, tuple[Any, list[Listed]]] = {}
    for row in connection.execute(wanted):
        values = row[: len(_COLUMNS)]
        listed = Listed(**dict(zip(_NAMES, values, strict=True)))
        found.setdefault(row.installation, (row, []))[1].append(listed)
    for row, members in found.values():
        yield Organisation(
            account=row.account,
            installation=row.installation,
            suspended_at=row.suspended_at,
            configuration_error=_told(row.configuration_error, row.account, members),
            repositories=tuple(members),
        )


def _told(error: str, account: str, members: Collection[Listed]) -> str:
    holder = f"{account}/{ORGANIZATION_REPOSITORY}".lower()
    is_yours = any(one.name.lower() == holder for one in members)
    return error if not error or is_yours else _NOT_YOURS


_NAMES: Final = tuple(column.key for column in _COLUMNS)
