"""Joins package.json files with their lockfiles, workspaces, catalogs and registries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from analyzers.ecosystems.npm import _catalogs
from analyzers.ecosystems.npm._files import MANIFEST, WORKSPACE, YARNRC
from analyzers.ecosystems.npm._locks import Lock, Wanted
from analyzers.ecosystems.npm._registries import registered, registries
from analyzers.ecosystems.npm._rows import purl
from analyzers.ecosystems.npm._tree import Tree, split
from analyzers.ecosystems.npm._workspaces import parents, relative
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.versions.npm import SCHEME

# What has no release of a registry behind it, even where the lockfile knows its version.
_ELSEWHERE: Final[frozenset[SkipReason | None]] = frozenset({"version-control", "direct-url", "local-path"})

_Catalogs: TypeAlias = Mapping[tuple[str, str], tuple[Dependency, str]]


@dataclass(slots=True)
class _Workspace:
    """What a workspace root knows. `siblings` are its packages by name, `catalogs` row and text by group and key.

    `resolved` collects, by its place, what each catalog entry came to be.
    """

    lock: Lock | None
    siblings: Mapping[str, str]
    overrides: Mapping[str, str]
    catalogs: _Catalogs
    resolved: dict[Place, Locked] = field(default_factory=dict)


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Fill locked versions, registries and lockfiles; leave the direct packages out of the lockfiles' rows."""
    tree = Tree.of(readings)
    roots = {path: tree.root(split(path)[0]) for path, reading in readings.items() if reading.manifest}
    members: dict[str, dict[str, str]] = defaultdict(dict)
    for path, root in roots.items():
        provided = readings[path].provides
        if provided:
            members[root][provided[0]] = provided[1]
    catalogs: dict[str, _Catalogs] = {}
    spaces = {root: _workspace(tree, root, members[root], catalogs) for root in sorted(set(roots.values()))}
    claimed: dict[str, set[Place]] = defaultdict(set)
    paired = dict(readings)
    for path, root in roots.items():
        paired[path] = _paired(tree, root, spaces[root], path, claimed)
    for path, root in roots.items():
        paired[path] = _with_catalogs(paired[path], spaces[root])
    return {path: _without(reading, claimed[path]) if path in claimed else reading for path, reading in paired.items()}


def _workspace(tree: Tree, root: str, siblings: Mapping[str, str], catalogs: dict[str, _Catalogs]) -> _Workspace:
    """Return what is known at a root; ``catalogs`` remembers those of each folder."""
    overrides = {key: text for row, key, text in _stated(tree, root) if row.kind.endswith("-override")}
    # A folder outside of the workspace (linked, or in an example) may refer to the catalogs above it all the same.
    folders = (root, *parents(root))
    for folder in folders:
        if folder not in catalogs:
            catalogs[folder] = _catalogs.lookup(_stated(tree, folder))
    above = next((catalogs[folder] for folder in folders if catalogs[folder]), {})
    return _Workspace(tree.locks.get(root), siblings, overrides, above)


def _stated(tree: Tree, folder: str) -> Iterator[tuple[Dependency, str, str]]:
    """Yield row, key and text of all that the files of a root state."""
    for name in (MANIFEST, WORKSPACE, YARNRC):
        reading = tree.get(folder, name)
        if reading is None:
            continue
        for row in reading.dependencies:
            yield row, *_written(reading, row)


def _written(reading: Reading, row: Dependency) -> tuple[str, str]:
    return reading.written.get(row.place, (row.name, row.value or ""))


def _paired(tree: Tree, root: str, space: _Workspace, path: str, claimed: dict[str, set[Place]]) -> Reading:
    """Join one reading with what its workspace root knows."""
    reading, folder = tree.readings[path], split(path)[0]
    addresses = registries(tree, (root, folder))
    rows, skipped = [], list(reading.skipped)
    for row in reading.dependencies:
        joined = registered(row, addresses)
        alias, text = _written(reading, row)
        if row.kind == "package-json":
            entry = _entry(space, alias, text)
            if _catalogs.groups(text):
                joined = _referring(joined, entry)
                skipped += () if entry else [_missing(row, text)]
            found = _resolution(space, relative(folder, root), joined, (alias, entry[1] if entry else text))
            if found and space.lock and found.place:
                claimed[space.lock.path].add(found.place)
            if found and entry:
                space.resolved.setdefault(entry[0].place, found)
            joined = _locked(joined, found) if found else _sibling(joined, space.siblings, reading)
        rows.append(joined)
    manifest = _joined(tree.get(folder, MANIFEST), reading.manifest, space.lock)
    return replace(reading, dependencies=tuple(rows), manifest=manifest, skipped=tuple(skipped))


def _joined(package: Reading | None, manifest: Manifest | None, lock: Lock | None) -> Manifest | None:
    """Return the manifest with its lockfile; whether it is deployed says the package.json beside it."""
    if manifest is None:
        return None
    if manifest.application is None and package and package.manifest:
        manifest = replace(manifest, application=package.manifest.application)
    return replace(manifest, lockfile=lock.path) if lock else manifest


def _entry(space: _Workspace, alias: str, text: str) -> tuple[Dependency, str] | None:
    """Return the catalog entry, with its text, to which ``text`` refers."""
    found = (space.catalogs.get((group, alias)) for group in _catalogs.groups(text))
    return next((entry for entry in found if entry), None)


def _referring(row: Dependency, entry: tuple[Dependency, str] | None) -> Dependency:
    """Return the row of a reference: the catalog entry is judged in its stead, under its real name."""
    if entry is None:
        return replace(row, skip_reason="unsupported-version")
    return replace(row, name=entry[0].name, purl=entry[0].purl)


def _missing(row: Dependency, text: str) -> Skipped:
    detail = f"line {row.place.line}: {row.name} refers to {text[:100]!r}, and no catalog here has it"
    return Skipped(
        what="dependency", path=row.place.path, source="package-json", reason="unsupported-version", detail=detail
    )


def _resolution(space: _Workspace, folder: str, row: Dependency, written: tuple[str, str]) -> Locked | None:
    found = space.lock.find(folder, Wanted(*written, space.overrides)) if space.lock else None
    # An override may put another package in its place, whose versions say nothing about this one.
    return found if found and (found.local or found.name == row.name or row.skip_reason) else None


def _locked(row: Dependency, found: Locked) -> Dependency:
    if found.local:
        return replace(row, skip_reason=row.skip_reason or "local-path")
    if row.skip_reason in _ELSEWHERE:
        return replace(row, locked_version=found.version or None)
    return replace(row, locked_version=found.version or None, purl=purl(row.name, row.version or found.version or None))


def _sibling(row: Dependency, siblings: Mapping[str, str], reading: Reading) -> Dependency:
    """Mark what another package of the workspace satisfies; npm links it and asks no registry."""
    version = siblings.get(row.name)
    if version is None or row.skip_reason or (reading.provides and reading.provides[0] == row.name):
        return row
    linked = SCHEME.satisfies(version, row.value or "") or SCHEME.key(version) is None
    return replace(row, skip_reason="local-path") if linked else row


def _with_catalogs(reading: Reading, space: _Workspace) -> Reading:
    """Give the entries of catalogs the version that those who refer to them got."""
    rows = (
        _locked(row, space.resolved[row.place]) if row.place in space.resolved else row for row in reading.dependencies
    )
    return replace(reading, dependencies=tuple(rows))


def _without(reading: Reading, claimed: set[Place]) -> Reading:
    """Return the lockfile's reading without what some package.json requires: those rows stand there."""
    return replace(
        reading,
        dependencies=tuple(row for row in reading.dependencies if row.place not in claimed),
        observations=tuple(seen for seen in reading.observations if seen.place not in claimed),
    )
