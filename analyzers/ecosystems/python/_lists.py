"""Lists of PEP 508 strings and tables of such lists, as TOML files state them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.ecosystems.python._kinds import LIMITS
from analyzers.ecosystems.python._lines import Found, line_row
from analyzers.ecosystems.python._rows import Context, normalise, quoted_row, unread
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText


def grouped(source: SourceText, groups: Mapping, kind: str) -> Iterator[Found]:
    """Yield the rows of a table of lists; each key names its group."""
    names = {normalise(key.value) for key, _ in groups.items}
    for key, node in groups.items:
        if isinstance(node, Mapping):
            continue  # a table of another tool's making: setuptools' dynamic groups are read elsewhere
        yield from listed(source, node, kind, key.value, names)


def listed(
    source: SourceText, node: Node | None, kind: str, group: str | None = None, groups: Iterable[str] = ()
) -> Iterator[Found]:
    """Yield the rows of a list; ``groups`` are the normalised names of those that it may include."""
    if node is None:
        return
    if not isinstance(node, Sequence):
        yield unread(source, node.start, "a list of requirements was expected")
        return
    context = Context(source=source, kind=kind, group=group, direct=kind not in LIMITS)
    for item in node.items:
        if isinstance(item, Scalar) and item.quoted:
            yield _string_row(context, item)
        elif not _is_inclusion(item, groups):
            yield unread(source, item.start, "this entry is no requirement, and no group that stands in this file")


def _string_row(context: Context, item: Scalar) -> Found:
    """Return the row of one string. PDM's development groups may hold ``-e path`` as well."""
    path = item.value.removeprefix("-e ").strip()
    start = item.start + item.value.find(path)
    if item.value.startswith("-e ") and context.source.text[start : start + len(path)] == path:
        return line_row(context, path, start)
    return quoted_row(context, item)


def _is_inclusion(item: Node, groups: Iterable[str]) -> bool:
    """Whether the entry is ``{include-group = "…"}`` of a group whose requirements are read at their own place."""
    included = item.scalar("include-group") if isinstance(item, Mapping) else None
    return included is not None and normalise(included.value) in groups
