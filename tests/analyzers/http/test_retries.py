from __future__ import annotations

from email.utils import formatdate

import pytest

from analyzers.http.retries import Patience, asked_delay, limit_is_used_up

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "99999999999999"}, 999999999.0),
        ({"retry-after": formatdate(NOW + 60, usegmt=True)}, 60.0),
        ({"retry-after": formatdate(NOW - 60, usegmt=True)}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "²"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 90)}, 90.0),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(int(NOW) + 90)}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "tomorrow"}, None),
    ],
)
def test_a_host_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_delay(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "headers", "used_up"),
    [
        (429, {}, True),
        (403, {}, False),
        (403, {"retry-after": "60"}, True),
        (403, {"x-ratelimit-remaining": "0"}, True),
        (403, {"x-ratelimit-remaining": "12"}, False),
        (200, {"x-ratelimit-remaining": "0"}, False),
    ],
)
def test_too_many_requests_is_told_from_a_refusal(status: int, headers: dict[str, str], used_up: bool) -> None:
    assert limit_is_used_up(status, headers) == used_up


def test_waits_double_up_to_a_bound() -> None:
    patience = Patience(first_delay=0.5, longest_wait=3)
    assert [patience.backoff(attempt) for attempt in range(5)] == [0.5, 1.0, 2.0, 3.0, 3.0]


def test_no_step_takes_longer_than_what_is_left() -> None:
    timeout = Patience(connect=8, read=20).timeout(5.0)
    assert (timeout.connect_timeout, timeout.read_timeout) == (5.0, 5.0)
    assert Patience().timeout(-1.0).connect_timeout == pytest.approx(0.001)
