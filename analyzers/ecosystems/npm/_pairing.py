"""Joins package.json files with their lockfiles, workspaces and registries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from analyzers.ecosystems.npm._npmrc import REGISTRY
from analyzers.ecosystems.npm._other_locks import NAMES
from analyzers.ecosystems.npm._rows import purl
from analyzers.ecosystems.npm._workspaces import is_member, parents, relative
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.place import Place
from analyzers.registries.npm import ADDRESS
from analyzers.versions.npm import SCHEME

# npm prefers the first where both lie side by side.
LOCKS: Final = ("npm-shrinkwrap.json", "package-lock.json")
_MANIFEST: Final = "package.json"


@dataclass(frozen=True, slots=True)
class _Lock:
    """One npm lockfile, by the folder in which a package is installed and the package's name."""

    path: str
    members: frozenset[str]
    packages: Mapping[tuple[str, str], list[Locked]]

    @classmethod
    def of(cls, path: str, reading: Reading) -> _Lock:
        packages: dict[tuple[str, str], list[Locked]] = defaultdict(list)
        for entry in reading.locked:
            packages[entry.within, entry.name].append(entry)
        return cls(path, frozenset(reading.members), packages)

    def find(self, folder: str, wanted: Dependency) -> Locked | None:
        """Return what the requirement of ``folder`` resolves to, searched as Node.js does: outwards."""
        for within in (folder, *parents(folder)):
            entries = self.packages.get((within, wanted.name))
            if entries:
                return next((entry for entry in entries if _fits(entry, wanted)), entries[0])
        return None


def _fits(entry: Locked, wanted: Dependency) -> bool:
    return SCHEME.satisfies(entry.version, wanted.value or "")


@dataclass(frozen=True, slots=True)
class _Tree:
    """All readings of a repository, by folder and file name."""

    readings: Mapping[str, Reading]
    locks: Mapping[str, _Lock]

    def has(self, folder: str, name: str) -> bool:
        return _join(folder, name) in self.readings

    def manifest(self, folder: str) -> Reading | None:
        return self.readings.get(_join(folder, _MANIFEST))

    def root(self, folder: str) -> str:
        """Return the workspace root that speaks for ``folder``; itself where none does."""
        if folder in self.locks:
            return folder
        for above in parents(folder):
            inside = relative(folder, above)
            if above in self.locks and inside in self.locks[above].members:
                return above
            reading = self.manifest(above)
            if reading and is_member(inside, reading.members):
                return above
        return folder


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Fill locked versions, registries and lockfiles; leave the direct packages out of the lockfiles' rows."""
    locks: dict[str, _Lock] = {}
    for path, reading in readings.items():
        folder, name = _split(path)
        if name in LOCKS and not (name != LOCKS[0] and _join(folder, LOCKS[0]) in readings):
            locks[folder] = _Lock.of(path, reading)
    tree = _Tree(readings, locks)
    claimed: dict[str, set[Place]] = defaultdict(set)
    siblings: dict[str, Mapping[str, str]] = {}
    paired = dict(readings)
    for path, reading in readings.items():
        if reading.manifest:
            folder = _split(path)[0]
            root = tree.root(folder)
            if root not in siblings:
                siblings[root] = _siblings(tree, root)
            paired[path] = _paired(tree, (folder, root), reading, siblings[root], claimed)
    return {path: _without(reading, claimed[path]) if path in claimed else reading for path, reading in paired.items()}


def _paired(
    tree: _Tree,
    folders: tuple[str, str],
    reading: Reading,
    siblings: Mapping[str, str],
    claimed: dict[str, set[Place]],
) -> Reading:
    """Join the reading of ``folders[0]`` with what its workspace root, ``folders[1]``, knows."""
    folder, root = folders
    lock = tree.locks.get(root)
    registries = _registries(tree, (root, folder))
    rows = []
    for row in reading.dependencies:
        joined = _registered(row, registries)
        found = _resolution(lock, relative(folder, root), row)
        if lock and found:
            joined = _locked(joined, found)
            if found.place:
                claimed[lock.path].add(found.place)
        rows.append(_sibling(joined, siblings))
    manifest = _with_lockfile(tree, reading.manifest, lock, folders)
    return replace(reading, dependencies=tuple(rows), manifest=manifest)


def _resolution(lock: _Lock | None, folder: str, row: Dependency) -> Locked | None:
    """Only what package.json requires is installed by it: overrides, engines and package managers are not."""
    if lock is None or row.kind != "package-json" or row.skip_reason not in (None, "vendored", "generated"):
        return None
    return lock.find(folder, row)


def _locked(row: Dependency, found: Locked) -> Dependency:
    if found.local:
        return replace(row, skip_reason=row.skip_reason or "local-path")
    return replace(row, locked_version=found.version, purl=purl(row.name, row.version or found.version))


def _siblings(tree: _Tree, root: str) -> Mapping[str, str]:
    """Return name → version of the packages of a workspace, which are linked and not downloaded."""
    top = tree.manifest(root)
    if not top or not top.members:
        return {}
    prefix = f"{root}/" if root else ""
    found = {}
    for path, reading in tree.readings.items():
        if reading.provides and path.startswith(prefix) and is_member(relative(_split(path)[0], root), top.members):
            found[reading.provides[0]] = reading.provides[1]
    return found


def _sibling(row: Dependency, siblings: Mapping[str, str]) -> Dependency:
    """Mark what a package of the same workspace satisfies; npm links it and asks no registry."""
    version = siblings.get(row.name)
    if version is None or row.skip_reason or row.ecosystem != "npm":
        return row
    linked = SCHEME.satisfies(version, row.value or "") or SCHEME.key(version) is None
    return replace(row, skip_reason="local-path") if linked else row


def _registries(tree: _Tree, folders: Iterable[str]) -> Mapping[str, str]:
    """Return scope (``""`` for all) → address, of the ``.npmrc`` beside the root and, stronger, beside the file."""
    found = {}
    for folder in folders:
        reading = tree.readings.get(_join(folder, ".npmrc"))
        for seen in reading.observations if reading else ():
            if seen.kind == REGISTRY:
                found[seen.name] = seen.text
    return found


def _registered(row: Dependency, registries: Mapping[str, str]) -> Dependency:
    scope = row.name.partition("/")[0] if row.name.startswith("@") else ""
    address = registries.get(scope, registries.get(""))
    if not address or address.rstrip("/") == ADDRESS or row.ecosystem != "npm" or row.skip_reason:
        return row
    if "$" in address:
        return replace(row, skip_reason="unpinned-expression")
    return replace(row, index=address)


def _with_lockfile(
    tree: _Tree, manifest: Manifest | None, lock: _Lock | None, folders: Iterable[str]
) -> Manifest | None:
    if manifest is None:
        return None
    if lock:
        return replace(manifest, lockfile=lock.path)
    others = (_join(folder, name) for folder in folders for name in NAMES if tree.has(folder, name))
    return replace(manifest, lockfile=next(others, None))


def _without(reading: Reading, claimed: set[Place]) -> Reading:
    """Return the lockfile's reading without what some package.json requires: those rows stand there."""
    return replace(
        reading,
        dependencies=tuple(row for row in reading.dependencies if row.place not in claimed),
        observations=tuple(seen for seen in reading.observations if seen.place not in claimed),
    )


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
