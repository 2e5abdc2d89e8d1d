from __future__ import annotations

import pytest

from analyzers.model.distance import Distance
from analyzers.model.finding import Severity
from analyzers.model.scheme import Step


@pytest.mark.parametrize(
    ("step", "majors", "shown", "minutes", "severity"),
    [
        ("patch", 0, "a patch release", 10, Severity.LOW),
        ("minor", 0, "a minor release", 20, Severity.LOW),
        ("major", 1, "a major line", 120, Severity.MEDIUM),
        ("major", 2, "2 major lines", 180, Severity.MEDIUM),
        ("major", 3, "3 major lines", 240, Severity.HIGH),
        ("major", 7, "7 major lines", 480, Severity.HIGH),
        ("major", 40, "40 major lines", 480, Severity.HIGH),
    ],
)
def test_a_distance_has_words_and_a_price(
    step: Step, majors: int, shown: str, minutes: int, severity: Severity
) -> None:
    distance = Distance(step, majors)
    assert (str(distance), distance.minutes, distance.severity) == (shown, minutes, severity)


@pytest.mark.parametrize(
    ("step", "current", "expected"),
    [
        ("patch", "0.1.0", True),
        ("minor", "1.0.0", True),
        ("minor", "0.1.0", False),
        ("minor", "v0.1.0", False),
        ("minor", "10.1.0", True),
        ("major", "1.0.0", False),
    ],
)
def test_a_step_is_safe_within_a_line_from_1_0_on(step: Step, current: str, *, expected: bool) -> None:
    assert Distance(step, 0).is_safe(current) is expected
