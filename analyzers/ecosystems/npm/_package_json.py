"""``package.json``: requirements, overrides, engines, package manager, workspaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._specifier import understand
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import json
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText

GROUPS: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_OVERRIDES: Final = (("overrides",), ("resolutions",), ("pnpm", "overrides"))
_MANAGERS: Final = ("npm", "pnpm", "yarn")

# ``pnpm@9.1.0+sha256.abc``: the hash belongs to the version, and is no part of it.
_MANAGED: Final = re.compile(r"(?P<name>[a-z]+)@(?P<version>[0-9][0-9A-Za-z.-]*)(?:\+(?P<hash>.*))?")


def read(source: SourceText) -> Reading:
    """Read one ``package.json``. Raises InvalidSyntaxError, TooDeepError, TooLargeError."""
    tree = json.parse(source)
    if not isinstance(tree, Mapping):
        raise InvalidSyntaxError("is not a JSON object, so it is no package", line=1)
    return Reading(
        dependencies=tuple(_dependencies(source, tree)),
        manifest=Manifest(
            path=source.path,
            ecosystem="npm",
            format="package-json",
            runtime=_runtime(tree),
            application=_is_application(tree),
        ),
        members=tuple(_workspaces(tree)),
        provides=_provided(tree),
        skipped=tuple(_odd(source, tree)),
    )


def _dependencies(source: SourceText, tree: Mapping) -> Iterator[Dependency]:
    for group in GROUPS:
        for key, value in _strings(tree.mapping(group)):
            found = understand(key.value, value.value)
            yield _rows.requirement(source, value, found, kind="package-json", group=group)
    for keys in _OVERRIDES:
        yield from _overrides(source, tree.mapping(*keys), ".".join(keys))
    yield from _engines(source, tree)
    yield from _package_manager(source, tree)
    yield from _volta(source, tree)


def _strings(table: Mapping) -> Iterator[tuple[Scalar, Scalar]]:
    for key, value in table.items:
        if isinstance(value, Scalar) and value.quoted:
            yield key, value


def _overrides(source: SourceText, table: Mapping, group: str) -> Iterator[Dependency]:
    """Yield every override, however deep: ``{"a": {".": "1.0", "b": "2.0"}}`` sets two."""
    for key, value in table.items:
        name = _overridden(key.value)
        for written, leaf in _leaves(name, value):
            found = understand(written, leaf.value)
            yield _rows.requirement(source, leaf, found, kind="package-json-override", group=group)


def _leaves(name: str, node: Node) -> Iterator[tuple[str, Scalar]]:
    if isinstance(node, Scalar):
        if node.quoted:
            yield name, node
    elif isinstance(node, Mapping):
        for key, value in node.items:
            yield from _leaves(name if key.value == "." else _overridden(key.value), value)


def _overridden(key: str) -> str:
    """Return the package of ``b@^2`` (npm), ``a>b@^2`` (pnpm) and ``**/a/@scope/b`` (Yarn).

    Operators hold a ``>`` too (``b@>=2``): those stand behind ``@``, a space or a bar.
    """
    arrows = [at for at, character in enumerate(key) if character == ">" and at and key[at - 1] not in "@ |"]
    last = key[arrows[-1] + 1 :] if arrows else key
    version = next((at for at in range(1, len(last)) if last[at] == "@" and last[at - 1] != "/"), len(last))
    *folders, bare = last[:version].split("/")
    return f"{folders[-1]}/{bare}" if folders and folders[-1].startswith("@") else bare


def _engines(source: SourceText, tree: Mapping) -> Iterator[Dependency]:
    for key, value in _strings(tree.mapping("engines")):
        if key.value == "node":
            yield _rows.runtime(source, value, kind="engines", group="engines")
        else:
            yield _rows.engine(source, key.value, value, "engines")
    runtime = tree.mapping("devEngines", "runtime")
    version = runtime.scalar("version")
    if version and version.quoted and _text(runtime, "name") == "node":
        yield _rows.runtime(source, version, kind="engines", group="devEngines")


def _package_manager(source: SourceText, tree: Mapping) -> Iterator[Dependency]:
    written = tree.scalar("packageManager")
    found = _MANAGED.fullmatch(written.value) if written and written.quoted else None
    if written and found:
        row = _manager(source, written, found["name"], found.span("version"), "package-manager")
        hashed = _rows.value_place(source, written, *found.span("hash")) if found["hash"] else None
        yield replace(row, integrity=hashed)


def _volta(source: SourceText, tree: Mapping) -> Iterator[Dependency]:
    for key, value in _strings(tree.mapping("volta")):
        if key.value == "node":
            yield _rows.runtime(source, value, kind="volta", group="volta")
        elif key.value in _MANAGERS:
            yield _manager(source, value, key.value, (0, len(value.value)), "volta")


def _manager(source: SourceText, written: Scalar, name: str, span: tuple[int, int], kind: str) -> Dependency:
    """Return the row of a package manager. Yarn's releases from 2 on are published under another name."""
    value = written.value[slice(*span)]
    if name == "yarn" and not value.startswith(("0.", "1.")):
        name = "@yarnpkg/cli-dist"
    found = understand(name, value)
    return Dependency(
        ecosystem="npm",
        name=name,
        place=_rows.value_place(source, written, *span),
        kind=kind,
        purl=_rows.purl(name, found.version),
        value=value,
        version=found.version,
        dependency_group="packageManager" if kind == "package-manager" else "volta",
        skip_reason=found.skip_reason,
    )


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
    manager = tree.scalar("packageManager")
    if manager and not _MANAGED.fullmatch(manager.value):
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
