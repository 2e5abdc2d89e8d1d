"""How much one hotspot weighs: the usual work of simplifying it, by how often it is changed. See docs/score.md."""

from __future__ import annotations

from analyzers.model import exposure

MOST_MINUTES = 480
LEAST_MINUTES = 20
_MINUTES_A_BRANCH = 10
_FREE_BRANCHES = 10


def minutes_of(complexity: int) -> int:
    """Return the usual work of simplifying a function of that complexity."""
    return max(LEAST_MINUTES, min(MOST_MINUTES, LEAST_MINUTES + _MINUTES_A_BRANCH * (complexity - _FREE_BRANCHES)))


def weight(complexity: int, revisions: int) -> float:
    """Return the minutes times the exposure: absolute, never a rank within one repository."""
    return minutes_of(complexity) * exposure.revisions(revisions)
