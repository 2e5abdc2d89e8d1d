"""The ranges that nearly everybody writes, as intervals of versions without prerelease.

node-semver reads every range, and takes longer to load than most scans need for all their ranges. What is plain enough
to be no matter of opinion is read here; all else is left to it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

Numbers: TypeAlias = tuple[int, int, int]
# From a version on, up to but without another one (None: without end).
Interval: TypeAlias = tuple[Numbers, Numbers | None]

_LONGEST: Final = 1024
_NUMBER: Final = r"(?:0|[1-9][0-9]{0,8})"
_PLAIN: Final = re.compile(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})")
_COMPARATOR: Final = re.compile(
    rf"(?P<operator>\^|~|>=|<=|>|<|=|)(?P<major>{_NUMBER})"
    rf"(?:\.(?:(?P<minor>{_NUMBER})(?:\.(?:(?P<patch>{_NUMBER})|[xX*]))?|[xX*](?:\.[xX*])?))?"
)
_ZERO: Final[Numbers] = (0, 0, 0)
_ANY: Final[Interval] = (_ZERO, None)
_ANYTHING: Final = frozenset({"*", "x", "X"})


def numbers(version: str) -> Numbers | None:
    """Return the three numbers of a version that has nothing else."""
    found = _PLAIN.fullmatch(version)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


@functools.lru_cache(maxsize=1024)
def alternatives(constraint: str) -> tuple[tuple[Interval, ...], ...] | None:
    """Return the alternatives of a range, each the intervals that must all hold; None where it is not a plain one."""
    if len(constraint) > _LONGEST:
        return None
    if not constraint.strip(" \t"):
        return ((_ANY,),)
    found = []
    for alternative in constraint.split("||"):
        # Other white space is left to the library, too.
        comparators = filter(None, alternative.replace("\t", " ").split(" "))
        intervals = [_interval(comparator) for comparator in comparators]
        if not intervals or None in intervals:
            return None
        found.append(tuple(interval for interval in intervals if interval))
    return tuple(found)


def admits(wanted: tuple[tuple[Interval, ...], ...], version: Numbers) -> bool:
    """Return whether one of the alternatives admits the version."""
    return any(
        all(low <= version and (high is None or version < high) for low, high in intervals) for intervals in wanted
    )


def _interval(comparator: str) -> Interval | None:
    if comparator in _ANYTHING:
        return _ANY
    found = _COMPARATOR.fullmatch(comparator)
    if not found:
        return None
    stated = [int(found[part]) for part in ("major", "minor", "patch") if found[part] is not None]
    return _BOUNDS[found["operator"]](stated)


def _kept(stated: list[int]) -> list[int]:
    """Return what ``^`` holds fast: all up to the first number that is not 0."""
    first = next((index for index, number in enumerate(stated) if number), len(stated) - 1)
    return stated[: first + 1]


def _after(stated: list[int]) -> Numbers:
    """Return the first version after all that begin so: 1.2 → 1.3.0."""
    return _filled([*stated[:-1], stated[-1] + 1])


def _filled(stated: list[int]) -> Numbers:
    major, minor, patch = [*stated, 0, 0][:3]
    return major, minor, patch


# Operator → the numbers behind it → what they admit.
_BOUNDS: Final[Mapping[str, Callable[[list[int]], Interval]]] = {
    ">=": lambda stated: (_filled(stated), None),
    ">": lambda stated: (_after(stated), None),
    "<": lambda stated: (_ZERO, _filled(stated)),
    "<=": lambda stated: (_ZERO, _after(stated)),
    "~": lambda stated: (_filled(stated), _after(stated[:2])),
    "^": lambda stated: (_filled(stated), _after(_kept(stated))),
    "=": lambda stated: (_filled(stated), _after(stated)),
    "": lambda stated: (_filled(stated), _after(stated)),
}
