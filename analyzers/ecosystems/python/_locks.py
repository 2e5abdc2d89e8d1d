"""Lockfiles: ``uv.lock``, ``poetry.lock``, ``pdm.lock``, ``pylock.toml`` (PEP 751): each package at its own place."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from analyzers.ecosystems.python import _compiled, _files
from analyzers.ecosystems.python._references import commit
from analyzers.ecosystems.python._rows import PYPI, Context, Origin, constrained_row, index_origin
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax import toml
from analyzers.syntax.node import Mapping, Scalar, Sequence
from analyzers.syntax.text import SourceText

# Most of a lockfile's bytes, and nothing that is shown.
_BULK = frozenset({"sdist", "wheels", "files", "hashes", "attestation-identities"}) | {
    *("dependencies", "dev-dependencies", "optional-dependencies", "extras"),
    *("requires-dist", "requires-dev", "provides-extras"),
}


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a locked package comes from: `folder` is set for one of this repository."""

    origin: Origin = PYPI
    digest: str | None = None
    folder: str | None = None


def read_uv(source: SourceText) -> Reading:
    """Read ``uv.lock``; the folders of its workspace are the reading's members."""
    return _read(source, _files.UV, "package", _uv_source, _uv_marker)


def read_poetry(source: SourceText) -> Reading:
    """Read ``poetry.lock``, of Poetry 1 and 2."""
    return _read(source, _files.POETRY, "package", _poetry_source, _poetry_marker)


def read_pdm(source: SourceText) -> Reading:
    """Read ``pdm.lock``."""
    # A package stands there once more for each set of its extras: those entries pin nothing else.
    return _read(source, _files.PDM, "package", _pdm_source, _plain_marker, bulk=_BULK - {"extras"})


def read_pylock(source: SourceText) -> Reading:
    """Read ``pylock.toml``; one that uv compiled names its inputs."""
    reading = _read(source, _files.PYLOCK, "packages", _pylock_source, _plain_marker)
    return replace(reading, observations=tuple(_compiled.compiled_from(source, _compiled.read_header(source))))


def _read(
    source: SourceText,
    kind: str,
    table: str,
    source_of: Callable[[Mapping], _Source],
    marker_of: Callable[[Mapping], str | None],
    bulk: frozenset[str] = _BULK,
) -> Reading:
    tree = toml.parse(source, skip=bulk)
    rows: list[Dependency] = []
    locked: list[Locked] = []
    members: list[str] = []
    for package in _tables(tree, table):
        found = source_of(package)
        if found.folder is not None:
            members.append(posixpath.normpath(found.folder))
        name, version = package.scalar("name"), package.scalar("version")
        if name is None or any(package.scalars("extras")):
            continue
        group = _development_group(package)
        written = version or Scalar("", name.end, name.end)
        locked.append(_locked(source, name.value, written, found, development=group is not None))
        if found.folder is not None and members[-1] == ".":
            continue  # the project itself
        context = Context(source=source, kind=kind, group=group, origin=found.origin, direct=False)
        rows.append(_row(context, name.value, written, found.digest, marker_of(package)))
    return Reading(dependencies=tuple(rows), locked=tuple(locked), members=tuple(members))


def _tables(tree: Mapping, key: str) -> Iterator[Mapping]:
    listed = tree.get(key)
    if isinstance(listed, Sequence):
        yield from (item for item in listed.items if isinstance(item, Mapping))


def _locked(source: SourceText, name: str, version: Scalar, found: _Source, *, development: bool) -> Locked:
    place = source.place_of(version)
    local = found.origin.skip_reason == "local-path"
    return Locked(name=name, version=version.value, place=place, development=development, local=local)


def _row(context: Context, name: str, version: Scalar, digest: str | None, marker: str | None) -> Dependency:
    row = constrained_row(context, name, version.start, version.end, marker)
    return replace(row, locked_version=row.version, digest=digest)


def _development_group(package: Mapping) -> str | None:
    """Return the group that alone wants a package, as Poetry (`category` before 1.5) and _files.PDM note it."""
    category = package.scalar("category")
    groups = [category.value] if category else [item.value for item in package.scalars("groups")]
    return groups[0] if groups and not {"main", "default"}.intersection(groups) else None


def _uv_source(package: Mapping) -> _Source:
    source = package.mapping("source")
    for word in ("editable", "virtual", "directory"):
        folder = source.scalar(word)
        if folder:
            return _Source(Origin(skip_reason="local-path"), folder=folder.value)
    if source.get("git"):
        git = source.scalar("git")
        return _Source(
            Origin(skip_reason="version-control"), digest=commit(git.value.rpartition("#")[2]) if git else None
        )
    if source.get("url"):
        return _Source(Origin(skip_reason="direct-url"))
    registry = source.scalar("registry")
    if source.get("path") or (registry and "://" not in registry.value):
        return _Source(Origin(skip_reason="local-path"))
    return _Source(index_origin(registry.value)) if registry else _Source()


def _uv_marker(package: Mapping) -> str | None:
    return " or ".join(f"({item.value})" for item in package.scalars("resolution-markers")) or None


def _poetry_source(package: Mapping) -> _Source:
    source = package.mapping("source")
    kind, url = source.scalar("type"), source.scalar("url")
    if kind is None:
        return _Source()
    if kind.value in {"directory", "file"}:
        return _Source(Origin(skip_reason="local-path"))
    if kind.value == "url":
        return _Source(Origin(skip_reason="direct-url"))
    if kind.value == "legacy":
        return _Source(index_origin(url.value)) if url else _Source()
    reference = source.scalar("resolved_reference")
    return _Source(Origin(skip_reason="version-control"), digest=commit(reference.value) if reference else None)


def _poetry_marker(package: Mapping) -> str | None:
    marker = package.get("markers")
    if isinstance(marker, Mapping):
        # One marker a group: the package is there when any of them holds.
        return " or ".join(f"({item.value})" for _, item in marker.items if isinstance(item, Scalar)) or None
    return marker.value if isinstance(marker, Scalar) else None


def _pdm_source(package: Mapping) -> _Source:
    revision = package.scalar("revision")
    if package.get("git"):
        return _Source(Origin(skip_reason="version-control"), digest=commit(revision.value) if revision else None)
    path = package.scalar("path")
    if path:
        return _Source(Origin(skip_reason="local-path"))
    return _Source(Origin(skip_reason="direct-url")) if package.get("url") else _Source()


def _pylock_source(package: Mapping) -> _Source:
    if package.get("vcs"):
        named = package.scalar("vcs", "commit-id")
        return _Source(Origin(skip_reason="version-control"), digest=commit(named.value) if named else None)
    if package.get("directory"):
        folder = package.scalar("directory", "path")
        return _Source(Origin(skip_reason="local-path"), folder=folder.value if folder else None)
    if package.get("archive"):
        local = package.get("archive", "path") is not None
        return _Source(Origin(skip_reason="local-path" if local else "direct-url"))
    index = package.scalar("index")
    return _Source(index_origin(index.value)) if index else _Source()


def _plain_marker(package: Mapping) -> str | None:
    marker = package.scalar("marker")
    return marker.value if marker else None
