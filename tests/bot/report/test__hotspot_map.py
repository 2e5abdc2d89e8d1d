from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.report import _hotspot_map
from bot.report._hotspot_map import HotspotMap, Mark
from bot.scorecard import FileSize


def size(path: str, lines: int = 100, points: int = 0, revisions: int = 0) -> FileSize:
    return FileSize(path=path, lines=lines, revisions=revisions, complexity=7, points=points)


def drawn(*files: FileSize) -> HotspotMap:
    found = _hotspot_map.draw(files)
    assert found is not None
    return found


def walk(names: list[Any], marks: list[Mark], at: int, parent: Mark | None) -> int:
    """Check that circle ``at`` lies in its parent; return the index after it and all it holds."""
    mark = marks[at]
    if parent is not None:
        apart = math.dist((float(mark.x), float(mark.y)), (float(parent.x), float(parent.y)))
        assert apart + float(mark.r) <= float(parent.r) + 0.5
    following = at + 1
    if mark.style == "d":
        for child in names[1]:
            following = walk(child, marks, following, mark)
    return following


PATHS = st.lists(st.sampled_from(["a", "b", "src", "x y", "é"]), min_size=1, max_size=4).map("/".join)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(PATHS.map(lambda path: f"{path}.py"), st.integers(0, 5000), min_size=1, max_size=30))
def test_every_circle_lies_in_its_folder_and_the_names_follow_the_circles(lines: dict[str, int]) -> None:
    found = _hotspot_map.draw([size(path, count) for path, count in lines.items()])
    if not any(lines.values()):
        assert found is None
        return
    assert found is not None
    assert walk(found.names, list(found.marks), 0, None) == len(found.marks)
    assert sum(mark.style.startswith("p") for mark in found.marks) == sum(count > 0 for count in lines.values())


@pytest.mark.parametrize(
    ("points", "style"), [(0, "p0"), (1, "p1"), (30, "p2"), (120, "p3"), (239, "p3"), (240, "p4"), (480, "p5")]
)
def test_the_colour_steps_up_with_the_points(points: int, style: str) -> None:
    assert drawn(size("a.py", points=points)).marks[1].style == style


def test_a_folder_that_only_holds_another_is_drawn_as_one() -> None:
    found = drawn(size("src/main/java/A.java"), size("src/main/java/B.java"), size("web/c.js"))
    assert [child[0] for child in found.names[1]] == ["src/main/java", "web"]  # type: ignore[attr-defined]  # nested lists


def test_area_goes_with_lines() -> None:
    marks = drawn(size("a.py", 100), size("b.py", 400)).marks
    big, small = sorted((float(mark.r) for mark in marks if mark.style == "p0"), reverse=True)
    assert big / small == pytest.approx(2, rel=0.01)


def test_too_many_files_are_drawn_together_but_never_one_with_points() -> None:
    quiet = [size(f"src/area_{index % 5}/m{index}.py", 10 + index % 50) for index in range(3400)]
    hot = [size("lib/hot.py", 1, points=480)]
    found = drawn(*quiet, *hot)
    assert found.files == 3401
    assert found.left_out == 401
    assert sum(mark.style == "p5" for mark in found.marks) == 1
    rest = [mark for mark in found.marks if mark.style == "r"]
    assert 1 <= len(rest) <= 5
    assert len(found.marks) < 3100


def test_a_tree_as_deep_as_anyone_can_make_it_is_drawn() -> None:
    deep = [size("/".join(["d"] * depth + ["f.py"])) for depth in range(1, 900, 7)]
    found = drawn(*deep)
    assert sum(mark.style == "p0" for mark in found.marks) == len(deep)
    assert len(json.dumps(found.names)) < 40_000


def test_names_are_made_visible_and_short() -> None:
    found = drawn(size("a\u202e" + "x" * 5000 + ".py"), size("b.py"))
    text = json.dumps(found.names, ensure_ascii=False)
    assert "\u202e" not in text
    assert len(text) < 400


def test_the_same_files_in_another_order_give_the_same_map() -> None:
    files = [size(f"p{index % 4}/f{index}.py", 1 + index * 37 % 90) for index in range(60)]
    assert _hotspot_map.draw(files) == _hotspot_map.draw(files[::-1])
