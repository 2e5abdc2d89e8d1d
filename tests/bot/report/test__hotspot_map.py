from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest

from analyzers.model.history import Coupling
from bot.markup import templates_folder
from bot.report import _hotspot_map
from bot.report._hotspot_map import HotspotMap
from bot.scorecard import FileSize, Hotspot


def size(path: str, lines: int = 100, points: int = 0, revisions: int = 0, **further: Any) -> FileSize:  # noqa: ANN401 - as FileSize's
    return FileSize(path=path, lines=lines, revisions=revisions, complexity=7, points=points, **further)


def spot(path: str) -> Hotspot:
    return Hotspot(
        path=path,
        function="Shop.buy",
        line=12,
        complexity=34,
        revisions=21,
        authors=7,
        lines=90,
        points=240,
        reasons=("complexity 34", "growing since March"),
        trend=(1, 2),
        complexities=(None, 30, 34),
    )


def pair(one: str, other: str) -> Coupling:
    return Coupling(one=one, other=other, together=6, one_revisions=8, other_revisions=12)


def built(*files: FileSize, **further: Any) -> HotspotMap:  # noqa: ANN401 - as build's
    found = _hotspot_map.build(files, **further)
    assert found is not None
    return found


def tree(found: HotspotMap) -> Any:  # noqa: ANN401 - nested lists
    return json.loads(json.dumps(found.data["tree"]))


def test_without_a_line_of_code_there_is_no_map() -> None:
    assert _hotspot_map.build([size("a.py", 0)]) is None


def test_folders_hold_their_files_and_each_file_its_figures() -> None:
    busy = size(
        "src/b.py",
        400,
        480,
        21,
        authors=7,
        fixes=3,
        months=(9, 12),
        most_complex=34,
        most_complex_function="Shop.buy",
        main_author="Ada",
        main_share=0.643,
        authors_ever=12,
        authors_gone=5,
    )
    found = built(busy, size("src/a.py", 10), size("c.py"), size("none.py", 0))
    figures = ["b.py", 400, 480, 7, 34, "Shop.buy", 21, 7, 3, "9c", 1, 64, 12, 5]
    assert tree(found) == ["", [["src", [["a.py", 10, 0, 7], figures]], ["c.py", 100, 0, 7]]]
    assert found.data["people"] == ["Ada"]
    assert found.numbers == {"src/a.py": 0, "src/b.py": 1, "c.py": 2}
    assert (found.files, found.left_out) == (3, 0)


def test_months_with_more_commits_than_a_digit_can_say_are_a_list() -> None:
    found = built(size("a.py", revisions=99, months=(36, 35)), size("b.py", revisions=35, months=(0, 35)))
    assert [file[9] for file in tree(found)[1]] == [[36, 35], "0z"]


def test_a_folder_that_only_holds_another_is_drawn_as_one() -> None:
    found = built(size("src/main/java/A.java"), size("src/main/java/B.java"), size("web/c.js"))
    assert [child[0] for child in tree(found)[1]] == ["src/main/java", "web"]


def test_hotspots_and_couplings_name_files_by_number_and_what_is_not_drawn_by_path() -> None:
    found = built(
        size("a/one.py"),
        size("b/two.py"),
        hotspots=[spot("b/two.py"), spot("gone.py")],
        couplings=[pair("a/one.py", "b/two.py"), pair("b/two.py", "docs/\u202eguide.md")],
    )
    reason = "Complexity 34, growing since March."
    assert found.data["hotspots"] == [[1, "Shop.buy", 12, 34, 240, reason, [None, 30, 34]]]
    assert found.data["couplings"] == [[0, 1, 6, 8, 12], [1, "docs/\\u202eguide.md", 6, 8, 12]]


def test_hotspots_that_the_figures_do_not_name_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_hotspot_map, "MAX_HOTSPOTS", 2)
    hotspots = [spot("a.py"), spot("a.py"), spot("a.py")]
    assert built(size("a.py"), hotspots=hotspots).unnamed == 1
    assert built(size("a.py"), hotspots=hotspots[:2]).unnamed == 0


def test_too_many_files_are_drawn_together_but_never_one_with_points() -> None:
    quiet = [size(f"src/area_{index % 5}/m{index}.py", 10 + index % 50) for index in range(3400)]
    found = built(*quiet, size("lib/hot.py", 1, points=480))
    assert found.files == 3401
    assert found.left_out == 401
    assert "lib/hot.py" in found.numbers
    folders = dict(tree(found)[1])
    together = [rest for _, files in folders["src"] for rest in files if isinstance(rest[0], int)]
    assert 1 <= len(together) <= 5
    assert sum(rest[0] for rest in together) == 401


def test_a_tree_as_deep_as_anyone_can_make_it_is_drawn() -> None:
    deep = [size("/".join(["d"] * depth + ["f.py"])) for depth in range(1, 900, 7)]
    found = built(*deep)
    assert len(found.numbers) == len(deep)
    assert len(json.dumps(found.data)) < 40_000


def test_names_are_made_visible_and_short() -> None:
    far = "a\u202e" + "x" * 5000
    found = built(size(f"{far}.py", main_author=far, most_complex_function=far), size("b.py"))
    text = json.dumps(found.data, ensure_ascii=False)
    assert "\u202e" not in text
    assert len(text) < 700


def test_the_same_files_in_another_order_give_the_same_map() -> None:
    files = [size(f"p{index % 4}/f{index}.py", 1 + index * 37 % 90) for index in range(60)]
    assert _hotspot_map.build(files) == _hotspot_map.build(files[::-1])


def lightness(colour: str) -> float:
    """Return CIE L* of a colour as ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
    return float(116 * luminance ** (1 / 3) - 16)


@pytest.mark.parametrize(("scheme", "sign"), [(0, -1), (1, 1)], ids=["light", "dark"])
def test_the_colours_of_the_steps_can_be_told_apart_by_their_lightness_alone(scheme: int, sign: int) -> None:
    styles = (templates_folder() / "report.css").read_text(encoding="utf-8")
    steps = [lightness(re.findall(rf"--p{step}: (#\w{{6}});", styles)[scheme]) for step in range(6)]
    assert len(steps) == len(_hotspot_map.STEPS) + 1
    assert all(sign * (after - before) > 9 for before, after in pairwise(steps))
