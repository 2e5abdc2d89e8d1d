"""``.yarnrc.yml``: the registries and catalogs that it names. Its ``yarnPath`` and plugins are never run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.npm import _catalogs, _rows
from analyzers.ecosystems.npm._registries import observation
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest, Observation
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping
from analyzers.syntax.text import SourceText

_SERVER: Final = "npmRegistryServer"


def read(source: SourceText) -> Reading:
    """Read one ``.yarnrc.yml``; credentials stay unread. Raises InvalidSyntaxError, TooDeepError, TooLargeError."""
    documents = yaml.parse(source)
    tree = documents[0] if documents and isinstance(documents[0], Mapping) else Mapping((), 0, 0)
    found = tuple(_catalogs.entries(source, tree, "yarnrc-catalog"))
    return Reading(
        dependencies=tuple(row for row, _, _ in found),
        manifest=Manifest(path=source.path, ecosystem="npm", format="yarnrc") if found else None,
        observations=tuple(_registries(source, tree)),
        written=_rows.written(found),
    )


def _registries(source: SourceText, tree: Mapping) -> Iterator[Observation]:
    scopes = tree.mapping("npmScopes").items
    tables = [("", tree), *((f"@{key.value}", table) for key, table in scopes if isinstance(table, Mapping))]
    for scope, table in tables:
        address = table.scalar(_SERVER)
        if address:
            yield observation(source, scope, address.value, address.start, address.end)
