"""Hatch: its environments and builds, in ``hatch.toml`` and under ``[tool.hatch]`` of ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzers.ecosystems.python import _files, _kinds
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._files import REQUIREMENTS as FORMAT
from analyzers.ecosystems.python._lines import Found, resolve
from analyzers.ecosystems.python._lists import grouped, listed
from analyzers.ecosystems.python._rows import runtime_row
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import toml
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText
from analyzers.versions.pep440 import SCHEME

_LISTS = ("dependencies", "extra-dependencies")
_OVERRIDDEN = (*_LISTS, "set-dependencies", "set-extra-dependencies")
_MAX_DEPTH = 6


def read(source: SourceText) -> Reading:
    """Read ``hatch.toml``. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    tree = toml.parse(source)
    found = list(rows(source, tree))
    files, unfollowed = hook_files(source, tree)
    return Reading(
        dependencies=tuple(row for row in found if isinstance(row, Dependency)),
        manifest=Manifest(path=source.path, ecosystem=ECOSYSTEM_NAME, format=_files.HATCH),
        includes=tuple(dict.fromkeys((path, FORMAT) for path in files)),
        skipped=(*(row for row in found if isinstance(row, Skipped)), *unfollowed),
    )


def rows(source: SourceText, hatch: Mapping) -> Iterator[Found]:
    """Yield what the environments, the build with its targets and hooks, and the metadata hooks install."""
    for key, node in hatch.mapping("envs").items:
        if isinstance(node, Mapping):
            yield from _environment(source, key.value, node)
    yield from _build(source, hatch.mapping("build"))
    for hook in metadata_hooks(hatch):
        yield from listed(source, hook.get("dependencies"), _kinds.PYPROJECT)
        yield from grouped(source, hook.mapping("optional-dependencies"), _kinds.PYPROJECT)


def metadata_hooks(hatch: Mapping) -> Iterator[Mapping]:
    """Yield the metadata hooks: some state the requirements that ``[project]`` calls dynamic."""
    for _, hook in hatch.mapping("metadata", "hooks").items:
        if isinstance(hook, Mapping):
            yield hook


def hook_files(source: SourceText, hatch: Mapping) -> tuple[list[str], list[Skipped]]:
    """Return the requirements files that metadata hooks read, and those that cannot be followed."""
    scalars: list[Scalar] = []
    for hook in metadata_hooks(hatch):
        one = hook.scalar("filename")
        scalars += [one] if one else hook.scalars("files")
        for _, node in hook.mapping("optional-dependencies").items:
            scalars += node.scalars("filenames") if isinstance(node, Mapping) else []
    return followed(source, scalars)


def followed(source: SourceText, scalars: list[Scalar]) -> tuple[list[str], list[Skipped]]:
    """Return the paths of the files that ``scalars`` name, and a note for each that cannot be followed."""
    files: list[str] = []
    skipped: list[Skipped] = []
    for scalar in scalars:
        path, reason = resolve(source.path, scalar.value)
        if reason:
            detail = f"the file {scalar.value[:200]} was not followed"
            note = Skipped(what="file", path=source.path, source=_kinds.PYPROJECT, reason=reason, detail=detail)
            skipped.append(note)
        else:
            files.append(path)
    return files, skipped


def _environment(source: SourceText, name: str, table: Mapping) -> Iterator[Found]:
    for key in _LISTS:
        yield from listed(source, table.get(key), _kinds.HATCH, name)
    yield from _overrides(source, name, table.mapping("overrides"), _MAX_DEPTH)
    python = table.scalar("python")
    if python and SCHEME.key(python.value):
        yield runtime_row(source, python, _kinds.HATCH)


def _overrides(source: SourceText, name: str, table: Mapping, depth: int, under: str = "") -> Iterator[Found]:
    """Yield what is added under a condition: the entries are strings, or tables whose ``value`` is the string."""
    for key, node in table.items:
        if key.value.rpartition(".")[2] in _OVERRIDDEN and isinstance(node, Sequence):
            entries = tuple(_entry(item) for item in node.items)
            for row in listed(source, Sequence(entries, node.start, node.end), _kinds.HATCH, name):
                yield replace(row, marker=row.marker or f"{under}{key.value}") if isinstance(row, Dependency) else row
        elif isinstance(node, Mapping) and depth:
            yield from _overrides(source, name, node, depth - 1, f"{under}{key.value}.")


def _entry(item: Node) -> Node:
    value = item.scalar("value") if isinstance(item, Mapping) else None
    return value or item


def _build(source: SourceText, build: Mapping) -> Iterator[Found]:
    """Yield what builds need: of all, of a target, of a hook."""
    targets = [node for _, node in build.mapping("targets").items if isinstance(node, Mapping)]
    for table in (build, *targets):
        yield from listed(source, table.get("dependencies"), _kinds.PYPROJECT_BUILD)
        for _, hook in table.mapping("hooks").items:
            if isinstance(hook, Mapping):
                yield from listed(source, hook.get("dependencies"), _kinds.PYPROJECT_BUILD)
