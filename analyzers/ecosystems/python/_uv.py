"""uv's tables, in ``pyproject.toml`` and in scripts: where packages come from, and what only limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzers.ecosystems.python._lines import EXTRA_INDEX, Found
from analyzers.ecosystems.python._lists import listed
from analyzers.ecosystems.python._references import commit
from analyzers.ecosystems.python._rows import PYPI, Origin, index_origin, normalise
from analyzers.model.inventory import Dependency, Observation
from analyzers.syntax.node import Mapping, Scalar, Sequence
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText
from analyzers.versions.pep440 import SCHEME

_LIMITS = ("constraint-dependencies", "override-dependencies", "build-constraint-dependencies")
_REFERENCES = ("rev", "tag", "branch")


def limits(source: SourceText, tree: Mapping, kind: str) -> Iterator[Found]:
    """Yield what ``[tool.uv]`` limits or overrides, wherever it is asked for."""
    for name in _LIMITS:
        yield from listed(source, tree.get("tool", "uv", name), kind)


def origins(tree: Mapping) -> dict[str, Origin]:
    """Return by normalised name where a package comes from; under ``""`` where all others do."""
    found: dict[str, Origin] = {}
    indexes = {name: url for name, url, _ in _indexes(tree)}
    for _, url, is_default in _indexes(tree):
        if is_default:
            found[""] = index_origin(url)
    for name, table in _sources(tree):
        found[name] = _origin(table, indexes)
    return found


def _sources(tree: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield the source of each package by its normalised name; of several, told apart by markers, the first."""
    for key, node in tree.mapping("tool", "uv", "sources").items:
        first = node.items[0] if isinstance(node, Sequence) and node.items else node
        if isinstance(first, Mapping):
            yield normalise(key.value), first


def _origin(table: Mapping, indexes: dict[str, str]) -> Origin:
    if table.get("git"):
        return Origin(skip_reason="version-control")
    if table.get("url"):
        return Origin(skip_reason="direct-url")
    if table.get("path") or table.get("workspace"):
        return Origin(skip_reason="local-path")
    index = table.scalar("index")
    return index_origin(indexes.get(index.value, "")) if index else PYPI


def referenced(source: SourceText, tree: Mapping) -> dict[str, Scalar]:
    """Return by normalised name the branch, tag or commit that a source takes, where it stands as written."""
    found: dict[str, Scalar] = {}
    for name, table in _sources(tree):
        named = next((one for word in _REFERENCES if (one := table.scalar(word))), None)
        if table.get("git") and named and source.is_verbatim(named):
            found[name] = named
    return found


def at_reference(source: SourceText, row: Dependency, named: Scalar) -> Dependency:
    """Return the row at its source's reference: that is the text which an upgrade would change."""
    digest = commit(named.value)
    tag = named.value.removeprefix("v")
    version = tag if not digest and SCHEME.key(tag) else None
    return replace(
        row,
        place=source.place_of(named),
        value=named.value,
        version=version,
        digest=digest,
        purl=package_url("pypi", row.name, version),
    )


def _indexes(tree: Mapping) -> Iterator[tuple[str, str, bool]]:
    """Yield name, address and whether it replaces PyPI."""
    for table in _index_tables(tree):
        name, url, default = (table.scalar(key) for key in ("name", "url", "default"))
        if url:
            yield name.value if name else "", url.value, bool(default and default.value == "true")
    index_url = tree.scalar("tool", "uv", "index-url")
    if index_url:
        yield "", index_url.value, True


def _index_tables(tree: Mapping) -> Iterator[Mapping]:
    listed_indexes = tree.get("tool", "uv", "index")
    if isinstance(listed_indexes, Sequence):
        yield from (table for table in listed_indexes.items if isinstance(table, Mapping))


def extra_indexes(tree: Mapping) -> Iterator[Scalar]:
    """Yield the addresses that are asked beside the main one, so a package missing from PyPI may lie there."""
    for table in _index_tables(tree):
        url = table.scalar("url")
        flags = (table.scalar("default"), table.scalar("explicit"))
        if url and not any(flag and flag.value == "true" for flag in flags):
            yield url
    yield from tree.scalars("tool", "uv", "extra-index-url")


def observed(source: SourceText, urls: Iterator[Scalar]) -> Iterator[Observation]:
    """Yield an observation for each index asked beside the main one."""
    for url in urls:
        address = index_origin(url.value).index or ""
        yield Observation(kind=EXTRA_INDEX, name=address, place=source.place_of(url))
