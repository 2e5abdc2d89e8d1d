from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.hotspots import HotspotReport
from bot.report import hotspots_terminal
from bot.report.renderer import Options
from tests.support.hotspots import empty_hotspots, quiet_hotspots, sample_hotspots
from tests.support.snapshots import assert_snapshot

FIXTURES = Path(__file__).parent / "fixtures" / "hotspots"
REPORTS = [sample_hotspots, empty_hotspots, quiet_hotspots]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def draw(report: HotspotReport, width: int = 100, *, files: bool = False) -> str:
    return hotspots_terminal.render(report, Options(width=width, files_first=files))


@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("width", [80, 120])
def test_it_looks_as_it_did(make: Callable[[], HotspotReport], width: int) -> None:
    assert_snapshot(FIXTURES / f"{make.__name__}-{width}.txt", draw(make(), width))


def test_files_first_looks_as_it_did() -> None:
    assert_snapshot(FIXTURES / "files-120.txt", draw(sample_hotspots(top=4), 120, files=True))


@pytest.mark.parametrize("width", [1, 40, 57, 72, 109, 120, 200])
@pytest.mark.parametrize("files", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, files: bool) -> None:
    text = draw(sample_hotspots(), width, files=files)
    assert max(cell_len(line) for line in text.split("\n")) <= max(40, width)


@pytest.mark.parametrize("files", [False, True])
def test_nothing_in_a_name_reaches_the_terminal_as_a_command(files: bool) -> None:
    plain = draw(sample_hotspots(), files=files)
    assert all(char == "\n" or char.isprintable() for char in plain)
    coloured = hotspots_terminal.render(sample_hotspots(), Options(colour=True, files_first=files))
    assert coloured != plain
    assert ANSI.sub("", coloured).split() == plain.split()


def test_the_first_screen_answers_what_why_how_much_who_and_what_with_it() -> None:
    screen = "\n".join(draw(sample_hotspots(), 120).split("\n")[:24])
    for answer in (
        "App.send  shop/app/base.py:120",
        "changed in 30 commits by 7 people in 12 months",
        "5.5 h of work",
        "Ada Lovelace, 62 % of its commits; 15 of 23 authors gone for a year",
        "shop/worker/loops.py, in 14 of 46 commits",
        "lines 131–160 (for, complexity 14) and 170–182 (if, 6)",
        "tests/test_base.py, tests/test_|`x`.py and 5 more",
    ):
        assert answer in screen


def test_rows_beyond_the_top_are_counted() -> None:
    text = draw(sample_hotspots(top=3))
    assert "and 10 more: debtscan hotspots --top 0" in text
    assert "  3. " in text
    assert "  4. " not in text
    assert "more: debtscan" not in draw(sample_hotspots(top=0))


def test_what_git_cannot_tell_is_said() -> None:
    report = sample_hotspots()
    assert report.history is not None
    assert "counts are lower bounds" not in draw(report)
    shallow = replace(report, history=replace(report.history, complete=False))
    assert "The clone ends there, so all counts are lower bounds." in draw(shallow)


def test_files_lead_where_most_of_the_code_has_no_functions() -> None:
    report = sample_hotspots()
    assert draw(report).index("Split this first") < draw(report).index("By file, where")
    text = draw(replace(report, files=(*report.files, replace(report.elsewhere[0], lines=9000))))
    assert text.index("Most of the code") < text.index("By file, where") < text.index("Split this first")
    assert text.count("By file, where") == 1
