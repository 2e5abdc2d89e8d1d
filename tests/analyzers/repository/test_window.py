from __future__ import annotations

from datetime import date

import pytest

from analyzers.repository.window import Window

AS_OF = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("first", "months", "end"),
    [
        (date(2026, 11, 22), 1, AS_OF),
        (date(2026, 10, 23), 1, AS_OF),
        (date(2026, 10, 22), 2, date(2026, 10, 22)),
        (date(2026, 3, 1), 9, date(2026, 3, 22)),
        (date(2025, 11, 23), 12, date(2025, 12, 22)),
    ],
)
def test_a_window_can_begin_on_any_day(first: date, months: int, end: date) -> None:
    window = Window.since(first, AS_OF)
    assert (window.first, window.last, len(window.ends), window.ends[0]) == (first, AS_OF, months, end)
    assert window.month(first) == 0
    assert window.month(AS_OF) == months - 1


def test_whole_months_are_the_same_either_way() -> None:
    assert Window.since(date(2025, 11, 23), AS_OF) == Window.before(AS_OF, 12)
