from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.docker.ending_base_image import check
from analyzers.config import Docker
from tests.support.images import evidence, findings


def test_an_announced_end_is_named_with_its_days() -> None:
    (found,) = findings(check, evidence("FROM php:8.2-fpm\n", tags={"php": "8.2-fpm 8.4-fpm 8.5-rc-fpm"}))
    assert found.title == "PHP 8.2 ends on 2026-12-31"
    assert found.message == (
        "FROM php:8.2-fpm rests on PHP 8.2, which ends on 2026-12-31 (in 39 days). Move to php:8.4-fpm."
    )
    assert (found.minutes, found.exposure, found.fix.to) == (120, 0.5, "8.4-fpm")
    assert found.details["days_left"] == 39


@pytest.mark.parametrize(
    ("as_of", "days", "count"),
    [
        ("2026-10-01", 90, 0),
        ("2026-10-02", 90, 1),
        ("2026-12-31", 90, 1),
        ("2027-01-01", 90, 0),
        ("2026-10-01", 120, 1),
        ("2026-12-31", 0, 1),
        ("2026-12-30", 0, 0),
    ],
)
def test_the_window_is_the_configured_one_and_ends_with_the_end(as_of: str, days: int, count: int) -> None:
    day = date.fromisoformat(as_of)
    known = evidence("FROM php:8.2\n", as_of=day, looked_up=day, docker=Docker(ending_days=days))
    assert len(findings(check, known)) == count


def test_the_end_of_what_supports_its_newest_release_alone_is_not_announced() -> None:
    day = date(2026, 8, 1)
    assert findings(check, evidence("FROM rust:1.97\n", as_of=day, looked_up=day)) == []


def test_the_last_day_says_today() -> None:
    day = date(2026, 12, 31)
    (found,) = findings(check, evidence("FROM php:8.2\n", as_of=day, looked_up=day))
    assert "(today)" in found.message


def test_a_line_without_known_end_is_not_announced() -> None:
    assert findings(check, evidence("FROM golang:1.27\nFROM node:lts\nFROM nobody/knows:1\n")) == []
