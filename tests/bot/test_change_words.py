from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import change_words, score, wording
from bot.change import Change
from bot.change_items import PARTS, How, Item, Part
from tests.support.moved import sample_change

units = st.integers(-400_000, 400_000)


def change(own: float, world: float, rules: float, before: float = 61.2) -> Change:
    after = score.summed((before, own, world, rules))
    made = replace(sample_change(), score_before=before, score_after=after, own=own, world=world, rules=rules)
    return replace(made, grade_before="C", grade_after="C")


def test_the_headline_names_the_whole_and_its_parts() -> None:
    assert change_words.headline(change(0.3, -1.7, 0)) == "−1.4 since 2026-11-19: own +0.3, world −1.7, rules 0"


def test_a_new_grade_is_told() -> None:
    moved = replace(change(0.3, -7.7, 0), grade_after="D")
    assert change_words.headline(moved) == "−7.4, C to D, since 2026-11-19: own +0.3, world −7.7, rules 0"


def test_what_cancels_is_unchanged_and_still_told() -> None:
    said = change_words.headline(change(0.5, -0.5, 0))
    assert said == "unchanged since 2026-11-19: own +0.5, world −0.5, rules 0"
    assert change_words.headline(replace(change(0, 0, 0), items=())) == "unchanged since 2026-11-19"


def test_why_a_change_is_not_split_is_told() -> None:
    lost = replace(change(0, -1.4, 0), world=0.0, items=(), unsplit="the Facts of then are not kept any more")
    assert change_words.headline(lost) == "−1.4 since 2026-11-19, not split: the Facts of then are not kept any more"


@given(st.integers(0, 1_000_000), units, units, units)
def test_figures_sum_as_they_are_shown(before: int, own: int, world: int, rules: int) -> None:
    parts = own, world, rules
    after = before + sum(parts)
    if not 0 <= after <= 1_000_000:
        return
    made = change(own / score.UNIT, world / score.UNIT, rules / score.UNIT, before / score.UNIT)
    whole, shown = change_words.figures(made)
    tenths = wording.tenths(made.score_after) - wording.tenths(made.score_before)
    assert _tenths(whole) == tenths == sum(_tenths(text) for text in shown.values())
    for part, exact in zip(PARTS, parts, strict=True):
        assert (shown[part] == "0") == (exact == 0)
        assert abs(_tenths(shown[part]) - exact / 1000) <= 1


def _tenths(text: str) -> int:
    if text in {"0", "< +0.1", "> −0.1"}:
        return 0
    return round(float(text.replace("−", "-")) * 10)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (0.04, "< +0.1"), (-0.04, "> −0.1"), (0.06, "+0.1"), (-12.34, "−12.3")]
)
def test_a_difference_has_a_sign_and_is_never_nothing(value: float, shown: str) -> None:
    assert change_words.signed(value) == shown


@pytest.mark.parametrize(
    ("how", "part", "said"),
    [
        ("came", "own", "new: a ended"),
        ("came", "world", "a ended"),
        ("went", "own", "mended: a ended"),
        ("went", "world", "no longer so: a ended"),
        ("heavier", "world", "weighs more: a ended"),
        ("lighter", "own", "weighs less: a ended"),
        ("accepted", "own", "accepted: a ended"),
        ("exposed", "world", "no longer accepted: a ended"),
        ("unknown", "world", "cannot be judged any more: a ended"),
        ("known", "world", "could not be judged before: a ended"),
        ("formula", "rules", "a ended"),
    ],
)
def test_an_item_says_what_became_of_it(how: How, part: Part, said: str) -> None:
    item = Item(part=part, how=how, title="a ended", points=1440, score=-1.0)
    assert change_words.sentence(item) == said
    assert change_words.sentence(replace(item, since=date(2026, 11, 20))) == f"{said}, since 2026-11-20"
    assert [change_words.points(replace(item, points=points)) for points in (1440, -20, 0)] == ["+1,440", "−20", "0"]
