"""``pyproject.toml``: the standard's tables (PEP 518, 621, 735); those of each tool stand beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from analyzers.ecosystems.python import _hatch, _kinds, _pdm, _pixi, _poetry, _tox, _uv
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._files import REQUIREMENTS as FORMAT
from analyzers.ecosystems.python._lines import Found, Lines, resolve
from analyzers.ecosystems.python._lists import grouped, listed
from analyzers.ecosystems.python._rows import PYPI, Origin, normalise, runtime_row, unread, with_origin
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import toml
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.requirement import parse_requirement
from analyzers.syntax.text import SourceText

COMPUTED = "the dependencies are computed when the package is built"

_TABLES = (("project",), ("build-system",), ("dependency-groups",), ("tool", "flit", "metadata"))
_TOOLS = ("poetry", "uv", "pdm", "rye")


def read(source: SourceText) -> Reading:
    """Read every table that names packages. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    tree = toml.parse(source)
    lines = Lines(source)
    lines.keep(_rows(source, tree))
    lines.rows[:] = _merged(source, tree, lines.rows)
    _tox.note_tables(lines, tree.mapping("tool", "tox"))
    files, dynamic = _dynamic_files(source, tree)
    return Reading(
        dependencies=tuple(lines.rows),
        manifest=_manifest(source, tree),
        observations=(*_uv.observed(source, _extra_indexes(tree)), *lines.observations),
        includes=tuple(dict.fromkeys((*((path, FORMAT) for path in files), *lines.includes))),
        provides=_provides(tree),
        skipped=(*lines.skipped, *dynamic),
    )


def _rows(source: SourceText, tree: Mapping) -> Iterator[Found]:
    yield from _runtime(source, tree)
    yield from listed(source, tree.get("project", "dependencies"), _kinds.PYPROJECT)
    yield from grouped(source, tree.mapping("project", "optional-dependencies"), _kinds.PYPROJECT)
    yield from grouped(source, tree.mapping("dependency-groups"), _kinds.PYPROJECT)
    yield from listed(source, tree.get("build-system", "requires"), _kinds.PYPROJECT_BUILD)
    for tool in ("uv", "rye"):
        yield from listed(source, tree.get("tool", tool, "dev-dependencies"), _kinds.PYPROJECT, "dev")
    yield from _uv.limits(source, tree, _kinds.PYPROJECT_CONSTRAINT)
    yield from _pdm.rows(source, tree)
    yield from _hatch.rows(source, tree.mapping("tool", "hatch"))
    yield from _poetry.rows(source, tree, _kinds.PYPROJECT)
    yield from _pixi.rows(source, tree.mapping("tool", "pixi"))
    yield from _flit(source, tree.mapping("tool", "flit", "metadata"))


def _flit(source: SourceText, metadata: Mapping) -> Iterator[Found]:
    """Yield the requirements of Flit's own table, from before the standard's."""
    yield from listed(source, metadata.get("requires"), _kinds.PYPROJECT)
    yield from listed(source, metadata.get("dev-requires"), _kinds.PYPROJECT, "dev")
    yield from grouped(source, metadata.mapping("requires-extra"), _kinds.PYPROJECT)


def _runtime(source: SourceText, tree: Mapping) -> Iterator[Found]:
    for scalar in _runtimes(tree):
        yield runtime_row(source, scalar, _kinds.RUNTIME)


def _runtimes(tree: Mapping) -> Iterator[Scalar]:
    flit = tree.scalar("tool", "flit", "metadata", "requires-python")
    yield from filter(None, (tree.scalar("project", "requires-python"), _poetry.runtime(tree), flit))


def _merged(source: SourceText, tree: Mapping, rows: Iterable[Dependency]) -> list[Dependency]:
    """Say of each requirement where the file's tables of sources take it from."""
    origins, referenced = _origins(tree), _uv.referenced(source, tree)
    default = origins.get("", PYPI)
    found = []
    for row in rows:
        key = normalise(row.name)
        if row.ecosystem != ECOSYSTEM_NAME or row.kind == _kinds.HATCH:
            found.append(row)
            continue
        merged = with_origin(row, origins.get(key, default))
        found.append(_uv.at_reference(source, merged, referenced[key]) if key in referenced else merged)
    return found


def _origins(tree: Mapping) -> dict[str, Origin]:
    """Return by normalised name where a package comes from; under ``""`` where all others do.

    The project itself counts as a local path: extras often name it (``project[docs]``).
    """
    origins = {**_poetry.origins(tree), **_pdm.origins(tree), **_uv.origins(tree)}
    provided = _provides(tree)
    if provided:
        origins[normalise(provided[0])] = Origin(skip_reason="local-path")
    return origins


def _extra_indexes(tree: Mapping) -> Iterator[Scalar]:
    return chain(_uv.extra_indexes(tree), _pdm.extra_indexes(tree), _poetry.extra_indexes(tree))


def _provides(tree: Mapping) -> tuple[str, str] | None:
    for table in (tree.mapping("project"), tree.mapping("tool", "poetry")):
        name, version = table.scalar("name"), table.scalar("version")
        if name:
            return name.value, version.value if version else ""
    return None


def _manifest(source: SourceText, tree: Mapping) -> Manifest | None:
    """Return the manifest; None for a file that only configures tools."""
    if not any(tree.get(*keys) for keys in (*_TABLES, *(("tool", tool) for tool in _TOOLS))):
        return None
    runtime = next(_runtimes(tree), None)
    return Manifest(
        path=source.path,
        ecosystem=ECOSYSTEM_NAME,
        format=_kinds.PYPROJECT,
        runtime=runtime.value if runtime else None,
        application=_application(tree),
    )


def _application(tree: Mapping) -> bool | None:
    """Tell a deployed project from a published one, as far as the file says; a lock is seen when pairing."""
    classifiers = [item.value for item in tree.scalars("project", "classifiers")]
    classifiers += [item.value for item in tree.scalars("tool", "poetry", "classifiers")]
    modes = [tree.scalar("tool", tool, key) for tool, key in (("poetry", "package-mode"), ("uv", "package"))]
    modes.append(tree.scalar("tool", "pdm", "distribution"))
    if any(mode and mode.value == "false" for mode in modes):
        return True
    if any(classifier.startswith("Private ::") for classifier in classifiers):
        return True
    return False if classifiers or tree.get("build-system") else None


def _dynamic_files(source: SourceText, tree: Mapping) -> tuple[list[str], list[Skipped]]:
    """Return the requirements files that the build reads for the project, and what stays unknown."""
    hatch = tree.mapping("tool", "hatch")
    files, skipped = _hatch.followed(source, list(_file_entries(tree)))
    more, unfollowed = _hatch.hook_files(source, hatch)
    dynamic = next((item for item in tree.scalars("project", "dynamic") if item.value == "dependencies"), None)
    hooked = any(hook.get("dependencies") for hook in _hatch.metadata_hooks(hatch))
    if dynamic and _is_built_by_pbr(tree):
        files.append(resolve(source.path, "requirements.txt")[0])
    stated = tree.get("tool", "poetry", "dependencies") or hooked or files or more
    computed = [unread(source, dynamic.start, COMPUTED)] if dynamic and not stated else []
    return [*files, *more], [*skipped, *unfollowed, *computed]


def _is_built_by_pbr(tree: Mapping) -> bool:
    """Whether pbr builds the project: it takes the dependencies from ``requirements.txt``."""
    found = (parse_requirement(item.value) for item in tree.scalars("build-system", "requires"))
    return any(one and normalise(one.name) == "pbr" for one in found)


def _file_entries(tree: Mapping) -> Iterator[Scalar]:
    """Yield the files named by setuptools' dynamic tables."""
    setuptools = tree.mapping("tool", "setuptools", "dynamic")
    tables: list[Node | None] = [setuptools.get("dependencies")]
    tables += [node for _, node in setuptools.mapping("optional-dependencies").items]
    for table in tables:
        if isinstance(table, Mapping):
            one = table.scalar("file")
            yield from [one] if one else table.scalars("file")
