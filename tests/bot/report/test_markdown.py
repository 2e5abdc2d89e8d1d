from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options as CmarkOptions

from bot.assemble import build
from bot.report import markdown
from bot.report.renderer import Options
from bot.scorecard import Report
from tests.support.moved import changed_report
from tests.support.reports import (
    HOSTILE_NAMES,
    SCANNED_AT,
    empty_report,
    perfect_report,
    sample_report,
    sample_result,
    unjudged_report,
)
from tests.support.snapshots import assert_snapshot

FIXTURES = Path(__file__).parent / "fixtures" / "markdown"
REPORTS = [sample_report, changed_report, empty_report, perfect_report, unjudged_report]
OWN_TAGS = {
    *("p", "h2", "h3", "strong", "table", "thead", "tbody", "tr", "th", "td", "code"),
    *("details", "summary", "sub", "br"),
}


def _html(text: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(text, options=CmarkOptions.CMARK_OPT_UNSAFE))


def _draw(report: Report, *, details: bool = False) -> str:
    return markdown.render(report, Options(details=details))


@pytest.mark.parametrize("make", REPORTS)
def test_the_scorecard_looks_as_it_did(make: Callable[[], Report]) -> None:
    assert_snapshot(FIXTURES / f"{make.__name__}.md", _draw(make()))


@pytest.mark.parametrize("make", REPORTS)
def test_it_renders_to_our_own_elements_only(make: Callable[[], Report]) -> None:
    rendered = _html(_draw(make()))
    assert set(re.findall(r"</?([a-z0-9]+)", rendered)) <= OWN_TAGS
    assert set(re.findall(r"<[a-z0-9]+ ([^>]*)>", rendered)) <= {'align="right"'}


def test_every_row_has_the_cells_of_its_table() -> None:
    for table in re.findall(r"<table>.*?</table>", _html(_draw(changed_report())), re.DOTALL):
        head, *rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        assert rows
        assert {row.count("<td") for row in rows} == {head.count("<th")}


def test_nobody_is_mentioned_and_nothing_referred_to() -> None:
    outside_code = re.sub(r"<code>.*?</code>", "", _html(_draw(changed_report())))
    assert not re.search(r"[@#]\w", html.unescape(outside_code))


def test_hostile_names_are_shown_whole() -> None:
    shown = html.unescape(_html(_draw(sample_report())))
    for name in HOSTILE_NAMES:
        if name.isprintable() and len(name) < 100:
            assert f"<code>{name}:" in shown


@pytest.mark.parametrize("copies", [1, 20, 100])
def test_it_fits_into_an_issue_whatever_was_found(copies: int) -> None:
    result = sample_result()
    findings = tuple(
        replace(entry, path=f"{'|' * 150}{copy}/{entry.path}", title="`" * 400, identity=f"{copy}{entry.identity}")
        for copy in range(copies)
        for entry in result.findings
    )
    report = build(replace(result, findings=findings), scanned_at=SCANNED_AT)
    text = _draw(report)
    assert len(text) <= markdown.MOST
    assert f"hold all {60 * copies}." in text or copies == 1
    assert text.endswith("</sub>\n")


def test_findings_fold_unless_details_are_asked_for() -> None:
    assert "<details><summary>60 findings" in _draw(sample_report())
    assert "<details open><summary>60 findings, 60 of them new" in _draw(
        sample_report(baseline=frozenset()), details=True
    )


def test_without_judgement_there_is_no_grade() -> None:
    for report in (empty_report(), unjudged_report()):
        assert _draw(report).startswith("## Technical debt: not judged\n")
