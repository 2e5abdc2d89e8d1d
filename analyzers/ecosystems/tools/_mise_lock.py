"""``mise.lock`` and those of environments: the version of each tool that mise chose, and what installs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analyzers.ecosystems.tools import _files
from analyzers.ecosystems.tools._backends import backend_row, without_options
from analyzers.errors import InvalidSyntaxError
from analyzers.lifecycles import tool_row, tools
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped
from analyzers.syntax import git_url, toml
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

_ENVIRONMENT: Final = re.compile(r"(?:\.?mise|config)\.(?P<name>[^.]+)(?:\.local)?\.toml")


def lock_of(path: str) -> str:
    """Return the path of the lockfile that a file of mise has: each environment has its own, ``conf.d`` has none."""
    folder, _, name = path.rpartition("/")
    above, _, last = folder.rpartition("/")
    folder = above if last == "conf.d" else folder
    found = _ENVIRONMENT.fullmatch(name)
    environment = f".{found['name']}" if found and found["name"] != "local" else ""
    local = ".local" if ".local." in name else ""
    return f"{folder}/mise{environment}{local}.lock".removeprefix("/")


def key(name: str) -> str:
    """Return the name under which mise locks a tool: its one short name, without options."""
    return tools.canonical(without_options(name))


def read(source: SourceText) -> Reading:
    """Read every locked tool; a version stands once, whatever the options. Raises UnreadableError."""
    tree = toml.parse(source)
    found = {
        (entry.name, entry.version): (row, entry)
        for name, value in tree.mapping("tools").items
        for row, entry in _entries(source, name.value, value)
    }
    return Reading(
        dependencies=tuple(row for row, _ in found.values()),
        locked=tuple(entry for _, entry in found.values()),
        skipped=tuple(_conda(source, tree)),
    )


def _entries(source: SourceText, name: str, value: Node) -> Iterator[tuple[Dependency, Locked]]:
    for item in value.items if isinstance(value, Sequence) else (value,):
        version = item.scalar("version") if isinstance(item, Mapping) else None
        if not isinstance(item, Mapping) or version is None or not version.value:
            line, _ = source.line_column(item.start)
            raise InvalidSyntaxError("holds a tool without a version", line=line)
        backend = item.scalar("backend")
        row = _row(source, name, version, backend.value if backend else "")
        yield row, Locked(name=key(name), version=version.value, place=row.place)


def _row(source: SourceText, name: str, version: Scalar, backend: str) -> Dependency:
    """Return the row of a tool that no file of mise's asks for; an unknown one is what its backend installs."""
    written = tool_row.Written(source=source, text=version.value, start=version.start, kind=_files.MISE_LOCK)
    row = backend_row(name, written)
    if row.skip_reason == "unsupported-source" and backend:
        found = backend_row(backend, written)
        # A repository is told by its address, so the tool keeps the name that people know.
        row = replace(found, name=row.name) if found.ecosystem in git_url.TYPES else found
    place = source.place_of(version)
    return replace(row, place=place, value=None, locked_version=row.version or row.value, direct=False)


def _conda(source: SourceText, tree: Mapping) -> Iterator[Skipped]:
    count = sum(len(table.items) for _, table in tree.mapping("conda-packages").items if isinstance(table, Mapping))
    if count:
        detail = f"conda's packages, which no registry here has: {count:,}"
        yield Skipped(
            what="file", path=source.path, source=_files.MISE_LOCK, reason="unsupported-source", detail=detail
        )
