from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options as CmarkOptions

from bot.hotspots import HotspotReport
from bot.report import hotspots_markdown
from bot.report.renderer import Options
from tests.support.hotspots import empty_hotspots, quiet_hotspots, sample_hotspots
from tests.support.reports import HOSTILE_NAMES
from tests.support.snapshots import assert_snapshot

FIXTURES = Path(__file__).parent / "fixtures" / "hotspots"
REPORTS = [sample_hotspots, empty_hotspots, quiet_hotspots]
OWN_TAGS = {
    *("p", "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "code", "br"),
    *("details", "summary", "sub"),
}


def draw(report: HotspotReport, *, files: bool = False) -> str:
    return hotspots_markdown.render(report, Options(files_first=files))


def page(text: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(text, options=CmarkOptions.CMARK_OPT_UNSAFE))


@pytest.mark.parametrize("make", REPORTS)
def test_it_looks_as_it_did(make: Callable[[], HotspotReport]) -> None:
    assert_snapshot(FIXTURES / f"{make.__name__}.md", draw(make()))


@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("files", [False, True])
def test_it_renders_to_our_own_elements_only(make: Callable[[], HotspotReport], files: bool) -> None:
    rendered = page(draw(make(), files=files))
    assert set(re.findall(r"</?([a-z0-9]+)", rendered)) <= OWN_TAGS
    assert set(re.findall(r"<[a-z0-9]+ ([^>]*)>", rendered)) <= {'align="right"'}
    # In code, GitHub makes no mention of it.
    assert "@octocat" not in re.sub(r"<code>.*?</code>", "", rendered)


def test_every_row_has_the_cells_of_its_table() -> None:
    tables = re.findall(r"<table>.*?</table>", page(draw(sample_hotspots(), files=True)), re.DOTALL)
    assert len(tables) == 6
    for table in tables:
        head, *rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        assert rows
        assert {row.count("<td") for row in rows} == {head.count("<th")}


def test_hostile_names_are_shown_as_they_are() -> None:
    shown = html.unescape(re.sub(r"<[^>]*>|\u200b", "", page(draw(sample_hotspots(), files=True))))
    for path in HOSTILE_NAMES[:2]:
        assert path in shown
    assert "gnp.\\u202eyp" in shown


def test_a_list_ends_where_it_was_asked_to() -> None:
    text = draw(sample_hotspots(top=4))
    assert "and 9 more" in text
    assert "| 4 |" in text
    assert "| 5 |" not in text


def test_it_stays_within_what_an_issue_takes() -> None:
    report = sample_hotspots(top=0)
    many = replace(report, functions=report.functions * 300, files=report.files * 300, map=report.files)
    text = draw(many)
    assert len(text) <= 60_000
    assert re.search(r"and [\d,]+ more", text)
