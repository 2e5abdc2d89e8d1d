"""``mise.toml`` and its many other names: the tools of the project and of its tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.tools import _files
from analyzers.ecosystems.tools._backends import backend_row
from analyzers.lifecycles import tool_row
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import SkipReason
from analyzers.syntax import toml
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

# The members of a root whose lockfile holds the tools of every folder below it.
ALL: Final = ("**",)


def read(source: SourceText) -> Reading:
    """Read ``[tools]`` and the tools of each task. Raises UnreadableError."""
    tree = toml.parse(source)
    tables = [tree.mapping("tools")]
    tables += [task.mapping("tools") for _, task in tree.mapping("tasks").items if isinstance(task, Mapping)]
    found = [row for table in tables for key, value in table.items for row in _rows(source, key.value, value)]
    shared = tree.scalar("monorepo", "lockfile")
    return Reading(
        dependencies=tuple(row for row, _ in found),
        manifest=Manifest(path=source.path, ecosystem="tools", format=_files.MISE),
        members=ALL if shared and shared.value == "true" else (),
        written={row.place: written for row, written in found},
    )


def _rows(source: SourceText, name: str, value: Node) -> Iterator[tuple[Dependency, tuple[str, str]]]:
    """Yield the versions of one tool (a text, a table with a ``version``, or a list of these), each as written."""
    if isinstance(value, Sequence):
        for item in value.items:
            yield from _rows(source, name, item)
        return
    written = value.scalar("version") if isinstance(value, Mapping) else value
    if isinstance(written, Scalar) and written.value and written.value != "system":
        row = _row(source, name, written)
        yield row, (name, written.value.removeprefix("prefix:"))


def _row(source: SourceText, name: str, scalar: Scalar) -> Dependency:
    raw = source.text[scalar.start : scalar.end]
    # ``prefix:1.20`` asks for the newest of a line.
    start = len("prefix:") if raw.startswith("prefix:") else 0
    written = tool_row.Written(source=source, text=raw[start:], start=scalar.start + start, kind=_files.MISE)
    reason = _unread(scalar.value, raw)
    return tool_row.unknown(name, written, reason) if reason else backend_row(name, written)


def _unread(value: str, raw: str) -> SkipReason | None:
    if value != raw:
        return "unsupported-syntax"
    if "{{" in value or "{%" in value:
        return "unpinned-expression"
    if value.startswith("path:"):
        return "local-path"
    return "version-control" if value.startswith(("ref:", "tag:", "branch:", "rev:")) else None
