"""``pyproject.toml``: the standard's tables (PEP 518, 621, 735) and those of uv and PDM; Poetry's stand beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.ecosystems.python import _poetry
from analyzers.ecosystems.python._requirements import EXTRA_INDEX, FORMAT, resolve
from analyzers.ecosystems.python._rows import (
    ECOSYSTEM_NAME,
    PYPI,
    Context,
    Origin,
    index_origin,
    normalise,
    quoted_row,
    runtime_row,
    unread,
    with_origin,
)
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest, Observation
from analyzers.model.skipped import Skipped
from analyzers.syntax import toml
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

KIND = "pyproject"
BUILD_KIND = "pyproject-build"
# Limits on what others ask for; nothing is required by them.
CONSTRAINT_KIND = "pyproject-constraint"
RUNTIME_KIND = "requires-python"

_UV_LIMITS = ("constraint-dependencies", "override-dependencies", "build-constraint-dependencies")
Found = Dependency | Skipped


def read(source: SourceText) -> Reading:
    """Read every table that names packages. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    tree = toml.parse(source)
    rows = list(_rows(source, tree))
    files, dynamic = _dynamic_files(source, tree)
    found = [row for row in rows if isinstance(row, Dependency)]
    return Reading(
        dependencies=tuple(_merged(found, _origins(tree))),
        manifest=_manifest(source, tree),
        observations=tuple(_extra_indexes(source, tree)),
        includes=tuple(dict.fromkeys((path, FORMAT) for path in files)),
        provides=_provides(tree),
        skipped=(*(row for row in rows if isinstance(row, Skipped)), *dynamic),
    )


def _rows(source: SourceText, tree: Mapping) -> Iterator[Found]:
    yield from _runtime(source, tree)
    yield from _listed(source, tree.get("project", "dependencies"), KIND, None)
    yield from _groups(source, tree.mapping("project", "optional-dependencies"))
    yield from _groups(source, tree.mapping("dependency-groups"))
    yield from _listed(source, tree.get("build-system", "requires"), BUILD_KIND, None)
    yield from _listed(source, tree.get("tool", "uv", "dev-dependencies"), KIND, "dev")
    for name in _UV_LIMITS:
        yield from _listed(source, tree.get("tool", "uv", name), CONSTRAINT_KIND, None)
    yield from _groups(source, tree.mapping("tool", "pdm", "dev-dependencies"))
    for hook in _hatch_hooks(tree):
        yield from _listed(source, hook.get("dependencies"), KIND, None)
        yield from _groups(source, hook.mapping("optional-dependencies"))
    yield from _poetry.rows(source, tree, KIND)


def _hatch_hooks(tree: Mapping) -> Iterator[Mapping]:
    """Yield hatch's metadata hooks: some state the requirements that ``[project]`` calls dynamic."""
    for _, hook in tree.mapping("tool", "hatch", "metadata", "hooks").items:
        if isinstance(hook, Mapping):
            yield hook


def _runtime(source: SourceText, tree: Mapping) -> Iterator[Found]:
    for scalar in (tree.scalar("project", "requires-python"), _poetry.runtime(tree)):
        if scalar:
            yield runtime_row(source, scalar, RUNTIME_KIND)


def _groups(source: SourceText, groups: Mapping) -> Iterator[Found]:
    names = {normalise(key.value) for key, _ in groups.items}
    for key, node in groups.items:
        if isinstance(node, Mapping):
            continue  # a table of another tool's making: setuptools' dynamic groups are read elsewhere
        yield from _listed(source, node, KIND, key.value, names)


def _listed(
    source: SourceText, node: Node | None, kind: str, group: str | None, groups: Iterable[str] = ()
) -> Iterator[Found]:
    if node is None:
        return
    if not isinstance(node, Sequence):
        yield unread(source, node.start, "a list of requirements was expected")
        return
    context = Context(source=source, kind=kind, group=group, direct=kind != CONSTRAINT_KIND)
    for item in node.items:
        if isinstance(item, Scalar) and item.quoted:
            yield quoted_row(context, item)
        elif not _is_inclusion(item, groups):
            yield unread(source, item.start, "this entry is no requirement, and no group that stands in this file")


def _is_inclusion(item: Node, groups: Iterable[str]) -> bool:
    """Whether the entry is ``{include-group = "…"}`` of a group whose requirements are read at their own place."""
    included = item.scalar("include-group") if isinstance(item, Mapping) else None
    return included is not None and normalise(included.value) in groups


def _merged(rows: Iterable[Dependency], origins: dict[str, Origin]) -> Iterator[Dependency]:
    """Say of each requirement where the file's tables of sources take it from."""
    default = origins.get("", PYPI)
    for row in rows:
        if row.ecosystem != ECOSYSTEM_NAME:
            yield row
            continue
        yield with_origin(row, origins.get(normalise(row.name), default))


def _origins(tree: Mapping) -> dict[str, Origin]:
    """Return by normalised name where a package comes from; under ``""`` where all others do.

    The project itself counts as a local path: extras often name it (``project[docs]``).
    """
    origins = _poetry.origins(tree)
    indexes = {name: url for name, url, _ in _uv_indexes(tree)}
    for name, url, is_default in _uv_indexes(tree):
        if is_default:
            origins[""] = index_origin(url)
            indexes[name] = url
    for key, node in tree.mapping("tool", "uv", "sources").items:
        first = node.items[0] if isinstance(node, Sequence) and node.items else node
        if isinstance(first, Mapping):
            origins[normalise(key.value)] = _uv_origin(first, indexes)
    provided = _provides(tree)
    if provided:
        origins[normalise(provided[0])] = Origin(skip_reason="local-path")
    return origins


def _uv_origin(table: Mapping, indexes: dict[str, str]) -> Origin:
    if table.get("git"):
        return Origin(skip_reason="version-control")
    if table.get("url"):
        return Origin(skip_reason="direct-url")
    if table.get("path") or table.get("workspace"):
        return Origin(skip_reason="local-path")
    index = table.scalar("index")
    return index_origin(indexes.get(index.value, "")) if index else PYPI


def _uv_indexes(tree: Mapping) -> Iterator[tuple[str, str, bool]]:
    """Yield name, address and whether it replaces PyPI."""
    listed = tree.get("tool", "uv", "index")
    for table in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(table, Mapping):
            name, url, default = (table.scalar(key) for key in ("name", "url", "default"))
            if url:
                yield name.value if name else "", url.value, bool(default and default.value == "true")
    index_url = tree.scalar("tool", "uv", "index-url")
    if index_url:
        yield "", index_url.value, True


def _extra_indexes(source: SourceText, tree: Mapping) -> Iterator[Observation]:
    """Yield the indexes that are asked beside the main one, so a package missing from PyPI may lie there."""
    listed = tree.get("tool", "uv", "index")
    tables = [table for table in listed.items if isinstance(table, Mapping)] if isinstance(listed, Sequence) else []
    urls = [
        table.scalar("url")
        for table in tables
        if not any(flag and flag.value == "true" for flag in (table.scalar("default"), table.scalar("explicit")))
    ]
    for url in (*urls, *tree.scalars("tool", "uv", "extra-index-url"), *_poetry.extra_indexes(tree)):
        if url:
            address = index_origin(url.value).index or ""
            yield Observation(kind=EXTRA_INDEX, name=address, place=source.place(url.start, url.end))


def _provides(tree: Mapping) -> tuple[str, str] | None:
    for table in (tree.mapping("project"), tree.mapping("tool", "poetry")):
        name, version = table.scalar("name"), table.scalar("version")
        if name:
            return name.value, version.value if version else ""
    return None


def _manifest(source: SourceText, tree: Mapping) -> Manifest | None:
    """Return the manifest; None for a file that only configures tools."""
    tables = [("project",), ("build-system",), ("dependency-groups",), ("tool", "poetry"), ("tool", "uv")]
    if not any(tree.get(*keys) for keys in tables):
        return None
    runtime = tree.scalar("project", "requires-python") or _poetry.runtime(tree)
    return Manifest(
        path=source.path,
        ecosystem=ECOSYSTEM_NAME,
        format=KIND,
        runtime=runtime.value if runtime else None,
        application=_application(tree),
    )


def _application(tree: Mapping) -> bool | None:
    """Tell a deployed project from a published one, as far as the file says; a lock is seen when pairing."""
    classifiers = [item.value for item in tree.scalars("project", "classifiers")]
    classifiers += [item.value for item in tree.scalars("tool", "poetry", "classifiers")]
    modes = (tree.scalar("tool", "poetry", "package-mode"), tree.scalar("tool", "uv", "package"))
    if any(mode and mode.value == "false" for mode in modes):
        return True
    if any(classifier.startswith("Private ::") for classifier in classifiers):
        return True
    return False if classifiers or tree.get("build-system") else None


def _dynamic_files(source: SourceText, tree: Mapping) -> tuple[list[str], list[Skipped]]:
    """Return the requirements files that the build reads for the project, and what stays unknown."""
    dynamic = {item.value for item in tree.scalars("project", "dynamic")}
    files: list[str] = []
    skipped: list[Skipped] = []
    for scalar in _file_entries(tree):
        path, reason = resolve(source.path, scalar.value)
        if reason:
            detail = f"the file {scalar.value[:200]} was not followed"
            skipped.append(Skipped(what="file", path=source.path, source=KIND, reason=reason, detail=detail))
        else:
            files.append(path)
    stated = tree.get("tool", "poetry", "dependencies") or any(hook.get("dependencies") for hook in _hatch_hooks(tree))
    if "dependencies" in dynamic and not files and not stated:
        place = next(item for item in tree.scalars("project", "dynamic") if item.value == "dependencies")
        skipped.append(unread(source, place.start, "the dependencies are computed when the package is built"))
    return files, skipped


def _file_entries(tree: Mapping) -> Iterator[Scalar]:
    """Yield the files named by setuptools' dynamic tables and by hatch's hooks."""
    setuptools = tree.mapping("tool", "setuptools", "dynamic")
    tables: list[Node | None] = [setuptools.get("dependencies")]
    tables += [node for _, node in setuptools.mapping("optional-dependencies").items]
    for table in tables:
        if isinstance(table, Mapping):
            one = table.scalar("file")
            yield from [one] if one else table.scalars("file")
    for hook in _hatch_hooks(tree):
        one = hook.scalar("filename")
        yield from [one] if one else hook.scalars("files")
