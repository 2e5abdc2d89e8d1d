"""Joins the files of mise with their lockfiles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from analyzers.ecosystems.tools import _files, _mise, _mise_lock
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.versions import git_tag

# What may follow the part of a version that people write.
_BOUNDARY: Final = re.compile(r"[.+-]")
# Reasons that fall away once the lockfile names the version, or the backend.
_ANSWERED: Final = frozenset({None, "unsupported-version", "unsupported-source"})


@dataclass(frozen=True, slots=True)
class _Lock:
    """A lockfile: what it holds by tool, and its rows by place."""

    path: str
    entries: Mapping[str, tuple[Locked, ...]]
    rows: Mapping[Place, Dependency]

    @classmethod
    def of(cls, path: str, reading: Reading) -> _Lock:
        entries: dict[str, tuple[Locked, ...]] = defaultdict(tuple)
        for entry in reading.locked:
            entries[entry.name] += (entry,)
        return cls(path, entries, {row.place: row for row in reading.dependencies})

    def find(self, name: str, text: str) -> Locked | None:
        """Return what ``text`` is locked to: the version that begins with it, else the only one of a moving name."""
        entries = self.entries.get(_mise_lock.key(name), ())
        if text == "latest":
            return max(entries, key=_order, default=None)
        fitting = next((entry for entry in entries if _is_of(text, entry.version)), None)
        if fitting or text[:1].isdigit() or len(entries) != 1:
            return fitting
        return entries[0]


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Fill locked versions and lockfiles; leave out of a lockfile's rows what a file of mise's asks for."""
    locks = {path: _Lock.of(path, reading) for path, reading in readings.items() if _files.is_mise_lock(path)}
    roots = frozenset(path.rpartition("/")[0] for path, reading in readings.items() if reading.members == _mise.ALL)
    claimed: set[Place] = set()
    paired = dict(readings)
    for path, reading in readings.items():
        lock = _lock(path, locks, roots) if reading.manifest and reading.manifest.format == _files.MISE else None
        if lock and reading.manifest:
            rows = tuple(_joined(row, lock, reading, claimed) for row in reading.dependencies)
            paired[path] = replace(reading, dependencies=rows, manifest=replace(reading.manifest, lockfile=lock.path))
    for path in locks:
        rows = tuple(row for row in readings[path].dependencies if row.place not in claimed)
        paired[path] = replace(readings[path], dependencies=rows)
    return paired


def _lock(path: str, locks: Mapping[str, _Lock], roots: frozenset[str]) -> _Lock | None:
    """Return the lockfile beside, else that of the root above which locks for all below it."""
    own = _mise_lock.lock_of(path)
    if own in locks:
        return locks[own]
    folder, _, name = own.rpartition("/")
    above = (f"{root}/{name}".removeprefix("/") for root in _above(folder) if root in roots)
    return next((locks[place] for place in above if place in locks), None)


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _joined(row: Dependency, lock: _Lock, reading: Reading, claimed: set[Place]) -> Dependency:
    name, text = reading.written.get(row.place, (row.name, row.value or ""))
    found = lock.find(name, text)
    if found is None or found.place is None:
        return row
    claimed.add(found.place)
    resolved = lock.rows[found.place]
    if row.version or resolved.skip_reason or row.skip_reason not in _ANSWERED:
        return replace(row, locked_version=resolved.locked_version)
    return replace(
        row,
        ecosystem=resolved.ecosystem,
        name=resolved.name,
        purl=resolved.purl,
        locked_version=resolved.locked_version,
        skip_reason=None,
    )


def _order(entry: Locked) -> tuple[tuple[int, ...], str]:
    parsed = git_tag.parse(entry.version)
    return (parsed.numbers if parsed else ()), entry.version


def _is_of(text: str, version: str) -> bool:
    wanted, locked = _bare(text), _bare(version)
    return locked == wanted or bool(wanted and locked.startswith(wanted) and _BOUNDARY.match(locked, len(wanted)))


def _bare(version: str) -> str:
    return version[1:] if version[:1] in ("v", "V") and version[1:2].isdigit() else version
