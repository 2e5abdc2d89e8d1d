"""``package.json``: requirements, overrides, engines, package manager, workspaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.npm import _catalogs, _engines, _rows
from analyzers.ecosystems.npm._overrides import overrides
from analyzers.ecosystems.npm._specifier import understand
from analyzers.ecosystems.npm._workspaces import left_out
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import json
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

GROUPS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_OVERRIDES: Final = (("overrides",), ("resolutions",), ("pnpm", "overrides"))


def read(source: SourceText) -> Reading:
    """Read one ``package.json``. Raises InvalidSyntaxError, TooDeepError, TooLargeError."""
    tree = json.parse(source)
    if not isinstance(tree, Mapping):
        raise InvalidSyntaxError("is not a JSON object, so it is no package", line=1)
    found = tuple(_required(source, tree))
    members = tuple(_workspaces(tree))
    return Reading(
        dependencies=(*(row for row, _, _ in found), *_engines.rows(source, tree)),
        manifest=Manifest(
            path=source.path,
            ecosystem="npm",
            format="package-json",
            runtime=_runtime(tree),
            application=_is_application(tree),
        ),
        members=members,
        provides=_provided(tree),
        written=_rows.written(found),
        skipped=(*_odd(source, tree), *left_out(members, source.path, "package-json")),
    )


def _required(source: SourceText, tree: Mapping) -> Iterator[tuple[Dependency, str, str]]:
    """Yield row, key and text of each requirement, override and catalog entry."""
    for group in GROUPS:
        for key, value in _strings(tree.mapping(group)):
            found = understand(key.value, value.value)
            row = _rows.requirement(source, value, found, kind="package-json", group=group)
            yield row, key.value, value.value
    for keys in _OVERRIDES:
        yield from overrides(source, tree.mapping(*keys), kind="package-json-override", group=".".join(keys))
    # Bun keeps its catalogs here, at the top or among the workspaces.
    for table in (tree, tree.mapping("workspaces")):
        yield from _catalogs.entries(source, table, "package-json-catalog")


def _strings(table: Mapping) -> Iterator[tuple[Scalar, Scalar]]:
    for key, value in table.items:
        if isinstance(value, Scalar) and value.quoted:
            yield key, value


def _runtime(tree: Mapping) -> str | None:
    return _text(tree.mapping("engines"), "node")


def _text(table: Mapping, key: str) -> str | None:
    found = table.scalar(key)
    return found.value if found and found.quoted else None


def _is_application(tree: Mapping) -> bool | None:
    """Return True for what npm would refuse to publish, False for what it would publish."""
    private = tree.scalar("private")
    if private and private.value == "true":
        return True
    return False if _text(tree, "name") and _text(tree, "version") else None


def _workspaces(tree: Mapping) -> Iterator[str]:
    """Yield the patterns: a list, or Yarn's table with a list of ``packages``."""
    for keys in (("workspaces",), ("workspaces", "packages")):
        yield from (pattern.value for pattern in tree.scalars(*keys) if pattern.quoted)


def _provided(tree: Mapping) -> tuple[str, str] | None:
    name = _text(tree, "name")
    return (name, _text(tree, "version") or "") if name else None


def _odd(source: SourceText, tree: Mapping) -> Iterator[Skipped]:
    """Yield what stands where a requirement should, and is none."""
    for group in GROUPS:
        table = tree.get(group)
        entries = table.items if isinstance(table, Mapping) else ()
        for key, value in entries:
            if not (isinstance(value, Scalar) and value.quoted):
                yield _unread(source, value, f"{group}: the requirement on {key.value[:100]} is no text")
        if table is not None and not isinstance(table, Mapping):
            yield _unread(source, table, f"{group} is no table")
    if isinstance(tree.get("engines"), Sequence):
        yield _unread(source, tree, "engines is a list, which nothing reads any more")
    manager = tree.scalar("packageManager")
    if manager and not _engines.MANAGED.fullmatch(manager.value):
        yield _unread(source, manager, "packageManager names no version that a registry has")


def _unread(source: SourceText, node: Node, detail: str) -> Skipped:
    line, _ = source.line_column(node.start)
    return Skipped(
        what="dependency",
        path=source.path,
        source="package-json",
        reason="invalid-syntax",
        detail=f"line {line}: {detail}",
    )
