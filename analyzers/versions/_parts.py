"""What the schemes share whose versions are numbers and a prerelease: order, steps, and writing at a precision."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from analyzers.model.scheme import Step

Numbers: TypeAlias = tuple[int, ...]
Words: TypeAlias = tuple[tuple[int, int, str], ...]
# The numbers, major first, and the words of the prerelease; none for a release.
Parsed: TypeAlias = tuple[Numbers, Words]

# Operator → (order of a version, order of the bound) → whether it holds.
COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Versions:
    """What follows from how a scheme parses its versions: three of the functions of a Scheme."""

    parse: Callable[[str], Parsed | None]

    def key(self, version: str) -> Any | None:  # noqa: ANN401 - the scheme's keys are opaque
        """Return a value that sorts; None for what is no version. Build metadata does not count."""
        parsed = self.parse(version)
        return None if parsed is None else order(parsed)

    def is_stable(self, version: str) -> bool:
        """Return whether this is a version, and not a prerelease."""
        parsed = self.parse(version)
        return parsed is not None and not parsed[1]

    def step(self, old: str, new: str) -> Step | None:
        """Return how big the step from ``old`` to ``new`` is; None when it is none, or leads backwards."""
        before, after = self.parse(old), self.parse(new)
        if before is None or after is None or order(after) <= order(before):
            return None
        if before[0][0] != after[0][0]:
            return "major"
        return "minor" if before[0][1] != after[0][1] else "patch"


def order(parsed: Parsed) -> tuple[Numbers, bool, Words]:
    """Return what sorts parsed versions: a release comes after all its prereleases."""
    numbers, words = parsed
    return numbers, not words, words


def words_of(prerelease: str | None) -> Words:
    """Return the words of a prerelease (``rc.1``) as they sort, numbers before words."""
    words = prerelease.split(".") if prerelease else []
    return tuple((0, int(word), "") if is_number(word) else (1, 0, word) for word in words)


def has_padding(prerelease: str | None) -> bool:
    """Return whether a number of the prerelease begins with a zero, which semantic versions must not."""
    words = prerelease.split(".") if prerelease else []
    return any(is_number(word) and word != "0" and word.startswith("0") for word in words)


def is_number(word: str) -> bool:
    """Return whether the word consists of the digits 0 to 9."""
    return word.isascii() and word.isdigit()


def at_precision(parts: str, version: str) -> str:
    """Write ``version`` with as many parts as ``parts`` has, keeping its ``x`` and ``*``."""
    old = parts.split(".")
    if len(old) == 3 and all(is_number(part) for part in old):  # noqa: PLR2004 - major, minor, patch
        return version
    fresh = (str(number) for number in numbers_of(version, len(old)))
    return ".".join(new if is_number(part) else part for part, new in zip(old, fresh, strict=True))


def next_bound(parts: str, version: str) -> str:
    """Return the exclusive upper bound above ``version``, of the same kind: ``2.0.0`` → ``3.0.0``."""
    old = parts.split(".")
    numbers = numbers_of(version, len(old))
    last = max((index for index, part in enumerate(old) if part.strip("0")), default=0)
    bound = [*numbers[:last], numbers[last] + 1, *[0] * (len(old) - last - 1)]
    return ".".join(map(str, bound))


def numbers_of(version: str, count: int) -> Numbers:
    """Return the first ``count`` numbers of a version without ``v``; those that it does not state are zeros."""
    stated = (int(part) for part in version.partition("+")[0].partition("-")[0].split("."))
    return tuple(itertools.islice(itertools.chain(stated, itertools.repeat(0)), count))
