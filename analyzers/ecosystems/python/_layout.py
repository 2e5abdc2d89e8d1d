"""Which file resolves which: pyproject and lock, input and compiled output, requirements and constraints."""

from __future__ import annotations

import posixpath
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from analyzers.ecosystems.python._compiled import COMPILED_FROM
from analyzers.ecosystems.python._files import REQUIREMENTS as FORMAT
from analyzers.ecosystems.python._files import is_requirements as matches
from analyzers.ecosystems.python._lines import CONSTRAINTS
from analyzers.ecosystems.python._lock_files import is_lock, lock_beside
from analyzers.ecosystems.python._rows import normalise
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest

_PYPROJECT = "pyproject.toml"
# More files than any honest set that includes one another; keeps a hostile one from costing its square.
_MAX_TOGETHER = 200


@dataclass(frozen=True)
class Layout:
    """All readings of the repository, and what their paths and headers say of each other."""

    readings: Mapping[str, Reading]

    @cached_property
    def projects(self) -> Mapping[str, Manifest]:
        """Every pyproject.toml that is a manifest."""
        paths = (path for path in sorted(self.readings) if posixpath.basename(path) == _PYPROJECT)
        return {path: manifest for path in paths if (manifest := self.readings[path].manifest)}

    @cached_property
    def locks(self) -> frozenset[str]:
        """Every lockfile."""
        return frozenset(path for path in self.readings if is_lock(path))

    @cached_property
    def _beside(self) -> Mapping[str, tuple[str, ...]]:
        """Folder → the lockfiles in it, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.locks):
            found[posixpath.dirname(path)].append(path)
        return {folder: tuple(paths) for folder, paths in found.items()}

    @cached_property
    def packages(self) -> frozenset[str]:
        """Every folder with a ``setup.py``, which only packages have, or a ``setup.cfg`` that names the package."""
        return frozenset(
            posixpath.dirname(path)
            for path, reading in self.readings.items()
            if posixpath.basename(path) == "setup.py"
            or (posixpath.basename(path) == "setup.cfg" and reading.provides is not None)
        )

    @cached_property
    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Compiled file → its inputs that were read (none, where they are gone or of a kind that is not read)."""
        return {path: tuple(self._inputs(path)) for path in sorted(self.readings) if self.is_compiled(path)}

    @cached_property
    def constraints(self) -> Mapping[str, tuple[str, ...]]:
        """File → the constraints files that it names."""
        return {path: targets for path in self.readings if (targets := self._observed(path, CONSTRAINTS))}

    @cached_property
    def includers(self) -> Mapping[str, tuple[str, ...]]:
        """File → the files that include it, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.readings):
            for target, _ in self.readings[path].includes:
                found[target].append(path)
        return {target: tuple(paths) for target, paths in found.items()}

    @cached_property
    def resolvers(self) -> Mapping[str, tuple[str, ...]]:
        """Manifest → the files that resolve it, the best first: lockfile, compiled output, constraints."""
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.readings):
            lock = self.lock_of(path)
            if lock:
                found[path].append(lock)
        for compiled, inputs in self.inputs.items():
            for path in inputs:
                found[path].append(compiled)
        for compiled, inputs in self.inputs.items():
            for path in self._included(inputs):
                found[path].append(compiled)
        for path, targets in self.constraints.items():
            found[path].extend(targets)
        return {path: tuple(dict.fromkeys(files)) for path, files in found.items()}

    def included_with(self, path: str) -> Iterator[str]:
        """Yield the file and all that pip reads with it, nearest first: its options count for the whole run."""
        queue, seen = deque([path]), {path}
        while queue:
            here = queue.popleft()
            if here not in self.readings:
                continue
            yield here
            below = (target for target, _ in self.readings[here].includes)
            for neighbour in chain(self.includers.get(here, ()), below):
                if len(seen) == _MAX_TOGETHER:
                    break
                if neighbour not in seen and self._is_for_pip(neighbour):
                    seen.add(neighbour)
                    queue.append(neighbour)

    def _is_for_pip(self, path: str) -> bool:
        """Whether pip reads the file: tox and build tools name several that have nothing to do with each other."""
        manifest = self.readings[path].manifest if path in self.readings else None
        return manifest is not None and manifest.format == FORMAT

    def is_compiled(self, path: str) -> bool:
        """Whether a tool wrote this file: its header says so, or all of it pins what the file beside it asks for."""
        said = any(seen.kind == COMPILED_FROM for seen in self.readings[path].observations)
        return said or path in self.twins

    @cached_property
    def twins(self) -> Mapping[str, str]:
        """``name.txt`` without a header → the ``name.in`` beside it, where the one pins every name of the other."""
        found = {}
        for path in self.readings:
            twin = f"{path.removesuffix('.txt')}.in"
            if path.endswith(".txt") and self._is_for_pip(path) and self._is_for_pip(twin):
                pins = self.readings[path].dependencies
                names = {normalise(row.name) for row in pins if row.version or row.skip_reason}
                wanted = {normalise(row.name) for row in self.readings[twin].dependencies}
                if pins and names >= wanted and all(row.version or row.skip_reason for row in pins):
                    found[path] = twin
        return found

    def limits_only(self, path: str) -> bool:
        """Whether the file is named by ``-c`` alone, so that it requires nothing by itself.

        Not for ``requirements.txt`` and the like: another file may well limit itself by what the project requires.
        """
        includers = self.includers.get(path, ())
        if matches(path) and "constraint" not in posixpath.basename(path).lower():
            return False
        return bool(includers) and all(path in self.constraints.get(includer, ()) for includer in includers)

    def project_of(self, path: str) -> Manifest | None:
        """Return the manifest of the pyproject.toml in the file's folder or the nearest one above."""
        found = (self.projects.get(_join(folder, _PYPROJECT)) for folder in _upwards(path))
        return next((manifest for manifest in found if manifest), None)

    def is_packaged(self, path: str) -> bool:
        """Whether a package is built from the file's folder or one above."""
        return any(folder in self.packages for folder in _upwards(path))

    def lock_of(self, path: str) -> str | None:
        """Return the lockfile beside a manifest, or that of the uv workspace above that a project belongs to."""
        manifest = self.readings[path].manifest
        if manifest is None:
            return None
        folder = posixpath.dirname(path)
        # A lock that names its inputs speaks for no other file.
        beside = [lock for lock in self._beside.get(folder, ()) if path in self.inputs.get(lock, (path,))]
        found = lock_beside(manifest, beside)
        if found or posixpath.basename(path) != _PYPROJECT:
            return found
        above = (_join(parent, "uv.lock") for parent in _upwards(path))
        return next((lock for lock in above if lock in self.locks and self._speaks_for(lock, folder)), None)

    def _speaks_for(self, lock: str, folder: str) -> bool:
        root = posixpath.dirname(lock)
        return posixpath.relpath(folder or ".", root or ".") in self.readings[lock].members

    def _inputs(self, compiled: str) -> Iterator[str]:
        names = self._observed(compiled, COMPILED_FROM) or (f"/{self.twins.get(compiled, '')}",)
        stem = posixpath.basename(compiled).rpartition(".")[0]
        for name in [name for name in names if name] or [f"{stem}.in"]:
            relative = name.removeprefix("/")
            folders = ["", *_upwards(compiled)] if name.startswith("/") else list(_upwards(compiled))
            candidates = (posixpath.normpath(_join(folder, relative)) for folder in folders)
            found = next((path for path in candidates if path in self.readings and path != compiled), None)
            if found:
                yield found

    def _included(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield what ``paths`` include, at any depth, constraints left out."""
        queue, seen = deque(paths), set(paths)
        while queue:
            path = queue.popleft()
            for target, _ in self.readings[path].includes if path in self.readings else ():
                if len(seen) == _MAX_TOGETHER:
                    return
                if target not in seen and target not in self.constraints.get(path, ()):
                    seen.add(target)
                    queue.append(target)
                    yield target

    def _observed(self, path: str, kind: str) -> tuple[str, ...]:
        return tuple(seen.name for seen in self.readings[path].observations if seen.kind == kind)


def _upwards(path: str) -> Iterator[str]:
    """Yield the file's folder and every one above; the repository's own is ``""``."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
