"""``pnpm-workspace.yaml``: which folders belong together, their catalogs, and pnpm's settings that name versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.npm import _ages_of, _catalogs, _rows
from analyzers.ecosystems.npm._overrides import overrides
from analyzers.ecosystems.npm._registries import observation
from analyzers.ecosystems.npm._specifier import Specifier, is_name
from analyzers.ecosystems.npm._workspaces import left_out
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping, Scalar
from analyzers.syntax.text import SourceText
from analyzers.versions.npm import SCHEME

_FORMAT: Final = "pnpm-workspace"
# ``1.0.0+sha512-…``: pnpm wants the hash of what it loads before anything else.
_HASHED: Final = re.compile(r"(?P<version>[0-9][^+\s]*)(?:\+(?P<hash>\S+))?")

_MINUTES: Final = re.compile(r"[0-9]{1,8}")


def read(source: SourceText) -> Reading:
    """Read one ``pnpm-workspace.yaml``. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    documents = yaml.parse(source)
    tree = documents[0] if documents and isinstance(documents[0], Mapping) else Mapping((), 0, 0)
    found = tuple(_versions(source, tree))
    # What pnpm is told to leave out stays out, wherever that stands.
    members = tuple(sorted((pattern.value for pattern in tree.scalars("packages")), key=_takes_back))
    return Reading(
        dependencies=(*(row for row, _, _ in found), *_runtime(source, tree)),
        manifest=Manifest(path=source.path, ecosystem="npm", format=_FORMAT),
        members=members,
        observations=(*_registries(source, tree), *_age(source, tree)),
        written=_rows.written(found),
        skipped=left_out(members, source.path, _FORMAT),
    )


def _takes_back(pattern: str) -> bool:
    return pattern.startswith("!")


def _registries(source: SourceText, tree: Mapping) -> Iterator[Observation]:
    """Yield ``registry``, and of ``registries`` the ``default`` one and those of scopes."""
    written = [("", tree.scalar("registry"))]
    written += [
        ("" if key.value == "default" else key.value, address)
        for key, address in tree.mapping("registries").items
        if isinstance(address, Scalar)
    ]
    for scope, address in written:
        if address:
            yield observation(source, scope, address.value, address.start, address.end)


def _age(source: SourceText, tree: Mapping) -> Iterator[Observation]:
    """Yield the least age of a release, which pnpm counts in minutes."""
    written = tree.scalar("minimumReleaseAge")
    if written and _MINUTES.fullmatch(written.value):
        yield _ages_of.observation(source, _ages_of.days(written.value), written.start, written.end)


def _versions(source: SourceText, tree: Mapping) -> Iterator[tuple[Dependency, str, str]]:
    yield from _catalogs.entries(source, tree, f"{_FORMAT}-catalog")
    yield from overrides(source, tree.mapping("overrides"), kind=f"{_FORMAT}-override", group="overrides")
    for key, value in tree.mapping("configDependencies").items:
        if isinstance(value, Scalar):
            yield _configuration(source, key.value, value), key.value, value.value


def _configuration(source: SourceText, name: str, written: Scalar) -> Dependency:
    """Return the row of a package that holds settings: an exact version, and its hash."""
    found = _HASHED.fullmatch(written.value)
    if not found or not is_name(name):
        unknown = Specifier(name, written.value, skip_reason="unsupported-version")
        return _rows.requirement(source, written, unknown, kind=_FORMAT, group="configDependencies")
    version = Specifier(name, found["version"], 0, SCHEME.pinned(found["version"]))
    row = _rows.requirement(source, written, version, kind=_FORMAT, group="configDependencies")
    if not found["hash"]:
        return row
    return replace(row, integrity=_rows.value_place(source, written, *found.span("hash")))


def _runtime(source: SourceText, tree: Mapping) -> Iterator[Dependency]:
    """Yield the Node.js that pnpm runs scripts with."""
    version = tree.scalar("nodeVersion") or tree.scalar("useNodeVersion")
    if version:
        yield _rows.runtime(source, version, kind=_FORMAT)
