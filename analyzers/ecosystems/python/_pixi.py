"""Pixi: ``pixi.toml``, and the same tables in ``pyproject.toml``. No registry is asked for conda's own packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from analyzers.ecosystems.python import _files, _kinds
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._lines import Found
from analyzers.ecosystems.python._references import commit
from analyzers.ecosystems.python._rows import Context, constrained_row, index_origin, runtime_row, unread, with_origin
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax import toml
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText

_CONDA = ("dependencies", "host-dependencies", "build-dependencies", "run-dependencies")
_PYPI = "pypi-dependencies"
_ELSEWHERE: dict[str, SkipReason] = {"git": "version-control", "path": "local-path", "url": "direct-url"}
_REFS = ("rev", "tag", "branch")
_MATRIX = "matrix"
_EXACT = re.compile(r"==([^=<>!~,|*\s]+)")


def read(source: SourceText) -> Reading:
    """Read ``pixi.toml``. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    found = list(rows(source, toml.parse(source)))
    return Reading(
        dependencies=tuple(row for row in found if isinstance(row, Dependency)),
        manifest=Manifest(path=source.path, ecosystem=ECOSYSTEM_NAME, format=_files.PIXI),
        skipped=tuple(row for row in found if isinstance(row, Skipped)),
    )


def rows(source: SourceText, root: Mapping) -> Iterator[Found]:
    """Yield what the workspace, its features and its package ask for, on every platform."""
    found = [*_part(source, root, None), *_part(source, root.mapping("package"), "package")]
    for name, feature in root.mapping("feature").items:
        if isinstance(feature, Mapping):
            found += _part(source, feature, name.value)
    # Environments beside each other, each with a Python of its own, are what others write as a matrix.
    is_matrix = sum(map(_is_runtime, found)) > 1
    for row in found:
        if is_matrix and isinstance(row, Dependency) and _is_runtime(row):
            yield replace(row, dependency_group=_MATRIX)
        else:
            yield row


def _is_runtime(row: Found) -> bool:
    return isinstance(row, Dependency) and row.ecosystem == "generic" and row.value != "*"


def _part(source: SourceText, table: Mapping, group: str | None) -> Iterator[Found]:
    context = Context(source=source, kind=_kinds.PIXI, group=group)
    targets = (target for _, target in table.mapping("target").items if isinstance(target, Mapping))
    for part in (table, *targets):
        for key in _CONDA:
            for name, node in part.mapping(key).items:
                yield _conda(context, name, node)
        for name, node in part.mapping(_PYPI).items:
            yield _pypi(context, name, node)


def _conda(context: Context, name: Scalar, node: Node) -> Found:
    version = _version(node)
    if version is None:
        return unread(context.source, node.start, f"“{name.value[:80]}” has no constraint")
    reason = _elsewhere(node)
    if name.value == "python" and not reason and version.value not in ("", "*"):
        return runtime_row(context.source, version, _kinds.PIXI)
    exact = _EXACT.fullmatch(version.value)
    channel = node.scalar("channel") if isinstance(node, Mapping) else None
    qualifiers = {"channel": channel.value} if channel and "://" not in channel.value else None
    return Dependency(
        ecosystem="conda",
        name=name.value,
        place=context.source.place_of(version),
        kind=_kinds.PIXI,
        purl=package_url("conda", name.value.lower(), exact[1] if exact else None, qualifiers=qualifiers),
        value=context.source.text[version.start : version.end] or None,
        version=exact[1] if exact else None,
        dependency_group=context.group,
        skip_reason=reason or "no-registry",
    )


def _pypi(context: Context, name: Scalar, node: Node) -> Found:
    version = _version(node)
    if version is None:
        return unread(context.source, node.start, f"“{name.value[:80]}” has no constraint")
    row = constrained_row(context, name.value, version.start, version.end)
    if not isinstance(node, Mapping):
        return row
    reason, index = _elsewhere(node), node.scalar("index")
    if reason:
        digest = commit(row.value or "")
        return replace(row, skip_reason=reason, digest=digest, version=None if digest else row.version)
    return with_origin(row, index_origin(index.value)) if index else row


def _version(node: Node) -> Scalar | None:
    """Return what is written of a version, or of the ref of a repository; an empty spot where a table names none."""
    if isinstance(node, Mapping):
        keys = _REFS if node.get("git") else ("version",)
        stated = next((scalar for key in keys if (scalar := node.scalar(key))), None)
        return stated or Scalar("", node.start, node.start)
    return node if isinstance(node, Scalar) and node.quoted else None


def _elsewhere(node: Node) -> SkipReason | None:
    found = (reason for key, reason in _ELSEWHERE.items() if isinstance(node, Mapping) and node.get(key))
    return next(found, None)
