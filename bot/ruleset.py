"""The constants of the score. With the minutes of the rules and the exposure weights they make the ruleset.

The ruleset is versioned and frozen within a minor release: whoever changes a figure raises `RULESET`, and
docs/score.md says what moves. `grade` is the only thing here that is no constant.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

Grade: TypeAlias = Literal["A", "B", "C", "D", "E", "F"]

RULESET: Final = "1"
# Minutes of debt that halve the score of a repository of the smallest size (40 hours).
HALVING_MINUTES: Final = 2400
# The most that one subject can count for, and what one is charged of which nothing is known (8 hours).
SUBJECT_CAP: Final = 480
# Lines of code at which size begins to count: s = max(1, sqrt(lines / SIZE_LINES)).
SIZE_LINES: Final = 10_000
GRADES: Final[tuple[tuple[float, Grade], ...]] = ((90, "A"), (75, "B"), (55, "C"), (35, "D"), (20, "E"))


def grade(score: float) -> Grade:
    """Return the letter of a score between 0 and 100."""
    return next((letter for floor, letter in GRADES if score >= floor), "F")
