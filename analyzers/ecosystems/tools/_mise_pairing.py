"""Joins the files of mise with their lockfiles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from analyzers.ecosystems.tools import _files, _mise, _mise_lock
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.versions import git_tag

# What may follow the part of a version that people write.
_BOUNDARY: Final = re.compile(r"[.+-]")
_MOST_PARTS: Final = 8
_LONGEST: Final = 128
# Reasons that fall away once the lockfile names the version, or the backend.
_ANSWERED: Final = frozenset({None, "unsupported-version", "unsupported-source"})


@dataclass(frozen=True, slots=True)
class _Tool:
    """The versions of one tool. `by_start` leads from each way to write the beginning of a version to the first."""

    newest: Locked
    count: int
    by_start: Mapping[str, Locked]

    @classmethod
    def of(cls, entries: Sequence[Locked]) -> _Tool:
        by_start: dict[str, Locked] = {}
        for entry in entries:
            for start in _starts(_bare(entry.version)):
                by_start.setdefault(start, entry)
        return cls(max(entries, key=_order), len(entries), by_start)

    def find(self, text: str) -> Locked | None:
        """Return what ``text`` is locked to: the version that begins with it, else the only one of a moving name."""
        if text == "latest":
            return self.newest
        fitting = self.by_start.get(_bare(text))
        return fitting or (self.newest if self.count == 1 and not text[:1].isdigit() else None)


@dataclass(frozen=True, slots=True)
class _Lock:
    """A lockfile: what it holds by tool, and its rows by place."""

    path: str
    tools: Mapping[str, _Tool]
    rows: Mapping[Place, Dependency]

    @classmethod
    def of(cls, path: str, reading: Reading) -> _Lock:
        entries: dict[str, list[Locked]] = defaultdict(list)
        for entry in reading.locked:
            entries[entry.name].append(entry)
        tools = {name: _Tool.of(found) for name, found in entries.items()}
        return cls(path, tools, {row.place: row for row in reading.dependencies})


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
    tool = lock.tools.get(_mise_lock.key(name))
    found = tool.find(text) if tool else None
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


def _starts(version: str) -> Iterator[str]:
    """Yield the version, and what stands before each of its first separators (``24.1``, ``24``)."""
    yield version
    for end in islice(_BOUNDARY.finditer(version[:_LONGEST]), _MOST_PARTS):
        yield version[: end.start()]


def _bare(version: str) -> str:
    return version[1:] if version[:1] in ("v", "V") and version[1:2].isdigit() else version
