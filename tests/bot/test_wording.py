from __future__ import annotations

import pytest

from bot import wording


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (90, "1.5 h"), (599, "10 h"), (7530, "126 h"), (120_000, "2,000 h")],
)
def test_work_is_shown_in_minutes_then_in_hours(minutes: int, shown: str) -> None:
    assert wording.work(minutes) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(100.0, "100"), (89.9999, "89.9"), (90.0, "90"), (44.1, "44.1"), (0.0, "0")]
)
def test_a_score_is_never_rounded_up_into_the_next_grade(value: float, shown: str) -> None:
    assert wording.score(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.0, "0.0"), (0.04, "< 0.1"), (0.1, "0.1"), (12.34, "12.3")])
def test_a_gain_too_small_to_show_is_not_zero(value: float, shown: str) -> None:
    assert wording.change(value) == shown


@pytest.mark.parametrize(("days", "shown"), [(1, "1 day"), (571, "571 days"), (1534, "4.2 years")])
def test_long_spans_are_shown_in_years(days: int, shown: str) -> None:
    assert wording.span(days) == shown


@pytest.mark.parametrize(
    ("parts", "shown"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_are_listed_as_in_a_sentence(parts: list[str], shown: str) -> None:
    assert wording.listed(parts) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 entries"), (1, "1 entry"), (1200, "1,200 entries")])
def test_one_of_a_thing_is_not_called_many(number: int, shown: str) -> None:
    assert wording.count(number, "entry", "entries") == shown


def test_names_are_visible_and_short() -> None:
    assert wording.name("a\u202eb") == "a\\u202eb"
    assert wording.name(None) == ""
    shortened = wording.name("start" + "x" * 5000 + "end")
    assert len(shortened) == 160
    assert shortened.startswith("start")
    assert shortened.endswith("end")
    assert wording.years(44.04) == "44"


@pytest.mark.parametrize(("said", "shown"), [("one thing", "One thing."), ("Done.", "Done."), ("", ".")])
def test_a_sentence_of_its_own_begins_large_and_ends(said: str, shown: str) -> None:
    assert wording.sentence(said) == shown


def test_steps_tell_nothing_from_a_little_and_from_what_is_not_known() -> None:
    assert wording.steps([0, 1, 50, 100]) == "▁▂▄█"
    assert wording.steps([None, 0, 7]) == " ▁█"
    assert wording.steps([0, 0]) == "▁▁"
    assert wording.steps([]) == ""
