"""Packages that come in parts, one a system: the new lock has to hold the parts of every system.

npm and pnpm leave out, without a word, what is optional and cannot be had: a part that its publisher has not uploaded
yet, or that a mirror lacks. The lock then works where it was made, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

# How the parts for one system are called: `@swc/core-darwin-x64`, `@esbuild/linux-arm64`, `turbo-windows-64`.
_SYSTEM: Final = re.compile(
    r"(?:^|[-/])(?:aix|android|darwin|freebsd|linux|linuxmusl|macos|netbsd|openbsd|openharmony|sunos|wasm32|win32"
    r"|windows)(?:-|$)"
)

Edge = tuple[str, str, str, str]
"""Of a lock: (a package, its version, what it requires, the constraint)."""

Versions = Mapping[str, frozenset[str]]
"""Normalised name → the versions that a lock holds."""


def lost(
    old: tuple[Iterable[Edge], Versions], new: tuple[Iterable[Edge], Versions], normalise: Callable[[str], str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (package, its parts that the new lock lacks), sorted.

    A part has the version of the package that requires it, and names a system. Only packages count that came in parts
    before and still do: one that gave them up is no loss.
    """
    before, after = _parts(*old, normalise), _parts(*new, normalise)
    held = new[1]
    for name in sorted(before.keys() & after.keys()):
        gone = tuple(sorted(part for part in before[name] if part not in held))
        if gone:
            yield name, gone


def _parts(edges: Iterable[Edge], held: Versions, normalise: Callable[[str], str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version, required, _constraint in edges:
        part = normalise(required)
        if version in held.get(part, ()) and _SYSTEM.search(part):
            found.setdefault(name, set()).add(part)
    return found
