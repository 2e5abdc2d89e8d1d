"""Catalogs: versions that a workspace states once, and its packages name as ``catalog:`` or ``catalog:NAME``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._specifier import understand
from analyzers.model.inventory import Dependency
from analyzers.syntax.node import Mapping, Scalar
from analyzers.syntax.text import SourceText

PREFIX: Final = "catalog:"
_DEFAULT: Final = "catalog"
_NAMED: Final = "catalogs"


def is_catalog(row: Dependency) -> bool:
    """Return whether the row is an entry of a catalog."""
    return row.kind.endswith("-catalog")


def entries(source: SourceText, tree: Mapping, kind: str) -> Iterator[tuple[Dependency, str, str]]:
    """Yield row, key and text of each entry of ``catalog`` and ``catalogs``; the group is the catalog's name."""
    tables = [(_DEFAULT, tree.mapping(_DEFAULT))]
    tables += [
        (f"{_NAMED}.{key.value}", table) for key, table in tree.mapping(_NAMED).items if isinstance(table, Mapping)
    ]
    for group, table in tables:
        for key, value in table.items:
            if isinstance(value, Scalar):
                found = understand(key.value, value.value)
                yield _rows.requirement(source, value, found, kind=kind, group=group), key.value, value.value


def groups(text: str) -> tuple[str, ...]:
    """Return the groups in which the entry of the reference ``text`` may stand; none where it is no reference."""
    written = text.strip()
    if not written.startswith(PREFIX):
        return ()
    name = written.removeprefix(PREFIX).strip()
    return (_DEFAULT, f"{_NAMED}.default") if name in ("", "default") else (f"{_NAMED}.{name}",)


def lookup(rows: Iterable[tuple[Dependency, str, str]]) -> dict[tuple[str, str], tuple[Dependency, str]]:
    """Return row and text of each catalog entry by group and key; of two the last one counts."""
    return {(row.dependency_group or "", key): (row, text) for row, key, text in rows if is_catalog(row)}
