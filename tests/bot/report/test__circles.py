from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.report import _circles
from bot.report._circles import Circle

RADII = st.lists(st.floats(min_value=0.5, max_value=500), min_size=1, max_size=60)


@settings(deadline=None, max_examples=100)
@given(RADII)
def test_no_two_circles_overlap_and_each_keeps_its_radius(radii: list[float]) -> None:
    packed = _circles.pack(radii)
    assert [circle.r for circle in packed] == radii
    for index, one in enumerate(packed):
        for two in packed[:index]:
            gap = math.dist((one.x, one.y), (two.x, two.y)) - one.r - two.r
            assert gap > -1e-3 * max(one.r, two.r)


@settings(deadline=None, max_examples=100)
@given(RADII)
def test_the_enclosing_circle_holds_all_and_little_more(radii: list[float]) -> None:
    packed = _circles.pack(sorted(radii, reverse=True))
    around = _circles.enclosing(packed)
    for circle in packed:
        assert math.dist((around.x, around.y), (circle.x, circle.y)) + circle.r <= around.r * (1 + 1e-9)
    widest = max(
        math.dist((one.x, one.y), (two.x, two.y)) + one.r + two.r if one is not two else 2 * one.r
        for one in packed
        for two in packed
    )
    # By Jung's theorem the smallest one is at most 1.155 times half the widest extent.
    assert around.r <= widest / 2 * 1.155 * 1.06


def test_nothing_packs_to_nothing_and_one_lies_in_the_middle() -> None:
    assert _circles.pack([]) == []
    assert _circles.pack([3.0]) == [Circle(0.0, 0.0, 3.0)]
    assert _circles.enclosing([Circle(1.0, 2.0, 3.0)]) == Circle(1.0, 2.0, 3.0)


def test_many_circles_fill_most_of_their_enclosure() -> None:
    radii = [1 + (index * 7919) % 101 / 10 for index in range(1500)]
    packed = _circles.pack(radii)
    around = _circles.enclosing(packed)
    assert sum(radius * radius for radius in radii) / around.r**2 > 0.75


def test_the_same_radii_give_the_same_places() -> None:
    radii = [5.0, 4.0, 4.0, 3.0, 1.0]
    assert _circles.pack(radii) == _circles.pack(radii)


def test_small_circles_gather_all_around_a_big_one() -> None:
    packed = _circles.pack([100.0] + [5.0] * 200)
    around = _circles.enclosing(packed)
    assert math.dist((around.x, around.y), (packed[0].x, packed[0].y)) < 15
