"""Poetry's tables of ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzers.ecosystems.python._kinds import PYPROJECT_BUILD, PYPROJECT_CONSTRAINT
from analyzers.ecosystems.python._references import commit
from analyzers.ecosystems.python._rows import Context, Origin, constrained_row, index_origin, normalise, unread
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.requirement import parse_requirement
from analyzers.syntax.text import SourceText
from analyzers.versions.pep440 import as_specifiers

_ELSEWHERE: dict[str, SkipReason] = {
    "git": "version-control",
    "path": "local-path",
    "file": "local-path",
    "url": "direct-url",
}
_REFERENCES = ("rev", "tag", "branch")
# Asked beside the main one; an explicit one only for what names it.
_BESIDE = frozenset({"supplemental", "secondary"})


def rows(source: SourceText, tree: Mapping, kind: str) -> Iterator[Dependency | Skipped]:
    """Yield the requirements of ``[tool.poetry.dependencies]``, its groups and the former dev-dependencies."""
    poetry = tree.mapping("tool", "poetry")
    standard = {
        normalise(requirement.name)
        for item in tree.scalars("project", "dependencies")
        if (requirement := parse_requirement(item.value))
    }
    tables: list[tuple[str | None, Mapping]] = [(None, poetry.mapping("dependencies"))]
    tables.append(("dev", poetry.mapping("dev-dependencies")))
    for key, group in poetry.mapping("group").items:
        if isinstance(group, Mapping):
            tables.append((key.value, group.mapping("dependencies")))
    for name, table in tables:
        context = Context(source=source, kind=kind, group=name)
        for key, node in table.items:
            if name is None and (key.value == "python" or _only_enriches(node, key, standard)):
                continue
            yield from _entries(context, key, node)
    yield from _of_builds(source, poetry)


def _of_builds(source: SourceText, poetry: Mapping) -> Iterator[Dependency | Skipped]:
    """Yield the plugins that Poetry itself needs, and what limits the builds of dependencies."""
    plugins = Context(source=source, kind=PYPROJECT_BUILD)
    for key, node in poetry.mapping("requires-plugins").items:
        yield from _entries(plugins, key, node)
    limits = Context(source=source, kind=PYPROJECT_CONSTRAINT, direct=False)
    for _, table in poetry.mapping("build-constraints").items:
        for key, node in table.items if isinstance(table, Mapping) else ():
            yield from _entries(limits, key, node)


def _only_enriches(node: Node, key: Scalar, standard: set[str]) -> bool:
    """Whether the entry only says more (a source) of a requirement that ``[project]`` states."""
    return normalise(key.value) in standard and isinstance(node, Mapping) and not node.get("version")


def _entries(context: Context, key: Scalar, node: Node) -> Iterator[Dependency | Skipped]:
    """Yield one row a constraint: Poetry allows several for one package, told apart by markers."""
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar) and item.quoted:
            yield _constrained(context, key, item, None)
        elif isinstance(item, Mapping):
            yield _tabled(context, key, item)
        else:
            yield unread(context.source, item.start, f"“{key.value[:80]}” has no constraint")


def _tabled(context: Context, key: Scalar, table: Mapping) -> Dependency:
    elsewhere = next((reason for word, reason in _ELSEWHERE.items() if table.get(word)), None)
    marker = _marker(table)
    if elsewhere is None:
        return _constrained(context, key, table.scalar("version") or _spot(table), marker)
    named = next((found for word in _REFERENCES if (found := table.scalar(word))), None) or _spot(table)
    row = constrained_row(context, key.value, named.start, named.end, marker)
    digest = commit(row.value or "")
    return replace(row, skip_reason=elsewhere, digest=digest, version=None if digest else row.version)


def _marker(table: Mapping) -> str | None:
    """Return the markers, with the entry's own limit on Python among them."""
    markers, python = table.scalar("markers"), table.scalar("python")
    parts = [markers.value] if markers else []
    limits = as_specifiers(python.value) if python else None
    if limits and all(limits):
        alternatives = (" and ".join(_python_limit(clause) for clause in clauses) for clauses in limits)
        parts.append(" or ".join(alternatives))
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts) or None


def _python_limit(clause: str) -> str:
    version = clause.lstrip("<>=!~")
    return f'python_full_version {clause.removesuffix(version)} "{version}"'


def _constrained(context: Context, key: Scalar, scalar: Scalar, marker: str | None) -> Dependency:
    row = constrained_row(context, key.value, scalar.start, scalar.end, marker)
    if row.value is not None and row.value != scalar.value:
        return replace(row, skip_reason="unsupported-syntax", version=None)
    return row


def _spot(table: Mapping) -> Scalar:
    """Return the empty span behind a table's opening, for what states no version."""
    return Scalar("", table.start, table.start)


def origins(tree: Mapping) -> dict[str, Origin]:
    """Return by normalised name the origin that ``source = "…"`` gives; under ``""`` what replaces PyPI.

    A primary source replaces PyPI, as since Poetry 2, unless PyPI is named among the sources.
    """
    indexes = {name: url.value for name, url, _ in _sources(tree)}
    found: dict[str, Origin] = {}
    primary = [(name, url) for name, url, priority in _sources(tree) if priority in {"primary", "default"}]
    if primary and not any(name.lower() == "pypi" for name, _ in primary):
        found[""] = index_origin(primary[0][1].value)
    for table in _dependency_tables(tree):
        for key, node in table.items:
            first = node.items[0] if isinstance(node, Sequence) and node.items else node
            origin = _origin(first, indexes) if isinstance(first, Mapping) else None
            if origin:
                found[normalise(key.value)] = origin
    return found


def _origin(table: Mapping, indexes: dict[str, str]) -> Origin | None:
    elsewhere = next((reason for word, reason in _ELSEWHERE.items() if table.get(word)), None)
    if elsewhere:
        return None if table.get("version") else Origin(skip_reason=elsewhere)
    named = table.scalar("source")
    return index_origin(indexes.get(named.value, "")) if named else None


def extra_indexes(tree: Mapping) -> Iterator[Scalar]:
    """Yield the addresses of sources that are asked beside the main one."""
    for _, url, priority in _sources(tree):
        if priority in _BESIDE:
            yield url


def _sources(tree: Mapping) -> Iterator[tuple[str, Scalar, str]]:
    """Yield name, address and priority; without one a source is primary."""
    listed = tree.get("tool", "poetry", "source")
    for table in listed.items if isinstance(listed, Sequence) else ():
        if not isinstance(table, Mapping):
            continue
        name, url, priority, secondary = (table.scalar(key) for key in ("name", "url", "priority", "secondary"))
        if name:
            former = "secondary" if secondary and secondary.value == "true" else "primary"
            rank = priority.value.lower() if priority else former
            yield name.value, url or Scalar("", name.start, name.start), rank


def runtime(tree: Mapping) -> Scalar | None:
    """Return Poetry's constraint on Python."""
    keys = ("tool", "poetry", "dependencies", "python")
    return tree.scalar(*keys) or tree.scalar(*keys, "version")


def _dependency_tables(tree: Mapping) -> Iterator[Mapping]:
    poetry = tree.mapping("tool", "poetry")
    yield poetry.mapping("dependencies")
    yield poetry.mapping("dev-dependencies")
    for _, group in poetry.mapping("group").items:
        if isinstance(group, Mapping):
            yield group.mapping("dependencies")
