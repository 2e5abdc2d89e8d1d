from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.past import past_rows
from bot.store.model import Entry, GroupEntry
from tests.support.entries import entry_of

DAY = date(2026, 11, 23)


def _entries(*scores: float) -> list[Entry]:
    return [entry_of(DAY + timedelta(weeks=week), score) for week, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (70.0, 71.8, "+1.8"),
        (71.8, 70.0, "−1.8"),
        (70.0, 70.0, "0"),
        (70.01, 70.02, "+< 0.1"),
        (70.02, 70.01, "−< 0.1"),
        # 69.9 to 70 as shown, though exactly it is less.
        (69.98, 70.01, "+0.1"),
    ],
)
def test_a_change_is_that_of_the_shown_scores(before: float, after: float, shown: str) -> None:
    assert [row.change for row in past_rows(_entries(before, after))] == ["", shown]


def test_what_took_the_score_is_told_worst_first_and_sums_to_what_is_missing() -> None:
    shares = (("docker", 10.04), ("dependencies", 20.06), ("hotspots", 0.0), ("actions", 0.02))
    groups = tuple(GroupEntry(group=name, score_lost=lost, findings=1, points=1) for name, lost in shares)  # type: ignore[arg-type]
    (row,) = past_rows([entry_of(DAY, 69.88, groups=groups)])
    assert row.lost == "dependencies −20.1, docker −10.1, actions < 0.1"


def test_scores_of_two_rulesets_are_marked() -> None:
    entries = [
        entry_of(DAY),
        entry_of(DAY + timedelta(days=7), ruleset="2"),
        entry_of(DAY + timedelta(days=8), ruleset="2"),
    ]
    assert [row.note for row in past_rows(entries)] == ["", "ruleset 2", ""]


def test_nothing_has_no_rows() -> None:
    assert past_rows(()) == ()
