from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.ends import ends_of
from tests.support.reports import AS_OF, ending, sample_report

SAMPLE = sample_report()


def test_ends_stand_in_the_order_of_their_dates_and_one_thing_once() -> None:
    found = ends_of(ending(("2027-01-01", "Alpine 3.21"), ("2020-01-01", "Python 2.7"), ("2020-01-01", "python 2.7")))
    assert [(end.title, end.day.year, len(end.places)) for end in found] == [
        ("Python 2.7", 2020, 2),
        ("Alpine 3.21", 2027, 1),
    ]


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today is its last day"), (-1, "1 day ago"), (40, "in 40 days"), (-1000, "2.7 years ago")]
)
def test_how_far_away_an_end_is(days: int, words: str) -> None:
    (end,) = ends_of(ending(((AS_OF + timedelta(days)).isoformat(), "x")))
    assert end.when == words


@pytest.mark.parametrize(
    ("details", "title"),
    [
        ({"product": "nodejs", "cycle": "18"}, "nodejs 18"),
        ({"product": "Node.js 18"}, "Node.js 18"),
        ({"cycle": "3.8"}, "python 3.8"),
        ({}, "python >=3.8"),
    ],
)
def test_an_end_is_named_by_what_ends(details: dict[str, str], title: str) -> None:
    row = SAMPLE.findings[0]
    subject = replace(row.finding.subject, name="python", current=">=3.8")
    finding = replace(row.finding, subject=subject, details={"removed": "2025-01-01", **details})
    (end,) = ends_of(replace(SAMPLE, findings=(replace(row, finding=finding),)))
    assert end.title == title


def test_a_detail_that_is_no_date_is_no_end() -> None:
    assert ends_of(ending(("soon", "x"), ("2025-13-01", "y"))) == ()
