"""Packages of one family that are released as one: the version that all of them go to, or why they stay. Pure.

A release of such a family appears package by package, and each may be old enough on another day. What went its own
way would then be refused by the others, or installed beside parts that it was never tested with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, NamedTuple

from analyzers.model.facts import Release
from analyzers.model.finding import Finding
from analyzers.model.subject import SubjectKey
from analyzers.upstream.catalogue import Catalogue
from analyzers.upstream.tags import TagCatalogue
from bot.upgrade.ground import Ground
from bot.upgrade.releases import is_young

# Of the last releases that are old enough, so many are looked at, and so many have to be of both packages.
_LAST: Final = 5
_SHARED: Final = 4
_LEAST: Final = 3


class Common(NamedTuple):
    """Where a package goes together with others: to `target`, None for no step; `note` says what has to wait."""

    target: Release | None
    note: str


@dataclass(frozen=True)
class _Member:
    """A package of a family: `current` in use, and `reach`, what it may go to, lowest first."""

    key: SubjectKey
    name: str
    offered: Catalogue
    current: str
    reach: tuple[Release, ...]
    is_behind: bool

    def at(self, version: str) -> Any:  # noqa: ANN401 - the scheme's keys are opaque
        return self.offered.key(version)


def in_step(ground: Ground, found: Mapping[SubjectKey, Sequence[Finding]]) -> Mapping[SubjectKey, Common]:
    """Return where the packages with these findings go that are released in one step with others.

    None of a family that is vulnerable: what mends that does not wait.
    """
    common: dict[SubjectKey, Common] = {}
    if not ground.releases.settings.families:
        return common
    for family in _families(ground, found):
        if any(finding.flaws for one in family for finding in found.get(one.key, ())):
            continue
        for members in _sets(ground, family):
            if any(one.is_behind for one in members):
                common.update(_agreed(ground, members))
    return common


def _families(ground: Ground, found: Mapping[SubjectKey, Sequence[Finding]]) -> Iterator[list[_Member]]:
    families: dict[tuple[str, str], dict[SubjectKey, _Member]] = defaultdict(dict)
    for row in ground.result.inventory.dependencies:
        offered = ground.releases.catalogue(row) if row.direct and not row.skip_reason else None
        current = offered.in_use(row) if offered else None
        key = SubjectKey(row.ecosystem, ground.releases.normalised(row))
        # Those of git are tags of one repository, which have a way of their own.
        if offered is None or isinstance(offered, TagCatalogue) or current is None or offered.key(current) is None:
            continue
        family = ground.family(key, ground.releases.repository(row, offered))[0]
        known = families[row.ecosystem, family].get(key)
        if family and (known is None or offered.key(current) < known.at(known.current)):
            newest = next((one.subject.latest for one in found.get(key, ()) if one.subject.latest), None)
            reach = ground.releases.reach(offered, current, newest) if newest else None
            way = tuple(reach[0]) if reach else tuple(_above(offered, current))
            families[row.ecosystem, family][key] = _Member(key, row.name, offered, current, way, bool(reach))
    for members in families.values():
        yield sorted(members.values(), key=lambda one: one.key)


def _above(offered: Catalogue, current: str) -> Iterator[Release]:
    """Yield what a package that nothing is found about could go to: nobody asks it to."""
    return (one for one in _stable(offered) if offered.key(one.version) > offered.key(current))


def _stable(offered: Catalogue) -> Iterator[Release]:
    return (one for one in offered.visible if offered.is_stable(one) and one.yanked is None)


def _sets(ground: Ground, family: Sequence[_Member]) -> Iterator[list[_Member]]:
    """Yield the members that are released in one step, two at least."""
    last = {one.key: _last(ground, one) for one in family}
    left = list(family)
    while left:
        first = left.pop(0)
        members = [first, *(one for one in left if _is_one(last[first.key], last[one.key]))]
        left = [one for one in left if one not in members]
        if len(members) > 1:
            yield members


def _last(ground: Ground, member: _Member) -> frozenset[Any]:
    old = [one for one in _stable(member.offered) if not _is_young(ground, one)]
    return frozenset(member.at(one.version) for one in old[-_LAST:])


def _is_one(last: Collection[Any], other: Collection[Any]) -> bool:
    shared = len(frozenset(last) & frozenset(other))
    return shared >= _SHARED or (shared >= _LEAST and shared == max(len(last), len(other)))


def _agreed(ground: Ground, members: Sequence[_Member]) -> Iterator[tuple[SubjectKey, Common]]:
    """Yield what each goes to: the newest that all have and that is old enough, else the newest that all have."""
    goal = _highest(members, lambda one: not _is_young(ground, one)) or _highest(members, lambda _one: True)
    if goal is None and len({one.at(one.current) for one in members}) > 1:
        # They are not at one version now, so they may as well go apart.
        return
    for member in members:
        newest = member.reach[-1] if member.reach else None
        target = next((one for one in member.reach if goal is not None and member.at(one.version) == goal), None)
        note = _note(ground, members, newest) if newest and newest is not target else ""
        yield member.key, Common(target, note)


def _highest(members: Sequence[_Member], admits: Callable[[Release], bool]) -> Any | None:  # noqa: ANN401 - as above
    """Return the highest version that all could be at, where that is a step for one of them."""
    ways = [
        {one.at(one.current), *(one.at(release.version) for release in one.reach if admits(release))} for one in members
    ]
    there = reduce(set.intersection, ways)
    lowest = min(one.at(one.current) for one in members)
    return max((at for at in there if at > lowest), default=None)


def _note(ground: Ground, members: Sequence[_Member], newest: Release) -> str:
    """Return why the newest release has to wait: for its own age, or for the others."""
    others = list(_without(ground, members, newest.version))
    if _is_young(ground, newest) or not others:
        age = (ground.releases.as_of - (newest.published or ground.releases.as_of)).days
        return f"{newest.version} is {age} {'day' if age == 1 else 'days'} old and waits"
    return f"{newest.version} waits for {others[0]}, which moves together with it"


def _without(ground: Ground, members: Iterable[_Member], version: str) -> Iterator[str]:
    for member in members:
        release = member.offered.find(version)
        if release is None or _is_young(ground, release):
            yield member.name


def _is_young(ground: Ground, release: Release) -> bool:
    return is_young(release.published, ground.releases.as_of, ground.releases.settings)
