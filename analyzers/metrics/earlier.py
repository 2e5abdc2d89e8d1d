"""Functions in earlier versions of their files: what goes to a measuring process, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

from analyzers.errors import UnreadableError
from analyzers.model.history import FunctionVersion
from analyzers.model.inventory import Function
from analyzers.model.language import Language

_LEAST_OVERLAP = 0.5

Lines: TypeAlias = tuple[int, int]
"""The first and last line of a function, from 1."""
EarlierTask: TypeAlias = tuple[str, str, bytes, list[Lines]]
"""Path, language, content, and where functions stand in it."""


class Place(NamedTuple):
    """A function in a version of its file. `path` is today's, and decides the dialect of the language."""

    path: str
    language: str
    version: FunctionVersion

    @property
    def lines(self) -> Lines:
        """Where it stands."""
        return self.version.line, self.version.end_line


def complexities(path: str, language: Language, content: bytes, places: Sequence[Lines]) -> list[int | None]:
    """Return the complexity of the function at each place, None where none can be measured. Never raises.

    A place may be off by some lines: what was followed through history is known as well as its changes tell.
    """

    @cache
    def functions() -> tuple[Function, ...]:
        try:
            return language.measure(path, content).functions
        except UnreadableError:
            return ()

    return [_exactly(language, content, place) or _about(functions(), place) for place in places]


def _exactly(language: Language, content: bytes, place: Lines) -> int | None:
    try:
        return language.complexity_at(content, *place) if language.complexity_at else None
    except UnreadableError:
        return None


def _about(functions: Sequence[Function], place: Lines) -> int | None:
    """Return the complexity of the function that begins there, or of that which shares half of what both cover."""
    shares = [
        (1.0 if function.line == place[0] else _overlap((function.line, function.end_line), place), function.complexity)
        for function in functions
    ]
    share, complexity = max(shares, default=(0.0, 0))
    return complexity if share >= _LEAST_OVERLAP else None


def _overlap(one: Lines, other: Lines) -> float:
    common = min(one[1], other[1]) - max(one[0], other[0]) + 1
    covered = max(one[1], other[1]) - min(one[0], other[0]) + 1
    return max(0, common) / covered
