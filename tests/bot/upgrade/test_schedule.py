"""When windows are open, and when the next one opens, in the time of a wall clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analyzers.errors import ConfigError
from bot.upgrade.schedule import Schedule


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "zone", "now", "is_open"),
    [
        ("mon-fri 06:00-18:00", "UTC", "2026-11-25T06:00", True),
        ("mon-fri 06:00-18:00", "UTC", "2026-11-25T18:00", False),
        ("mon-fri 06:00-18:00", "UTC", "2026-11-28T10:00", False),
        ("mon,wed", "UTC", "2026-11-25T23:59", True),
        ("tue,thu", "UTC", "2026-11-25T10:00", False),
        ("sat-mon", "UTC", "2026-11-30T10:00", True),
        ("sat-mon", "UTC", "2026-12-01T00:00", False),
        ("saturday-sunday", "UTC", "2026-11-29T10:00", True),
        ("06:00-12:00", "UTC", "2026-11-29T10:00", True),
        ("daily", "UTC", "2026-11-29T10:00", True),
        ("weekly", "UTC", "2026-11-30T10:00", True),
        ("monthly", "UTC", "2026-11-30T10:00", False),
        ("monthly", "UTC", "2026-12-07T10:00", True),
        ("daily 22:00-24:00", "UTC", "2026-11-25T23:59", True),
        # The day is that of the zone.
        ("thu", "Asia/Tokyo", "2026-11-25T15:00", True),
        ("thu", "Asia/Tokyo", "2026-11-25T14:59", False),
        # Clocks skip from 02:00 to 03:00 in Berlin on 2026-03-29: the window opens when they go on.
        ("sun 02:30-05:00", "Europe/Berlin", "2026-03-29T00:59", False),
        ("sun 02:30-05:00", "Europe/Berlin", "2026-03-29T01:30", True),
        ("sun 02:30-05:00", "Europe/Berlin", "2026-03-29T03:00", False),
        # A window within the hour that is skipped holds no moment that the clock shows.
        ("sun 02:10-02:50", "Europe/Berlin", "2026-03-29T00:40", False),
        # They repeat 02:00 to 03:00 on 2026-10-25: open from the first 02:30 to the second.
        ("sun 02:00-02:30", "Europe/Berlin", "2026-10-25T00:00", True),
        ("sun 02:00-02:30", "Europe/Berlin", "2026-10-25T01:29", True),
        ("sun 02:00-02:30", "Europe/Berlin", "2026-10-25T01:30", False),
        # The same hour of the wall is another one of the world in summer.
        ("mon 08:00-09:00", "Europe/Berlin", "2026-07-06T06:30", True),
        ("mon 08:00-09:00", "Europe/Berlin", "2026-12-07T06:30", False),
    ],
)
def test_a_window_is_open(window: str, zone: str, now: str, *, is_open: bool) -> None:
    assert Schedule.of([window], zone).is_open(_utc(now)) is is_open


@pytest.mark.parametrize(
    ("windows", "zone", "now", "opens"),
    [
        (["mon-fri 06:00-18:00"], "UTC", "2026-11-27T18:00", "2026-11-30T06:00"),
        (["weekends", "wed 12:00-13:00"], "UTC", "2026-11-25T10:00", "2026-11-25T12:00"),
        (["monthly on friday"], "UTC", "2026-12-05T10:00", "2027-01-01T00:00"),
        # The evening before the clocks go forward: 08:00 is an hour earlier for the world.
        (["daily 08:00-09:00"], "Europe/Berlin", "2026-03-28T20:00", "2026-03-29T06:00"),
        (["daily 08:00-09:00"], "Europe/Berlin", "2026-10-24T20:00", "2026-10-25T07:00"),
        (["sun 02:30-05:00"], "Europe/Berlin", "2026-03-28T20:00", "2026-03-29T01:30"),
        (["daily 08:00-09:00"], "America/St_Johns", "2026-11-25T08:00", "2026-11-25T11:30"),
    ],
)
def test_the_next_window_opens(windows: list[str], zone: str, now: str, opens: str) -> None:
    assert Schedule.of(windows, zone).next_opening(_utc(now)) == _utc(opens)


def test_without_windows_it_is_always_open() -> None:
    schedule = Schedule.of([], "UTC")
    assert schedule.is_open(_utc("2026-11-25T03:00"))
    assert schedule.next_opening(_utc("2026-11-25T03:00")) is None


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", "UTC/"])
def test_a_zone_that_nobody_knows_is_named(zone: str) -> None:
    with pytest.raises(ConfigError, match="there is no time zone"):
        Schedule.of([], zone)
