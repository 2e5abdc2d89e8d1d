"""Who owns a path, by the rules of CODEOWNERS: the last pattern that matches decides.

Patterns come from the scanned repository, so they are matched without regular expressions: in time proportional to
pattern × path whatever they say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")

_ANY_DEPTH = "**"


class Owners:
    """The rules of one CODEOWNERS file, as ``Inventory.owners`` holds them."""

    def __init__(self, rules: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Take (pattern, owners) pairs in the order of the file."""
        self._rules = [(_segments(pattern), owners) for pattern, owners in reversed(rules)]
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, path: str) -> tuple[str, ...]:
        """Return the owners of ``path``; a pattern without owners takes them away."""
        if path not in self._known:
            parts = path.split("/")
            matching = (owners for segments, owners in self._rules if _matches(segments, parts))
            self._known[path] = next(matching, ())
        return self._known[path]


def _segments(pattern: str) -> tuple[str, ...]:
    """Return the pattern by folders, such that it has to match a whole path."""
    body = pattern.strip("/")
    anchored = pattern.startswith("/") or "/" in body
    segments = ([] if anchored else [_ANY_DEPTH]) + body.split("/")
    if pattern.endswith("/"):
        return (*segments, _ANY_DEPTH, "*")
    # `docs/*` owns the files of docs alone; `docs` and `*.d` own what lies below as well.
    only_here = anchored and segments[-1] == "*"
    return tuple(segments) if only_here or segments[-1] == _ANY_DEPTH else (*segments, _ANY_DEPTH)


def _matches(segments: Sequence[str], parts: Sequence[str]) -> bool:
    return _glob(segments, parts, _ANY_DEPTH, lambda segment, part: _glob(segment, part, "*", _same_letter))


def _same_letter(wanted: str, letter: str) -> bool:
    return wanted in {"?", letter}


def _glob(pattern: Sequence[Part], text: Sequence[Part], star: Part, same: Callable[[Part, Part], bool]) -> bool:
    """Match with one kind of wildcard. Only the last star is ever tried again, so time is bounded."""
    at = reached = 0
    star_at, star_reached = -1, 0
    while reached < len(text):
        if at < len(pattern) and pattern[at] == star:
            star_at, star_reached = at, reached
            at += 1
        elif at < len(pattern) and same(pattern[at], text[reached]):
            at += 1
            reached += 1
        elif star_at >= 0:
            star_reached += 1
            at, reached = star_at + 1, star_reached
        else:
            return False
    return all(part == star for part in pattern[at:])
