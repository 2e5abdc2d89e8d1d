"""When something is due."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.service.workflows.slots import is_given_up, most_at_once, next_slot, put_off

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(st.integers(1, 2**62), st.integers(1, 90), _MOMENTS)
def test_a_slot_comes_once_a_period(repository: int, days: int, after: datetime) -> None:
    first = next_slot(repository, days, after)
    assert after < first <= after + timedelta(days=days)
    assert next_slot(repository, days, first) == first + timedelta(days=days)
    assert next_slot(repository, days, first - timedelta(microseconds=1)) == first


def test_a_thousand_repositories_are_spread_over_the_week() -> None:
    hours = Counter((next_slot(number, 7, NOW) - NOW) // timedelta(hours=1) for number in range(1000))
    assert len(hours) > 160
    assert max(hours.values()) < 20


def test_a_backlog_is_worked_off_within_some_hours_and_not_at_once() -> None:
    assert most_at_once(5, 7) == 10
    assert most_at_once(1000, 7) == 24
    # A day's down-time of a thousand repositories: about 143 are due.
    assert 143 / (most_at_once(1000, 7) - 6) < 9


def test_what_has_no_date_waits_longer_each_time() -> None:
    waits = [put_off(NOW, None, attempt, "scan:1") - NOW for attempt in (0, 1, 2, 3, 4, 5, 6, 100)]
    assert waits == sorted(waits)
    assert timedelta(minutes=1) <= waits[0] <= timedelta(minutes=1.5)
    assert timedelta(minutes=30) <= waits[-1] <= timedelta(minutes=45)


def test_what_has_a_date_waits_for_it_and_does_not_come_back_all_at_once() -> None:
    until = NOW + timedelta(minutes=40)
    again = {put_off(NOW, until, 0, f"scan:{number}") for number in range(50)}
    assert len(again) == 50
    assert until <= min(again)
    assert max(again) <= until + timedelta(minutes=2)


def test_a_date_that_is_past_does_not_lead_there() -> None:
    assert put_off(NOW, NOW - timedelta(hours=1), 0, "scan:1") >= NOW


def test_after_a_day_it_is_given_up() -> None:
    assert not is_given_up(NOW, NOW + timedelta(hours=23, minutes=59))
    assert is_given_up(NOW, NOW + timedelta(days=1))
