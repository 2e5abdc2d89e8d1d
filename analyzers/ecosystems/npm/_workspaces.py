"""Which folders belong to which workspace root."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from analyzers.ecosystems.npm._braces import expanded
from analyzers.ecosystems.npm._globs import Globs, wildcards
from analyzers.model.skipped import Skipped

_LONGEST: Final = 200
_MOST_SEGMENTS: Final = 20
_LONGEST_PATTERN: Final = 4000
# Segments and wildcards of all patterns that have any. Plain folders do not count; they are looked up.
_MOST_WILD: Final = 600
# Patterns that braces of all patterns stand for.
_MOST_BRACED: Final = 1000

_Segments = tuple[str, ...]


def parents(folder: str) -> Iterator[str]:
    """Yield the folders above ``folder``, nearest first, ending with the repository (``""``)."""
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def relative(folder: str, root: str) -> str:
    """Return ``folder`` as seen from ``root``, which mostly lies above it or is it (``""``)."""
    if not root or folder == root:
        return "" if root else folder
    if folder.startswith(f"{root}/"):
        return folder[len(root) + 1 :]
    # Rush keeps its lockfile beside what it speaks for.
    return posixpath.relpath(folder or ".", root)


@dataclass(frozen=True, slots=True)
class Members:
    """The patterns of a workspace root, made ready once for all folders.

    `plain` holds the last position of each pattern without wildcards, `negative` the positions of the patterns that
    take back (``!pattern``), `left_out` how many patterns are too long, or too many, to be followed.
    """

    plain: dict[_Segments, int]
    globs: Globs
    negative: frozenset[int]
    left_out: int

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Members:
        """Sort the patterns into plain folders and those with wildcards, of these as many as there is room for."""
        plain: dict[_Segments, int] = {}
        wild: list[tuple[int, _Segments]] = []
        negative: set[int] = set()
        room, left_out = _Room(), 0
        for position, pattern in enumerate(patterns):
            meant = room.taken(pattern.removeprefix("!"))
            if not meant:
                left_out += 1
                continue
            wild += [(position, parts) for parts in meant if _cost(parts)]
            plain |= {parts: position for parts in meant if not _cost(parts)}
            if pattern.startswith("!"):
                negative.add(position)
        return cls(plain, Globs.of(wild), frozenset(negative), left_out)

    def has(self, folder: str) -> bool:
        """Return whether ``folder`` (relative to the root) is named; the last pattern that fits decides."""
        parts = _segments(folder)
        last = max(self.plain.get(parts, -1), self.globs.last(parts))
        return last >= 0 and last not in self.negative


def left_out(patterns: Iterable[str], path: str, source: str) -> tuple[Skipped, ...]:
    """Return what to say of the patterns in the file ``path`` that are not followed."""
    count = Members.of(patterns).left_out
    if not count:
        return ()
    detail = f"patterns of workspaces that are too long or too many, and not followed: {count:,}"
    return (Skipped(what="file", path=path, source=source, reason="limit-reached", detail=detail),)


@dataclass(slots=True)
class _Room:
    """What is left for further patterns of a root."""

    wild: int = _MOST_WILD
    braced: int = _MOST_BRACED

    def taken(self, pattern: str) -> list[_Segments]:
        """Return what a pattern stands for, by segments; nothing where that is too long or too much."""
        texts = expanded(pattern, self.braced + 1) if len(pattern) <= _LONGEST_PATTERN else ()
        # Trying costs as much as succeeding.
        self.braced = 0 if texts is None else self.braced - max(0, len(texts) - 1)
        meant = [_segments(text) for text in texts or ()]
        cost = sum(map(_cost, meant))
        if any(map(_is_long, meant)) or cost > self.wild:
            return []
        self.wild -= cost
        return meant


def _cost(parts: _Segments) -> int:
    marks = sum(map(wildcards, parts))
    return len(parts) + marks if marks else 0


def _segments(path: str) -> _Segments:
    return tuple(part for part in path.split("/") if part not in ("", "."))


def _is_long(parts: _Segments) -> bool:
    return len(parts) > _MOST_SEGMENTS or any(len(part) > _LONGEST for part in parts)
