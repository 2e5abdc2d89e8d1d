"""Overrides and resolutions: versions that a root sets for packages wherever they are required."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._specifier import Specifier, understand
from analyzers.model.inventory import Dependency
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText

# pnpm: the package is taken out of the tree.
_REMOVED: Final = "-"
_LONGEST_KEY: Final = 500


def overrides(source: SourceText, table: Mapping, *, kind: str, group: str) -> Iterator[tuple[Dependency, str, str]]:
    """Yield row, key and text of every override, however deep: ``{"a": {".": "1.0", "b": "2.0"}}`` sets two.

    The key of a nested one is made of all keys that lead there (``a>b``).
    """
    for key, value in table.items:
        for path, name, leaf in _leaves(key.value, _overridden(key.value), value):
            found = understand(name, leaf.value)
            if leaf.value == _REMOVED:
                found = Specifier(name, leaf.value, skip_reason="unsupported-version")
            yield _rows.requirement(source, leaf, found, kind=kind, group=group), path, leaf.value


def _leaves(path: str, name: str, node: Node) -> Iterator[tuple[str, str, Scalar]]:
    if isinstance(node, Scalar):
        yield path, name, node
    elif isinstance(node, Mapping):
        for key, value in node.items:
            if key.value == ".":
                yield from _leaves(path, name, value)
            else:
                yield from _leaves(f"{path}>{key.value}"[:_LONGEST_KEY], _overridden(key.value), value)


def _overridden(key: str) -> str:
    """Return the package of ``b@^2`` (npm), ``a>b@^2`` (pnpm), ``**/a/@scope/b`` and ``b@npm:^2`` (Yarn).

    Operators hold a ``>`` too (``b@>=2``): those stand behind ``@``, a colon, a space or a bar.
    """
    arrows = [at for at, character in enumerate(key) if character == ">" and at and key[at - 1] not in "@: |"]
    last = key[arrows[-1] + 1 :] if arrows else key
    version = next((at for at in range(1, len(last)) if last[at] == "@" and last[at - 1] != "/"), len(last))
    *folders, bare = last[:version].split("/")
    return f"{folders[-1]}/{bare}" if folders and folders[-1].startswith("@") else bare
