"""PDM's tables of ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.python._kinds import PYPROJECT, PYPROJECT_CONSTRAINT
from analyzers.ecosystems.python._lines import Found
from analyzers.ecosystems.python._lists import grouped
from analyzers.ecosystems.python._references import read_reference
from analyzers.ecosystems.python._rows import (
    Context,
    Origin,
    constrained_row,
    index_origin,
    normalise,
    reference_row,
    unread,
)
from analyzers.syntax.node import Mapping, Scalar, Sequence
from analyzers.syntax.text import SourceText


def rows(source: SourceText, tree: Mapping) -> Iterator[Found]:
    """Yield the development groups, and what the resolution overrides."""
    pdm = tree.mapping("tool", "pdm")
    yield from grouped(source, pdm.mapping("dev-dependencies"), PYPROJECT)
    context = Context(source=source, kind=PYPROJECT_CONSTRAINT, direct=False)
    for key, node in pdm.mapping("resolution", "overrides").items:
        if isinstance(node, Scalar) and node.quoted:
            yield _override(context, key, node)
        else:
            yield unread(source, node.start, f"the override of “{key.value[:80]}” is no text")


def _override(context: Context, key: Scalar, node: Scalar) -> Found:
    if not context.source.is_verbatim(node):
        return unread(context.source, node.start, f"the override of “{key.value[:80]}” holds escapes")
    reference = read_reference(node.value)
    if reference:
        return reference_row(context, reference, node.start, key.value)
    return constrained_row(context, key.value, node.start, node.end)


def origins(tree: Mapping) -> dict[str, Origin]:
    """Return where packages come from: a source named ``pypi`` replaces PyPI, one may be limited to some packages."""
    found: dict[str, Origin] = {}
    for table in _sources(tree):
        name, url = table.scalar("name"), table.scalar("url")
        if url is None or _is_file_list(table):
            continue
        if name and name.value == "pypi":
            found[""] = index_origin(url.value)
        for pattern in table.scalars("include_packages"):
            if "*" not in pattern.value:
                found[normalise(pattern.value)] = index_origin(url.value)
    return found


def extra_indexes(tree: Mapping) -> Iterator[Scalar]:
    """Yield the addresses of sources that are asked beside PyPI."""
    for table in _sources(tree):
        name, url = table.scalar("name"), table.scalar("url")
        if url and not _is_file_list(table) and not (name and name.value == "pypi"):
            yield url


def _is_file_list(table: Mapping) -> bool:
    kind = table.scalar("type")
    return kind is not None and kind.value == "find_links"


def _sources(tree: Mapping) -> Iterator[Mapping]:
    listed = tree.get("tool", "pdm", "source")
    if isinstance(listed, Sequence):
        yield from (table for table in listed.items if isinstance(table, Mapping))
