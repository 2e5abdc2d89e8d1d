"""Two requirements on one package that no release satisfies together."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from analyzers.checks.dependencies._rows import Row, finding, rows
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.inventory import Dependency
from analyzers.model.limits import BOUNDS, is_limit
from analyzers.model.subject import SubjectKey
from analyzers.upstream.catalogue import Catalogue

RULE = Rule(
    id="conflicting-requirements",
    group="dependencies",
    title="Two requirements exclude each other",
    what=(
        "Reports two requirements on one package in the same file and group, or in the members of one uv workspace "
        "(which are resolved together), that no published release satisfies both, although each alone is satisfied "
        "by some. Requirements with a marker are left out, since they may never meet, and so are ecosystems that "
        "install several versions side by side (npm)."
    ),
    why=(
        "No installer can install this: it stops, or, where it is told to go on, one half of the code gets a version "
        "that it does not run with. An old lockfile hides it until the day somebody has to lock anew."
    ),
    remediation="Raise the older of the two requirements, and the code that needed it, until one release fits both.",
    minutes=30,
    severity=Severity.HIGH,
    example="django>=5\ndjango<5",
    better="django>=5,<6",
    sources=("pypi",),
)

# Worlds in which an environment holds one version of a package.
_FLAT: Final = frozenset({"pypi"})
_WORKSPACE: Final = "uv.lock"
# Kinds whose rows of one file and group are not installed together: hooks of pre-commit, tools of mise and versions
# under a comment each get an environment of their own.
_ALONE: Final = frozenset({"pre-commit-dependency", "mise", "annotation"})
# Kinds whose environments are made beside the project's, even where they stand in its pyproject.toml.
_BESIDE: Final = frozenset({"tox", "hatch-environment"})
# More requirements on one package in one file than any honest project has.
_MOST: Final = 50


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each package with requirements that exclude each other."""
    locks = {manifest.path: manifest.lockfile or "" for manifest in evidence.inventory.manifests}
    together: dict[tuple[str, str | None, SubjectKey], list[Row]] = defaultdict(list)
    for row in rows(evidence):
        entry = row.dependency
        if row.world.name in _FLAT and _counts(row):
            where = _environment(entry, locks.get(entry.place.path, ""))
            together[where, entry.dependency_group, row.key].append(row)
    for found in together.values():
        pair = _conflict(found[:_MOST])
        if pair:
            yield _report(*pair)


def _environment(entry: Dependency, lock: str) -> str:
    """Return a word for what the requirement is installed into: the same for those of one group that meet there."""
    is_shared = lock.rpartition("/")[2] == _WORKSPACE and entry.dependency_group is None and entry.kind not in _BESIDE
    return lock if is_shared else f"{entry.place.path} {entry.kind}"


def _counts(row: Row) -> bool:
    entry = row.dependency
    if entry.kind in _ALONE:
        return False
    if entry.marker or entry.index or entry.dependency_group in BOUNDS or is_limit(entry) or "build" in entry.kind:
        return False
    return bool(row.catalogue and entry.value and row.world.scheme.is_constraint(entry.value))


def _conflict(found: Sequence[Row]) -> tuple[Row, Row] | None:
    for one, other in itertools.combinations(found, 2):
        offered, first, second = one.catalogue, one.dependency.value, other.dependency.value
        if offered and first and second and first != second and _excludes(offered, first, second):
            return one, other
    return None


def _excludes(offered: Catalogue, first: str, second: str) -> bool:
    """Return whether some release satisfies each, and none both."""
    satisfies, versions = offered.scheme.satisfies, [release.version for release in offered.visible]
    fits = [(satisfies(version, first), satisfies(version, second)) for version in versions]
    return any(one for one, _ in fits) and any(other for _, other in fits) and not any(map(all, fits))


def _report(one: Row, other: Row) -> Finding:
    name, there = one.dependency.name, other.dependency.place
    spot = f"line {there.line}" if there.path == one.dependency.place.path else f"line {there.line} of {there.path}"
    return finding(
        RULE,
        one,
        title=f"Two requirements on {name} exclude each other",
        message=(
            f"{name} is required as {one.dependency.value} here and as {other.dependency.value} in {spot}, "
            "and no release satisfies both. Mend one of them."
        ),
        details={"other": other.dependency.value, "other_path": there.path, "other_line": there.line},
    )
