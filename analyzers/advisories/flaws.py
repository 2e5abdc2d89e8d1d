"""Advisories judged: which touch a version on a day, those of one flaw taken together, and what is free of all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final

from analyzers.model.advisory import LEVELS, Advisories, Advisory, Flaw, VersionKey, is_affected, stands

# The name that people know comes first.
_FAMILIES: Final = ("CVE-", "GHSA-")


def flaws(
    known: Advisories, version: str, key: VersionKey, as_of: date, *, named: Collection[str] = ()
) -> tuple[Flaw, ...]:
    """Return the flaws of a version as known on a day, the worst first.

    ``named`` are the records that the database itself names for the version: it may know more than its ranges say.
    """
    standing = [
        one for one in known.advisories if stands(one, as_of) and (one.id in named or is_affected(one, version, key))
    ]
    found = [_flaw(group) for group in _same(standing)]
    return tuple(sorted(found, key=lambda flaw: (tuple(-part for part in flaw.rank), flaw.id)))


def is_free(known: Advisories, version: str, key: VersionKey, as_of: date) -> bool:
    """Return whether no advisory of that day touches the version."""
    return not any(stands(one, as_of) and is_affected(one, version, key) for one in known.advisories)


def lowest_free(known: Advisories, version: str, key: VersionKey, as_of: date) -> str | None:
    """Return the lowest of the versions that advisories call fixed which is above ``version`` and free of all."""
    floor = key(version)
    stated = {
        event.version
        for one in known.advisories
        if stands(one, as_of)
        for affected in one.ranges
        for event in affected.events
        if event.kind == "fixed"
    }
    keyed: list[tuple[Any, str]] = [(at, one) for one in stated if (at := key(one)) is not None]
    above = sorted((at, one) for at, one in keyed if floor is not None and at > floor)
    return next((one for _at, one in above if is_free(known, one, key, as_of)), None)


def _same(advisories: Sequence[Advisory]) -> Iterable[list[Advisory]]:
    """Return groups of records that share a name, directly or through a third."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = name = leader[leader[name]]
        return name

    for one in advisories:
        for alias in one.aliases:
            leader[find(alias)] = find(one.id)
    groups: dict[str, list[Advisory]] = defaultdict(list)
    for one in advisories:
        groups[find(one.id)].append(one)
    return groups.values()


def _flaw(group: list[Advisory]) -> Flaw:
    names = sorted({name for one in group for name in (one.id, *one.aliases)}, key=_known)
    worst = max(group, key=lambda one: (LEVELS.index(one.level), one.score or 0.0))
    dates = [one.published for one in group if one.published]
    # A summary is written for a headline; a description's first words are what is left where there is none.
    told = sorted((one for one in group if one.summary), key=lambda one: (_known(one.id), one.id))
    return Flaw(
        id=names[0],
        aliases=tuple(names[1:]),
        records=tuple(sorted(one.id for one in group)),
        summary=min((one.summary for one in told), key=len, default=""),
        level=worst.level,
        score=worst.score,
        vector=worst.vector,
        published=min(dates, default=None),
        malicious=any(one.malicious for one in group),
    )


def _known(name: str) -> tuple[int, str]:
    return next((index for index, family in enumerate(_FAMILIES) if name.startswith(family)), len(_FAMILIES)), name
