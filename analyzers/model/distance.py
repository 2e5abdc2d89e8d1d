"""How far one version is behind another, and what catching up takes. Part of the ruleset; see docs/score.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.model.finding import Severity
from analyzers.model.scheme import Step

_MINUTES: Final = {"patch": 10, "minor": 20, "major": 120}
_FURTHER_MAJOR: Final = 60
_MOST_MINUTES: Final = 480
_MANY_MAJORS: Final = 3


@dataclass(frozen=True, slots=True)
class Distance:
    """The `step` between two versions, and over how many `majors` it leads: 0 within a major line."""

    step: Step
    majors: int

    @property
    def minutes(self) -> int:
        """Minutes by the size of the step: 120 for a major line and 60 for each further one, at most 480."""
        return min(_MOST_MINUTES, _MINUTES[self.step] + _FURTHER_MAJOR * max(0, self.majors - 1))

    @property
    def severity(self) -> Severity:
        """Low within a major line, high from three major lines on."""
        if self.step != "major":
            return Severity.LOW
        return Severity.HIGH if self.majors >= _MANY_MAJORS else Severity.MEDIUM

    def is_safe(self, current: str) -> bool:
        """Return whether no breaking change is expected on the way from the version ``current``."""
        # Below 1.0 a step of the second number may break, as a major step may.
        return self.step == "patch" or (self.step == "minor" and not current.lstrip("v").startswith("0."))

    def __str__(self) -> str:
        """Return it as people say it: ``a minor release``, ``2 major lines``."""
        if self.step != "major":
            return f"a {self.step} release"
        return "a major line" if self.majors == 1 else f"{self.majors} major lines"
