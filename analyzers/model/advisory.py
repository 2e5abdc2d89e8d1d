"""Security advisories as the world states them, and which versions they are about. Dated, so any day can be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias

# What a scheme's `key` is: version → a value that sorts, None for what is no version.
VersionKey: TypeAlias = Callable[[str], Any | None]
Level = Literal["low", "medium", "high", "critical"]
# From bad to worse; nothing stated comes first.
LEVELS: Final[tuple[Level | None, ...]] = (None, "low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Event:
    """A border of a range: from `introduced` on, up to but without `fixed` and `limit`, up to `last_affected`."""

    kind: Literal["introduced", "fixed", "last_affected", "limit"]
    version: str


@dataclass(frozen=True, slots=True)
class AffectedRange:
    """Versions between events. An `introduced` of ``"0"`` lies below every version."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisory:
    """One record of a database on one package. `aliases` are the names of the same flaw elsewhere.

    `level` is the database's own word, `score` (0 to 10) comes from the CVSS `vector`; None where nothing is stated.
    `versions` are affected although no range holds them. `malicious` says that the package itself is the harm.
    A `withdrawn` record counts up to the day before.
    """

    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    level: Level | None = None
    score: float | None = None
    vector: str | None = None
    published: date | None = None
    modified: date | None = None
    withdrawn: date | None = None
    ranges: tuple[AffectedRange, ...] = ()
    versions: tuple[str, ...] = ()
    malicious: bool = False


@dataclass(frozen=True, slots=True)
class AdvisoryIds:
    """The records that a database names for one version of a package: none is an answer too."""

    package: str
    version: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advisories:
    """All records of one package, sorted by id."""

    package: str
    advisories: tuple[Advisory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One flaw, whatever its databases call it. `id` is the best known name, `aliases` the others, sorted.

    `published` is the earliest day, `records` are the database's own ids. `level` is None where nobody states one.
    """

    id: str
    aliases: tuple[str, ...]
    records: tuple[str, ...]
    summary: str
    level: Level | None
    score: float | None
    vector: str | None
    published: date | None
    malicious: bool

    @property
    def rank(self) -> tuple[int, float]:
        """What sorts flaws by how bad they are."""
        return LEVELS.index("critical" if self.malicious else self.level), self.score or 0.0


def stands(advisory: Advisory, as_of: date) -> bool:
    """Return whether the record was published by that day and not withdrawn yet. One without a date always was."""
    if advisory.published and advisory.published > as_of:
        return False
    return advisory.withdrawn is None or advisory.withdrawn > as_of


def is_affected(advisory: Advisory, version: str, key: VersionKey) -> bool:
    """Return whether a range holds the version, or the record lists it."""
    wanted = key(version)
    if wanted is None:
        return version in advisory.versions
    listed = any(key(one) == wanted for one in advisory.versions)
    return listed or any(holds(one, wanted, key) for one in advisory.ranges)


def holds(affected: AffectedRange, wanted: Any, key: VersionKey) -> bool:  # noqa: ANN401 - the scheme's keys are opaque
    """Return whether a range holds the version of that key; one with an unreadable border holds nothing."""
    borders = _borders(affected.events, key)
    if borders is None:
        return False
    inside = False
    for at, rank in borders:
        if at is None or wanted >= at:
            # Behind `last_affected` itself a version is still inside.
            inside = rank == _INTRODUCED or (rank == _LAST and wanted == at and inside)
    return inside


_FIXED, _INTRODUCED, _LAST = range(3)
_RANKS = {"fixed": _FIXED, "limit": _FIXED, "introduced": _INTRODUCED, "last_affected": _LAST}


def _borders(events: Iterable[Event], key: VersionKey) -> list[tuple[Any, int]] | None:
    """Return the borders, lowest first, ``None`` as the lowest of all; None where one cannot be read."""
    first: list[tuple[Any, int]] = []
    rest = []
    for event in events:
        at = key(event.version)
        if event.kind == "introduced" and event.version == "0":
            first = [(None, _INTRODUCED)]
        elif event.kind == "limit" and event.version == "*":
            continue
        elif at is None:
            return None
        else:
            rest.append((at, _RANKS[event.kind]))
    return first + sorted(rest)
