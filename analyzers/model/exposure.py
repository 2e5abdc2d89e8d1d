"""How much a finding weighs, by how exposed the repository is to it. Part of the ruleset; see docs/score.md.

Weights multiply. All are powers of two, so products are exact.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzers.model.inventory import Dependency

ANNOUNCED = 0.5
DEVELOPMENT = 0.5
# What people call a group that nothing deployed needs. Extras of these names are for contributors as well.
_DEVELOPMENT_WORDS = frozenset(
    {
        *("dev", "develop", "development", "devdependencies"),
        *("test", "tests", "testing", "coverage", "bench", "benchmark", "benchmarks", "tox", "nox", "ci", "qa"),
        *("lint", "linting", "linters", "typing", "types", "mypy"),
        *("doc", "docs", "documentation"),
    }
)
# Files whose whole content is for contributors.
_DEVELOPMENT_KINDS = frozenset({"pre-commit", "pre-commit-dependency", "tox", "hatch-environment"})


def past_end(end: date, as_of: date) -> float:
    """Weight of an end of support: announced ½, under 90 days past 1, under a year 2, longer 4.

    ``end`` is the last supported day, so that day itself still counts as announced.
    """
    days = (as_of - end).days
    if days <= 0:
        return ANNOUNCED
    if days < 90:  # noqa: PLR2004 - the figures of docs/score.md
        return 1.0
    return 2.0 if days < 365 else 4.0  # noqa: PLR2004 - as above


def revisions(count: int) -> float:
    """Weight of churn: 3–5 revisions in the window ½, 6–11 1, 12–23 2, from 24 4."""
    for floor, weight in ((24, 4.0), (12, 2.0), (6, 1.0)):
        if count >= floor:
            return weight
    return 0.5


def imported_by(files: int | None) -> float:
    """Weight of a package by the number of files importing it: unknown or 1–4 1, 5–19 2, from 20 4."""
    if files is None or files < 5:  # noqa: PLR2004 - as above
        return 1.0
    return 2.0 if files < 20 else 4.0  # noqa: PLR2004 - as above


def is_development(entry: Dependency) -> bool:
    """Return whether only those who work on the project need it, by its file or the name of its group."""
    if entry.kind in _DEVELOPMENT_KINDS:
        return True
    group = (entry.dependency_group or "").lower()
    return bool(_DEVELOPMENT_WORDS.intersection(group.replace("_", "-").replace(".", "-").split("-")))
