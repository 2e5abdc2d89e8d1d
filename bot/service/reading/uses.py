"""Who uses which version of a package, an image, an action or a runtime."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import sqlalchemy as sa

from bot.rollup import by_number
from bot.service.database.tables import USAGES
from bot.service.reading.repositories import among, asked

MOST_THINGS: Final = 100
MOST_PLACES: Final = 5000
LONGEST_QUERY: Final = 200


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is used: by its purl type and its name. `repositories` counts those that use it."""

    ecosystem: str
    name: str
    repositories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """What a query found, those that most repositories use first. With `is_cut` there is more than is listed."""

    things: tuple[Thing, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is written: `line` counts from 1, `value` is what stands there, "" where nothing does."""

    path: str
    line: int
    kind: str
    value: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One use: what of it, in which repository (by its id), and where."""

    ecosystem: str
    name: str
    version: str
    repository: int
    place: Place


@dataclass(frozen=True, slots=True)
class User:
    """A repository (by its id) with the places at which it uses one version."""

    repository: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version and who uses it. `version` is what is certain of it, else what is written; "" where neither is."""

    version: str
    users: tuple[User, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """All uses of one thing, the oldest version first. With `is_cut` there are more places than are listed."""

    ecosystem: str
    name: str
    versions: tuple[Version, ...]
    repositories: int
    is_cut: bool


def things(connection: sa.Connection, visible: Collection[int], query: str = "", ecosystem: str = "") -> Things:
    """Return what the visible repositories use of which the name holds ``query``, whatever its case."""
    users = sa.func.count(sa.distinct(USAGES.c.repository_id))
    wanted = (
        sa.select(USAGES.c.ecosystem, USAGES.c.name, users)
        .where(among(USAGES.c.repository_id, visible), *_named(query, ecosystem))
        .group_by(USAGES.c.ecosystem, USAGES.c.name)
        .order_by(users.desc(), USAGES.c.name, USAGES.c.ecosystem)
        .limit(MOST_THINGS + 1)
    )
    found = [Thing(*row) for row in connection.execute(wanted)]
    return Things(things=tuple(found[:MOST_THINGS]), is_cut=len(found) > MOST_THINGS)


def use(connection: sa.Connection, visible: Collection[int], ecosystem: str, name: str) -> Use:
    """Return who uses one thing: nobody, where none of the visible repositories does."""
    wanted = (
        sa.select(
            USAGES.c.version,
            USAGES.c.value,
            USAGES.c.repository_id,
            USAGES.c.path,
            USAGES.c.line,
            USAGES.c.kind,
            USAGES.c.direct,
        )
        .where(
            USAGES.c.ecosystem == asked(ecosystem),
            USAGES.c.name == asked(name),
            among(USAGES.c.repository_id, visible),
        )
        .order_by(USAGES.c.repository_id, USAGES.c.path, USAGES.c.line, USAGES.c.value)
        .limit(MOST_PLACES + 1)
    )
    rows = connection.execute(wanted).all()
    shown = [
        (row.version or row.value, row.repository_id, Place(row.path, row.line, row.kind, row.value, row.direct))
        for row in rows[:MOST_PLACES]
    ]
    return Use(
        ecosystem=ecosystem,
        name=name,
        versions=_versions(shown),
        repositories=len({repository for _version, repository, _place in shown}),
        is_cut=len(rows) > MOST_PLACES,
    )


def rows(
    connection: sa.Connection,
    visible: Collection[int],
    *,
    query: str = "",
    name: str = "",
    ecosystem: str = "",
    start: int = 0,
    most: int,
) -> tuple[Row, ...]:
    """Return at most so many uses, from number ``start`` (from 0) on, by ecosystem, name, repository and place."""
    columns = (USAGES.c.path, USAGES.c.line, USAGES.c.kind, USAGES.c.value, USAGES.c.direct)
    by_name = [USAGES.c.name == asked(name)] if name else []
    wanted = (
        sa.select(USAGES.c.ecosystem, USAGES.c.name, USAGES.c.version, USAGES.c.repository_id, *columns)
        .where(among(USAGES.c.repository_id, visible), *by_name, *_named(query, ecosystem))
        .order_by(USAGES.c.ecosystem, USAGES.c.name, USAGES.c.repository_id, *columns)
        .offset(start)
        .limit(most)
    )
    return tuple(Row(*row[:4], Place(*row[4:])) for row in connection.execute(wanted))


def exact(found: Things, query: str, ecosystem: str = "") -> Thing | None:
    """Return the one thing that a query means: the only one of that name, or the only one at all."""
    same = [one for one in found.things if one.name.lower() == query.lower() and ecosystem in {"", one.ecosystem}]
    if len(same) == 1:
        return same[0]
    return found.things[0] if query and len(found.things) == 1 else None


def _named(query: str, ecosystem: str) -> Iterable[sa.ColumnElement[bool]]:
    if query:
        yield sa.func.lower(USAGES.c.name).contains(asked(query)[:LONGEST_QUERY].lower(), autoescape=True)
    if ecosystem:
        yield USAGES.c.ecosystem == asked(ecosystem)


def _versions(rows: Iterable[tuple[str, int, Place]]) -> tuple[Version, ...]:
    by_version = sorted(rows, key=lambda row: (by_number(row[0]), row[0], row[1]))
    return tuple(
        Version(version, _users((repository, place) for _version, repository, place in members))
        for version, members in groupby(by_version, key=lambda row: row[0])
    )


def _users(rows: Iterable[tuple[int, Place]]) -> tuple[User, ...]:
    found: dict[int, list[Place]] = {}
    for repository, place in rows:
        found.setdefault(repository, []).append(place)
    return tuple(User(repository, tuple(places)) for repository, places in found.items())


def by_name(users: Iterable[User], names: Mapping[int, str]) -> tuple[tuple[str, User], ...]:
    """Return users with the names of their repositories, sorted by these; one without a name is left out."""
    known = ((names[user.repository], user) for user in users if user.repository in names)
    return tuple(sorted(known, key=lambda pair: pair[0].lower()))
