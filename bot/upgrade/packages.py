"""Moves of packages: what has releases to choose from, requirements to rewrite, and locks to make anew. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from analyzers.model.distance import Distance
from analyzers.model.edit import Change, Edit
from analyzers.model.exposure import is_development
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency
from analyzers.model.scheme import Scheme, Step
from analyzers.model.subject import SubjectKey
from analyzers.upstream.catalogue import Catalogue
from analyzers.upstream.tags import TagCatalogue
from bot.score import raw_points
from bot.upgrade import ranges
from bot.upgrade.ground import Ground
from bot.upgrade.lockstep import Common
from bot.upgrade.model import Kind, LeftOut, Move
from bot.upgrade.names import line_of
from bot.upgrade.releases import is_young

# What the registry moves by itself: only the lockfile holds it back.
_FLOATING: Final = frozenset({"latest"})
RANKS: Final[dict[Step | None, int]] = {None: 0, "patch": 1, "minor": 2, "major": 3}


@dataclass(frozen=True)
class _Want:
    """One finding that a release would mend: from `current` to `target` now, and to `newest` in the end."""

    finding: Finding
    rows: tuple[Dependency, ...]
    offered: Catalogue | None
    current: str
    newest: str
    target: str
    note: str = ""

    @property
    def is_security(self) -> bool:
        return bool(self.finding.flaws)

    def step_to(self, version: str, scheme: Scheme) -> Step | None:
        return scheme.step(self.current, version)


def of_package(
    ground: Ground, key: SubjectKey, scheme: Scheme, found: Sequence[Finding], common: Common | None = None
) -> Iterator[Move | LeftOut]:
    """Yield the moves of one package. One that is vulnerable goes to what mends that first; the rest comes later.

    ``common`` says where it goes together with others, whatever it could go to alone.
    """
    wants = []
    for finding in found:
        want = _want(ground, scheme, finding, common)
        if want is None:
            yield LeftOut(
                name=finding.subject.name,
                target=finding.subject.latest,
                reason="no-edit",
                detail="nothing is written there that an edit could change, and no lockfile resolves it",
                findings=(finding,),
            )
        elif common and not _is_above(scheme, want.target, want.current):
            yield _later(replace(want, target=want.newest), common.note or "it moves together with others")
        else:
            wants.append(want)
    secure = [want for want in wants if want.is_security]
    if secure:
        yield from _secure(ground, key, scheme, secure, [want for want in wants if not want.is_security])
    else:
        yield from _ordinary(ground, key, scheme, wants)


def _want(ground: Ground, scheme: Scheme, finding: Finding, common: Common | None) -> _Want | None:
    newest = finding.subject.latest or str(finding.details.get("fixed") or "")
    rows = ground.rows(finding)
    direct = [row for row in rows if row.direct]
    offered = ground.releases.catalogue(direct[0]) if direct else None
    current = _current(finding, rows, offered, scheme)
    if scheme.key(newest) is None or not rows or current is None:
        return None
    if finding.flaws or offered is None:
        return _Want(finding, rows, offered, current, newest, newest)
    if common:
        together = common.target.version if common.target else current
        return _Want(finding, rows, offered, current, newest, together, common.note)
    target = ground.releases.target(offered, current, newest)
    if target is None:
        return _Want(finding, rows, offered, current, newest, newest)
    return _Want(finding, rows, offered, current, newest, target.release.version, target.note)


def _current(finding: Finding, rows: Sequence[Dependency], offered: Catalogue | None, scheme: Scheme) -> str | None:
    """Return the version in use; of a range that nothing locks, the newest that it admits."""
    told = [str(finding.details.get("version") or ""), finding.subject.current or ""]
    exact = next((text for text in told if text and scheme.key(text) is not None), None)
    for row in rows:
        if offered and exact is None:
            exact = offered.in_use(row)
        if offered and exact is None and row.value:
            within = offered.highest_within(row.value)
            exact = within.version if within else None
    return exact


def _secure(
    ground: Ground, key: SubjectKey, scheme: Scheme, secure: Sequence[_Want], others: Sequence[_Want]
) -> Iterator[Move | LeftOut]:
    goal = max((want.newest for want in secure), key=_sorts(scheme))
    step = max((RANKS[want.step_to(goal, scheme)] for want in secure), default=0)
    for other in others:
        further = _is_above(scheme, other.target, goal)
        no_riskier = max(RANKS[want.step_to(other.target, scheme)] for want in secure) <= step
        if further and no_riskier and not _is_young(ground, other) and ground.releases.is_free(key, other.target):
            goal = other.target
    along = [other for other in others if not _is_above(scheme, other.target, goal)]
    move = _move(ground, key, scheme, [*secure, *along], goal)
    yield move
    taken = {id(want) for want in along}
    for other in others:
        if id(other) not in taken:
            yield _later(other, f"{goal} goes first, which mends a known vulnerability")


def _ordinary(ground: Ground, key: SubjectKey, scheme: Scheme, wants: Sequence[_Want]) -> Iterator[Move | LeftOut]:
    by_path: dict[str, list[_Want]] = defaultdict(list)
    for want in wants:
        by_path[want.finding.path].append(want)
    by_target: dict[str, list[_Want]] = defaultdict(list)
    for group in by_path.values():
        small = [want for want in group if want.step_to(want.target, scheme) != "major"] or group
        goal = max((want.target for want in small), key=_sorts(scheme))
        for want in group:
            if not _is_above(scheme, want.target, goal):
                by_target[goal].append(want)
            else:
                yield _later(want, f"{goal} goes first, a smaller step")
    for goal, group in by_target.items():
        yield _move(ground, key, scheme, group, goal)


def _sorts(scheme: Scheme) -> Callable[[str], Any]:
    """Return what sorts targets; all of them are versions of the scheme."""
    return scheme.key


def _is_above(scheme: Scheme, version: str, other: str) -> bool:
    at = _sorts(scheme)
    return bool(at(version) > at(other))


def _is_young(ground: Ground, want: _Want) -> bool:
    release = want.offered.find(want.target) if want.offered else None
    return release is not None and is_young(release.published, ground.releases.as_of, ground.releases.settings)


def _later(want: _Want, detail: str) -> LeftOut:
    return LeftOut(
        name=want.finding.subject.name, target=want.target, reason="later", detail=detail, findings=(want.finding,)
    )


def _move(ground: Ground, key: SubjectKey, scheme: Scheme, wants: Sequence[_Want], goal: str) -> Move | LeftOut:
    leading = max(wants, key=lambda want: (RANKS[want.step_to(goal, scheme)], want.is_security))
    findings = tuple(want.finding for want in wants)
    changes, unwritable = _changes(ground, scheme, wants, goal)
    paths = {want.finding.path for want in wants}
    locks = _locks(ground, wants, paths)
    name = leading.finding.subject.name
    if unwritable or (not changes and not locks):
        detail = f"{unwritable} cannot be rewritten to admit {goal}" if unwritable else "nothing there can be changed"
        return LeftOut(name=name, target=goal, reason="no-edit", detail=detail, findings=findings)
    offered = next((want.offered for want in wants if want.offered), None)
    release = offered.find(goal) if offered else None
    before = offered.find(leading.current) if offered else None
    repository = ground.releases.repository(leading.rows[0], offered)
    family, reason = ground.family(key, repository)
    step = leading.step_to(goal, scheme)
    edited = {change.row.place.path for change in changes}
    return Move(
        key=key,
        name=name,
        current=leading.current,
        target=goal,
        kind=_kind(wants, step),
        step=step,
        edit=Edit(tuple(changes)) if changes else None,
        findings=findings,
        files=tuple(sorted(edited | set(locks))),
        locks=locks,
        published=release.published if release else None,
        current_published=before.published if before else None,
        repository=repository,
        advisories=tuple(dict.fromkeys(flaw.id for want in wants for flaw in want.finding.flaws)),
        development=all(is_development(row) for want in wants for row in want.rows),
        line=line_of(goal, key.ecosystem),
        family=family,
        family_reason=reason,
        indirect=not any(row.direct for want in wants for row in want.rows),
        points=sum(_won(want, goal, scheme) for want in wants),
        owed=ground.owed(key),
        ends=ground.ends(key, paths, goal),
        heat=ground.heat(key, edited),
        note=next((want.note for want in wants if want.note and want.target == goal), ""),
    )


def _kind(wants: Iterable[_Want], step: Step | None) -> Kind:
    if any(want.is_security for want in wants):
        return "security"
    return step or "minor"


def _locks(ground: Ground, wants: Iterable[_Want], paths: set[str]) -> tuple[str, ...]:
    """Return the lockfiles of the changed manifests; of what something else brings in, the lockfile itself."""
    inside = {want.finding.path for want in wants if not any(row.direct for row in want.rows)}
    return tuple(sorted({*ground.locks_of(paths), *inside}))


def _changes(ground: Ground, scheme: Scheme, wants: Iterable[_Want], goal: str) -> tuple[list[Change], str]:
    """Return the new texts, and the first text for which none is known ("" where all are)."""
    changes: dict[Dependency, Change] = {}
    for want in wants:
        for row in want.rows:
            if row in changes or not row.direct or not row.value or row.place.path in ground.made:
                continue
            change = _change(ground, scheme, want, row, goal)
            if change is None:
                return [], row.value
            if change.value != row.value:
                changes[row] = change
    return list(changes.values()), ""


def _change(ground: Ground, scheme: Scheme, want: _Want, row: Dependency, goal: str) -> Change | None:
    value = row.value or ""
    if value.strip() in _FLOATING:
        return Change(row=row, value=value)
    if isinstance(want.offered, TagCatalogue):
        text = want.offered.rewritten(value, goal)
        is_commit = row.digest is not None and row.digest == value
        noted = goal if is_commit and row.comment else None
        return (text and Change(row=row, value=text, digest=text if is_commit else None, comment=noted)) or None
    new = ranges.written(
        value,
        goal,
        scheme,
        ground.result.config.upgrades.range_strategy,
        current=want.current,
        library=row.place.path in ground.libraries and not is_development(row),
    )
    return Change(row=row, value=new) if new is not None else None


def _won(want: _Want, goal: str, scheme: Scheme) -> int:
    """Return the points of a finding that go: all of them, or what is shorter of the way to the newest release."""
    points = raw_points(want.finding)
    rest = scheme.step(goal, want.newest)
    if rest is None or want.is_security:
        return points
    majors = want.offered.majors(goal, want.newest) if want.offered and rest == "major" else 0
    left = Distance(rest, max(1, majors) if rest == "major" else 0).minutes * want.finding.exposure
    return max(0, points - math.ceil(left))
