"""What moves are made from: the rows, files and locks of a scan, indexed by how findings point at them. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from analyzers.model.ecosystem import Ecosystem
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency, Inventory
from analyzers.model.subject import SubjectKey
from analyzers.scan import ScanResult
from bot.score import raw_points
from bot.upgrade.ages import aged
from bot.upgrade.families import known_family
from bot.upgrade.releases import Releases

# The observation by which a reader marks a file that a tool compiled from others.
_COMPILED: Final = "compiled-from"
_LINES: Final = re.compile(r"\d{1,9}")
# Details of findings that hold the last day of something, or the first day without it.
_ENDS: Final = ("end_of_life", "removed", "forced_on", "since")
# Ecosystems whose packages code imports.
_IMPORTED: Final = frozenset({"pypi", "npm"})
# Repositories whose packages have nothing to do with each other but the place where they are kept.
_COLLECTIONS: Final = {
    "github.com/apache/airflow",
    "github.com/azure/azure-sdk-for-js",
    "github.com/azure/azure-sdk-for-python",
    "github.com/definitelytyped/definitelytyped",
    "github.com/googleapis/google-cloud-node",
    "github.com/googleapis/google-cloud-python",
    "github.com/python/typeshed",
}


@dataclass(frozen=True)
class Ground:
    """Indexes of one scan. `locks` are the lockfiles and compiled files of each manifest, nearest first."""

    result: ScanResult
    releases: Releases
    locks: Mapping[str, tuple[str, ...]]
    made: frozenset[str]
    libraries: frozenset[str]
    _rows: Mapping[tuple[str, str], tuple[Dependency, ...]]
    _revisions: Mapping[str, int]
    _owed: Mapping[SubjectKey, int]
    _about: Mapping[SubjectKey, list[Finding]]
    _shared: Mapping[str, int]

    @classmethod
    def of(cls, result: ScanResult, worlds: Iterable[Ecosystem]) -> Ground:
        """Index a scan."""
        inventory = result.inventory
        releases = Releases.of(result.facts, worlds, result.as_of, aged(result.config.upgrades, result.inventory))
        rows: dict[tuple[str, str], list[Dependency]] = defaultdict(list)
        for row in inventory.dependencies:
            rows[row.place.path, row.ecosystem].append(row)
        owed: dict[SubjectKey, int] = defaultdict(int)
        about: dict[SubjectKey, list[Finding]] = defaultdict(list)
        for finding in result.findings:
            owed[finding.key] += raw_points(finding)
            about[finding.key].append(finding)
        return cls(
            result=result,
            releases=releases,
            locks=_locks(inventory),
            made=frozenset(seen.place.path for seen in inventory.observations if seen.kind == _COMPILED),
            libraries=frozenset(one.path for one in inventory.manifests if one.application is False),
            _rows={spot: tuple(found) for spot, found in rows.items()},
            _revisions={one.path: one.revisions for one in inventory.history.churn} if inventory.history else {},
            _owed=owed,
            _about=about,
            _shared=_shared(inventory, releases),
        )

    def rows(self, finding: Finding) -> tuple[Dependency, ...]:
        """Return the rows that a finding on a package speaks for: at its line, and at the others that it names."""
        lines = {finding.line, *map(int, _LINES.findall(str(finding.details.get("also_lines") or "")))}
        found = self._rows.get((finding.path, finding.subject.ecosystem), ())
        name = finding.key.name
        return tuple(
            row
            for row in found
            if row.place.line in lines and name in {row.name, self.releases.normalised(row)} and not row.skip_reason
        )

    def locks_of(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Return what has to be made anew when these files change, sorted."""
        found = {lock for path in paths for lock in self.locks.get(path, ())}
        return tuple(sorted(found | {path for path in paths if path in self.made}))

    def owed(self, key: SubjectKey) -> int:
        """Return the points of all that is found about a subject, before its limit."""
        return self._owed.get(key, 0)

    def ends(self, key: SubjectKey, paths: Iterable[str], target: str) -> date | None:
        """Return the nearest end of life of a package's lines in these files that ``target`` leaves behind."""
        files = set(paths)
        left = (
            finding
            for finding in self._about.get(key, ())
            if finding.path in files and not _is_within(target, str(finding.details.get("cycle") or ""))
        )
        return ends_of(left)

    def heat(self, key: SubjectKey, files: Iterable[str]) -> int:
        """Return the changes in the window to the files that import a package, else to those that name the thing.

        Manifests of code change for every package in them, so they tell nothing of one.
        """
        importers = self.result.inventory.importers.get((key.ecosystem, key.name))
        used = importers if importers is not None else () if key.ecosystem in _IMPORTED else files
        return sum(self._revisions.get(path, 0) for path in set(used))

    def family(self, key: SubjectKey, repository: str | None) -> tuple[str, str]:
        """Return what a package has to move with, and why; ("", "") for what moves alone."""
        known = known_family(key.ecosystem, key.name)
        if known:
            return known
        place = (repository or "").lower()
        if place and place not in _COLLECTIONS and self._shared.get(f"{key.ecosystem} {place}", 0) > 1:
            return place.removeprefix("github.com/"), f"they are released from one repository, {repository}"
        return "", ""


def ends_of(findings: Iterable[Finding]) -> date | None:
    """Return the nearest day on which something ends, ended or stops working; None where nothing does."""
    found = (_day(finding.details.get(name)) for finding in findings for name in _ENDS)
    return min((day for day in found if day), default=None)


def _is_within(version: str, cycle: str) -> bool:
    return bool(cycle) and f"{version}.".startswith(f"{cycle}.")


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _locks(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Return each manifest's lockfile, and that lockfile's own, as a compiled file is again an input."""
    direct = {one.path: one.lockfile for one in inventory.manifests if one.lockfile and one.lockfile != one.path}
    found = {}
    for path in direct:
        chain: dict[str, None] = {}
        following = direct.get(path)
        while following and following not in chain and following != path:
            chain[following] = None
            following = direct.get(following)
        found[path] = tuple(chain)
    return found


def _shared(inventory: Inventory, releases: Releases) -> Mapping[str, int]:
    """Return how many packages that are required directly come from each repository, by ecosystem and place."""
    found: dict[str, set[str]] = defaultdict(set)
    seen = set()
    for row in inventory.dependencies:
        mark = row.ecosystem, row.name
        if not row.direct or row.skip_reason or mark in seen or row.ecosystem == "githubactions":
            continue
        seen.add(mark)
        place = releases.repository(row, releases.catalogue(row))
        if place:
            found[f"{row.ecosystem} {place.lower()}"].add(releases.normalised(row))
    return {place: len(names) for place, names in found.items()}
