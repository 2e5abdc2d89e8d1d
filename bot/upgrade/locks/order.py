"""Which locks have to follow a change, and in which order: one compiled file may limit the next."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from analyzers.model.ecosystem import Reading

# The observation by which a reader names an input of a compiled file.
_COMPILED: Final = "compiled-from"
_MOST: Final = 500


def dependents(readings: Mapping[str, Reading], changed: Iterable[str]) -> frozenset[str]:
    """Return the compiled files that read any of the changed files, at any depth."""
    touched, found = set(changed), set[str]()
    reads = {path: frozenset(_reads(readings, path)) for path in readings if _is_compiled(readings[path])}
    while more := {path for path, read in reads.items() if path not in found and read & touched}:
        found |= more
        touched |= more
    return frozenset(found)


def ordered(readings: Mapping[str, Reading], locks: Iterable[str]) -> tuple[str, ...]:
    """Return the locks so that each follows those that it reads; else by name."""
    waiting = sorted(locks)
    reads = {lock: frozenset(_reads(readings, lock)) if lock in readings else frozenset() for lock in waiting}
    found: list[str] = []
    while waiting:
        free = next((lock for lock in waiting if not reads[lock] & (set(waiting) - {lock})), waiting[0])
        waiting.remove(free)
        found.append(free)
    return tuple(found)


def _is_compiled(reading: Reading) -> bool:
    return any(seen.kind == _COMPILED for seen in reading.observations)


def _reads(readings: Mapping[str, Reading], lock: str) -> Iterator[str]:
    """Yield the inputs of a compiled file, and all that they include; never the file itself."""
    queue = list(_inputs(readings, lock))
    seen = {lock}
    while queue and len(seen) < _MOST:
        path = queue.pop()
        if path in seen:
            continue
        seen.add(path)
        yield path
        if path in readings:
            queue += [target for target, _ in readings[path].includes]


def _inputs(readings: Mapping[str, Reading], lock: str) -> Iterator[str]:
    names = [seen.name for seen in readings[lock].observations if seen.kind == _COMPILED]
    for name in filter(None, names):
        folder = "" if name.startswith("/") else posixpath.dirname(lock)
        while True:
            path = posixpath.normpath(posixpath.join(folder, name.removeprefix("/")))
            if path in readings:
                yield path
            if path in readings or not folder:
                break
            folder = posixpath.dirname(folder)
