"""Which member of a group breaks the checks: halves are tried until one is found, or two that break only together.

Pure: `next_step` looks at the runs so far and says what to try next. A run is one state of the pull request's branch,
judged by the repository's own checks, so each costs the time of a whole pipeline: a single culprit among n members is
found in at most 2⌈log₂ n⌉ of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Run:
    """Some members together, and whether the checks passed. The group itself, which failed, is none."""

    members: frozenset[str]
    passed: bool


@dataclass(frozen=True, slots=True)
class Try:
    """Put these members, and no others, on the branch and wait for the checks."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Culprit:
    """One member fails alone; the others go on without it."""

    member: str
    green: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interaction:
    """These members fail together, and each of the two parts passes alone: a person has to look."""

    members: tuple[str, ...]
    parts: tuple[tuple[str, ...], tuple[str, ...]]


Step: TypeAlias = Try | Culprit | Interaction


def next_step(members: Sequence[str], runs: Iterable[Run]) -> Step:
    """Return what to do about a group of which all ``members`` together failed.

    Members are split in their order, so the same group is always cut in the same places. Raises ValueError for a
    group without members.
    """
    if not members:
        raise ValueError("a group without members cannot fail")
    known = {run.members: run.passed for run in runs}
    suspects = tuple(members)
    while len(suspects) > 1:
        left, right = _halves(suspects)
        for half in (left, right):
            passed = known.get(frozenset(half))
            if passed is None:
                return Try(half)
            if not passed:
                suspects = half
                break
        else:
            return Interaction(suspects, (left, right))
    (culprit,) = suspects
    return Culprit(culprit, tuple(member for member in members if member != culprit))


def most_runs(count: int) -> int:
    """Return how many runs one culprit among ``count`` members may take: 2⌈log₂ count⌉."""
    return 2 * (count - 1).bit_length()


def _halves(members: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    middle = (len(members) + 1) // 2
    return members[:middle], members[middle:]
