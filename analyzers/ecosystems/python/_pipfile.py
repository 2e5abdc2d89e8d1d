"""Pipenv: ``Pipfile`` and its lockfile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzers.ecosystems.python import _files, _kinds
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._lines import EXTRA_INDEX, Found
from analyzers.ecosystems.python._references import commit, read_reference
from analyzers.ecosystems.python._rows import (
    PYPI,
    Context,
    Origin,
    constrained_row,
    index_origin,
    runtime_row,
    unread,
    with_origin,
)
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import json, toml
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

# Tables of the Pipfile that hold no packages; every other one is a category of them.
_SETTINGS = frozenset({"source", "requires", "pipenv", "scripts", "build-system", "tool", "project", "pip-options"})
_ELSEWHERE: dict[str, SkipReason] = {
    **dict.fromkeys(("git", "hg", "svn", "bzr"), "version-control"),
    **dict.fromkeys(("path", "editable"), "local-path"),
    "file": "direct-url",
    "url": "direct-url",
}
_MAIN = {"packages": None, "default": None}
# Keys of a package that are markers by themselves.
_MARKERS = (
    *("os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release"),
    *("platform_system", "platform_version", "python_version", "python_full_version", "implementation_name"),
)


def read(source: SourceText) -> Reading:
    """Read ``Pipfile``. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    tree = toml.parse(source)
    indexes = _indexes(tree.get("source"))
    found = [*_runtime(source, tree), *_packages(source, tree, indexes)]
    runtime = _required_python(tree)
    return Reading(
        dependencies=tuple(row for row in found if isinstance(row, Dependency)),
        manifest=Manifest(
            path=source.path,
            ecosystem=ECOSYSTEM_NAME,
            format=_files.PIPFILE,
            runtime=f"=={runtime.value}.*" if runtime else None,
            application=True,
        ),
        observations=tuple(_extra_indexes(source, tree)),
        skipped=tuple(row for row in found if isinstance(row, Skipped)),
    )


def _required_python(tree: Mapping) -> Scalar | None:
    return tree.scalar("requires", "python_full_version") or tree.scalar("requires", "python_version")


def _runtime(source: SourceText, tree: Mapping) -> Iterator[Found]:
    for key in ("python_version", "python_full_version"):
        scalar = tree.scalar("requires", key)
        if scalar and scalar.value != "*":
            yield runtime_row(source, scalar, _kinds.PIPFILE)


def _packages(source: SourceText, tree: Mapping, indexes: dict[str, Origin]) -> Iterator[Found]:
    for category, table in tree.items:
        if category.value in _SETTINGS or not isinstance(table, Mapping):
            continue
        group = _MAIN.get(category.value, category.value)
        context = Context(source=source, kind=_kinds.PIPFILE, group=group)
        for name, node in table.items:
            yield _package(context, name, node, indexes)


def _package(context: Context, name: Scalar, node: Node, indexes: dict[str, Origin]) -> Found:
    default = indexes.get("", PYPI)
    if isinstance(node, Scalar) and node.quoted:
        return with_origin(_written(context, name, node), default)
    if not isinstance(node, Mapping):
        return unread(context.source, node.start, f"“{name.value[:80]}” has no constraint")
    marker = _marker(node)
    elsewhere = _elsewhere(context, name, node, marker)
    if elsewhere:
        return elsewhere
    named = node.scalar("index")
    version = node.scalar("version") or Scalar("", node.start, node.start)
    row = replace(_written(context, name, version), marker=marker)
    return with_origin(row, indexes.get(named.value, PYPI) if named else default)


def _written(context: Context, name: Scalar, constraint: Scalar) -> Dependency:
    row = constrained_row(context, name.value, constraint.start, constraint.end)
    if row.value is not None and row.value != constraint.value:
        return replace(row, skip_reason="unsupported-syntax", version=None)
    return row


def _elsewhere(context: Context, name: Scalar, table: Mapping, marker: str | None) -> Dependency | None:
    """Return the row of a package from no index, at its branch, tag or commit where it names one."""
    reason = next((reason for word, reason in _ELSEWHERE.items() if table.get(word)), None)
    if reason is None or (table.get("version") and not table.get("git")):
        return None
    file = table.scalar("file")
    if file and "://" not in file.value:
        reason = "local-path"
    named = table.scalar("ref")
    written = named or _inline_reference(context.source, table.scalar("git")) or Scalar("", table.start, table.start)
    row = constrained_row(context, name.value, written.start, written.end, marker)
    digest = commit(row.value or "")
    return replace(row, skip_reason=reason, digest=digest, version=None if digest else row.version)


def _inline_reference(source: SourceText, address: Scalar | None) -> Scalar | None:
    """Return what follows the at sign of ``https://…/repository.git@v1``."""
    if address is None or not source.is_verbatim(address):
        return None
    found = read_reference(f"git+{address.value}")
    if found is None or found.start == found.end:
        return None
    start, end = address.start + found.start - len("git+"), address.start + found.end - len("git+")
    return Scalar(source.text[start:end], start, end)


def _marker(table: Mapping) -> str | None:
    """Return the marker of a package: ``markers``, and the keys that are markers by themselves."""
    markers = table.scalar("markers")
    parts = [markers.value] if markers else []
    parts += [f"{key} {scalar.value}" for key in _MARKERS if (scalar := table.scalar(key))]
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts) or None


def _indexes(listed: Node | None) -> dict[str, Origin]:
    """Return each source by its name; under ``""`` the first one, which all packages come from."""
    found: dict[str, Origin] = {}
    for table in listed.items if isinstance(listed, Sequence) else ():
        name, url = (table.scalar(key) for key in ("name", "url")) if isinstance(table, Mapping) else (None, None)
        if url:
            origin = index_origin(url.value)
            found.setdefault("", origin)
            found[name.value if name else ""] = origin
    return found


def _extra_indexes(source: SourceText, tree: Mapping) -> Iterator[Observation]:
    listed = tree.get("source")
    for table in listed.items[1:] if isinstance(listed, Sequence) else ():
        url = table.scalar("url") if isinstance(table, Mapping) else None
        if url:
            address = index_origin(url.value).index or ""
            yield Observation(kind=EXTRA_INDEX, name=address, place=source.place_of(url))


def read_lock(source: SourceText) -> Reading:
    """Read ``Pipfile.lock``: each package at its version. Raises InvalidSyntaxError, TooDeepError, TooLargeError."""
    tree = json.parse(source)
    if not isinstance(tree, Mapping):
        raise InvalidSyntaxError("is no JSON object")
    indexes = _indexes(tree.get("_meta", "sources"))
    found = [
        (
            _locked_row(
                Context(source=source, kind=_files.PIPFILE_LOCK, group=group, direct=False), name, table, indexes
            ),
            group,
        )
        for category, packages in tree.items
        if category.value != "_meta" and isinstance(packages, Mapping)
        for group in (_MAIN.get(category.value, category.value),)
        for name, table in packages.items
        if isinstance(table, Mapping)
    ]
    locked = (_locked(row, development=group is not None) for row, group in found)
    return Reading(dependencies=tuple(row for row, _ in found), locked=tuple(locked))


def _locked_row(context: Context, name: Scalar, table: Mapping, indexes: dict[str, Origin]) -> Dependency:
    row = _package(context, name, table, indexes)
    if isinstance(row, Skipped):  # never: a table always makes a row
        raise InvalidSyntaxError(row.detail)
    return replace(row, locked_version=row.version)


def _locked(row: Dependency, *, development: bool) -> Locked:
    local = row.skip_reason == "local-path"
    return Locked(name=row.name, version=row.version or "", place=row.place, development=development, local=local)
