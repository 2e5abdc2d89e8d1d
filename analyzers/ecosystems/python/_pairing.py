"""Joins manifests with what resolves them, and says what each file is to its project."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from analyzers.ecosystems.python import _files, _kinds, _pyproject
from analyzers.ecosystems.python._files import REQUIREMENTS as FORMAT
from analyzers.ecosystems.python._kinds import CONDA_PIP, REQUIREMENTS_CONSTRAINT, SETUP_CFG, SETUP_PY
from analyzers.ecosystems.python._layout import Layout
from analyzers.ecosystems.python._lines import EXTRA_INDEX, MAIN_INDEX
from analyzers.ecosystems.python._resolution import Resolution, resolved
from analyzers.ecosystems.python._rows import Origin, normalise, with_origin
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped

# Files that belong to the project around them, and say nothing of its nature themselves.
_OF_A_PROJECT = frozenset({FORMAT, _files.CONDA, _files.PIXI})
# What people lock because they run it; tox and Hatch make environments for those who work on it.
_LOCKED_TO_RUN = frozenset({_kinds.PYPROJECT, _files.SCRIPT})
_STATED = frozenset({SETUP_CFG, SETUP_PY})
_STATING = frozenset({"setup.py", "setup.cfg"})


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Fill `locked_version`, `lockfile`, `runtime` and `application`; apply the indexes that files read together name.

    A row of a lockfile that a requirement got is shown as that requirement's locked version, and no more by itself.
    In a compiled requirements file or a constraints file, which people read as well, it stays and is not direct.
    """
    return _Pairing(Layout(_once(readings))).paired()


def _once(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """Return each file's reading once: one of an unusual name is read again where another file includes it."""
    again = f"#{FORMAT}"
    found = {path: reading for path, reading in readings.items() if not path.endswith(again)}
    for path in sorted(readings.keys() - found.keys()):
        own = path.removesuffix(again)
        if found.get(own, Reading()).manifest is None:
            found[own] = readings[path]
    return found


@dataclass(slots=True)
class _Pairing:
    layout: Layout
    resolutions: dict[str, Resolution] = field(default_factory=dict)

    def paired(self) -> dict[str, Reading]:
        readings = self.layout.readings
        rows = {path: self._with_index(path) for path in readings}
        for path in sorted({path for files in self.layout.resolvers.values() for path in files}):
            self.resolutions[path] = Resolution.of(path, rows.get(path, ()))
        # Requirements first: only then is it known which pins they took.
        joined = {path: [resolved(row, self._resolutions_of(path)) for row in rows[path]] for path in sorted(rows)}
        return {
            path: replace(
                readings[path],
                dependencies=tuple(self._shown(path, joined)),
                manifest=self._manifest(path, joined[path]),
                observations=self._observations(path),
                skipped=self._skipped(path),
            )
            for path in sorted(readings)
        }

    def _resolutions_of(self, path: str) -> list[Resolution]:
        return [self.resolutions[resolver] for resolver in self.layout.resolvers.get(path, ())]

    def _shown(self, path: str, joined: Mapping[str, list[Dependency]]) -> Iterator[Dependency]:
        resolution = self.resolutions.get(path)
        taken = resolution.taken if resolution else set()
        if path in self.layout.locks:
            yield from (row for row in joined[path] if row.place not in taken)
            return
        if not (self.layout.is_compiled(path) or self.layout.limits_only(path)):
            yield from joined[path]
            return
        direct = self._directness(path, joined)
        limits = self.layout.limits_only(path)
        for row in joined[path]:
            is_direct = row.direct and normalise(row.name) in direct if direct is not None else row.direct
            kind = REQUIREMENTS_CONSTRAINT if limits and row.kind == FORMAT else row.kind
            yield replace(row, direct=(is_direct or self._is_orphan(path)) and row.place not in taken, kind=kind)

    def _directness(self, path: str, joined: Mapping[str, list[Dependency]]) -> frozenset[str] | None:
        """Return the names that are direct in this file; None where each row knows by itself."""
        if self.layout.limits_only(path):
            return frozenset()
        inputs = self.layout.inputs.get(path)
        if not inputs or not all(row.direct for row in joined[path]):
            return None
        # Compiled without notes of who asked for what: what the inputs name is direct.
        return frozenset(normalise(row.name) for name in inputs for row in joined[name])

    def _is_orphan(self, path: str) -> bool:
        """Whether a compiled file has lost its inputs and does not tell what is direct: then everything is."""
        return (
            self.layout.is_compiled(path)
            and not self.layout.inputs[path]
            and not any(row.direct for row in self.layout.readings[path].dependencies)
        )

    def _with_index(self, path: str) -> list[Dependency]:
        rows = self.layout.readings[path].dependencies
        origin = self._index_of(path)
        return [with_origin(row, origin) if origin and row.kind in {FORMAT, CONDA_PIP} else row for row in rows]

    def _index_of(self, path: str) -> Origin | None:
        for _, said in self._said_with(path, MAIN_INDEX):
            return Origin(skip_reason="unpinned-expression") if said.text else Origin(index=said.name or None)
        return None

    def _observations(self, path: str) -> tuple[Observation, ...]:
        """Return the file's own observations, and the extra indexes that it is read with."""
        own = self.layout.readings[path].observations
        spot = Place(path, 1, 1, 0, 0)
        inherited = {said.name: None for here, said in self._said_with(path, EXTRA_INDEX) if here != path}
        return (*own, *(Observation(kind=EXTRA_INDEX, name=name, place=spot) for name in inherited))

    def _said_with(self, path: str, kind: str) -> Iterator[tuple[str, Observation]]:
        for here in self.layout.included_with(path):
            for said in self.layout.readings[here].observations:
                if said.kind == kind:
                    yield here, said

    def _manifest(self, path: str, rows: list[Dependency]) -> Manifest | None:
        manifest = self.layout.readings[path].manifest
        if manifest is None or self.layout.inputs.get(path) or self.layout.limits_only(path):
            return None
        lockfile = self._lockfile(path, rows)
        above = self.layout.project_of(path)
        if manifest.format in _OF_A_PROJECT:
            known = above.application if above else not self.layout.is_packaged(path)
            return replace(manifest, lockfile=lockfile, runtime=above.runtime if above else None, application=known)
        application = manifest.application
        if application is None and lockfile and manifest.format in _LOCKED_TO_RUN:
            application = True
        if manifest.format == _files.PIPFILE and self.layout.is_packaged(path):
            application = False  # Pipenv as the tool of those who develop a package
        return replace(manifest, lockfile=lockfile, application=application)

    def _skipped(self, path: str) -> tuple[Skipped, ...]:
        """Return the file's notes; what a ``setup.py`` or ``setup.cfg`` beside it states is not unknown."""
        skipped = self.layout.readings[path].skipped
        if posixpath.basename(path) != "pyproject.toml":
            return skipped
        beside = (posixpath.join(posixpath.dirname(path), name) for name in sorted(_STATING))
        stated = any(self._states(other) for other in beside)
        return tuple(entry for entry in skipped if not (stated and entry.detail.endswith(_pyproject.COMPUTED)))

    def _states(self, path: str) -> bool:
        found = self.layout.readings.get(path)
        if found is None:
            return False
        stated = (row for row in found.dependencies if row.kind in _STATED and not row.dependency_group)
        return bool(found.includes) or any(stated)

    def _lockfile(self, path: str, rows: list[Dependency]) -> str | None:
        resolvers = self.layout.resolvers.get(path, ())
        named = self.layout.constraints.get(path, ())
        if not resolvers:
            return None
        # Constraints count as a lock where they resolve everything.
        if resolvers[0] in named and not all(row.version or row.locked_version or row.skip_reason for row in rows):
            return None
        return resolvers[0]
