"""What ``package.json`` says about the tools it is used with: engines, package manager, Volta."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._specifier import understand
from analyzers.model.inventory import Dependency
from analyzers.syntax.node import Mapping, Scalar, Sequence
from analyzers.syntax.text import SourceText

MANAGED: Final = re.compile(r"(?P<name>[a-z]+)@(?P<version>[0-9][0-9A-Za-z.-]*)(?:\+(?P<hash>.*))?")
"""``pnpm@9.1.0+sha256.abc``: the hash belongs to the version, and is no part of it."""

_MANAGERS: Final = ("npm", "pnpm", "yarn", "bun")


def rows(source: SourceText, tree: Mapping) -> Iterator[Dependency]:
    """Yield a row for each runtime and package manager that the file names. Volta's ``extends`` names none."""
    for key, value in _strings(tree.mapping("engines")):
        if key.value == "node":
            yield _rows.runtime(source, value, kind="engines", group="engines")
        else:
            yield _rows.engine(source, key.value, value, "engines")
    yield from _development(source, tree.mapping("devEngines"))
    yield from _package_manager(source, tree)
    for key, value in _strings(tree.mapping("volta")):
        if key.value == "node":
            yield _rows.runtime(source, value, kind="volta", group="volta")
        elif key.value in _MANAGERS:
            yield _manager(source, value, key.value, (0, len(value.value)), ("volta", "volta"))


def _strings(table: Mapping) -> Iterator[tuple[Scalar, Scalar]]:
    for key, value in table.items:
        if isinstance(value, Scalar) and value.quoted:
            yield key, value


def _development(source: SourceText, table: Mapping) -> Iterator[Dependency]:
    """Yield what ``devEngines`` asks for; ``os``, ``cpu`` and ``libc`` are no software."""
    for field in ("runtime", "packageManager"):
        for entry in _listed(table, field):
            name, version = entry.scalar("name"), entry.scalar("version")
            if not (name and version and version.quoted):
                continue
            if name.value == "node":
                yield _rows.runtime(source, version, kind="engines", group="devEngines")
            elif name.value in _MANAGERS and field == "packageManager":
                span = (0, len(version.value))
                yield _manager(source, version, name.value, span, ("package-manager", "devEngines"))
            else:
                yield _rows.engine(source, name.value, version, "devEngines")


def _listed(table: Mapping, field: str) -> Iterator[Mapping]:
    """Yield the one entry, or each of several."""
    node = table.get(field)
    for entry in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(entry, Mapping):
            yield entry


def _package_manager(source: SourceText, tree: Mapping) -> Iterator[Dependency]:
    written = tree.scalar("packageManager")
    found = MANAGED.fullmatch(written.value) if written and written.quoted else None
    if not written or not found:
        return
    row = _manager(source, written, found["name"], found.span("version"), ("package-manager", "packageManager"))
    if found["hash"]:
        row = replace(row, integrity=_rows.value_place(source, written, *found.span("hash")))
    yield row


def _manager(
    source: SourceText, written: Scalar, name: str, span: tuple[int, int], where: tuple[str, str]
) -> Dependency:
    """Return the row of a package manager. Yarn's releases from 2 on are published under another name."""
    kind, group = where
    value = written.value[slice(*span)]
    if name == "yarn" and not value.startswith(("0.", "1.", "^0", "^1", "~0", "~1")):
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
        dependency_group=group,
        skip_reason=found.skip_reason,
    )
