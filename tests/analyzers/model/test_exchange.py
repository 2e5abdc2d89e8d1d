from __future__ import annotations

from datetime import date

import pytest

from analyzers.model.exchange import day_of


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        ("2026-01-31T10:00:00Z", date(2026, 1, 31)),
        ("2026-01-31T10:00:00.123456+02:00", date(2026, 1, 31)),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-02-31T10:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1769853600, None),
    ],
)
def test_the_day_of_a_timestamp(timestamp: object, expected: date | None) -> None:
    assert day_of(timestamp) == expected
