from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyzers.model.skipped import Skipped
from bot.ends import ends_of
from bot.report import _page
from tests.support.reports import AS_OF, empty_report, ending, sample_report

SAMPLE = sample_report()


def test_losses_as_shown_sum_to_what_the_shown_score_is_short_of() -> None:
    missing, shares = _page.shares(SAMPLE.scorecard)
    shown = sum(float(lost.removeprefix("−")) for share, lost in shares if share.findings)
    assert f"{shown:.1f}" == missing
    assert float(missing) == pytest.approx(100 - SAMPLE.scorecard.score, abs=0.1)


@pytest.mark.parametrize("days", [[0], [-4000, 9000], [5], [-1]])
def test_the_time_line_holds_every_end_and_the_day_of_the_scan(days: list[int]) -> None:
    found = ends_of(ending(*(((AS_OF + timedelta(count)).isoformat(), f"x{count}") for count in days)))
    line = _page.time_line(found, AS_OF)
    assert line is not None
    places = [*(tick.at for tick in (*line.ends, *line.years)), line.today]
    assert all(0 <= float(place) <= 100 for place in places)
    assert len(line.years) <= 20


def test_without_ends_there_is_no_time_line() -> None:
    assert _page.time_line((), date(2026, 1, 1)) is None


def test_what_is_left_out_on_purpose_is_no_doubt() -> None:
    deliberate = tuple(Skipped(what="file", path="x", reason=reason) for reason in ("vendored", "generated", "ignored"))
    assert _page.doubts(replace(empty_report(), skipped=deliberate)) == ""
    assert _page.doubts(replace(empty_report(), skipped=(Skipped(what="rule", reason="rule-failed"),))) == (
        "1 rule could not run"
    )


def test_the_inventory_is_bounded_and_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_page, "MAX_DEPENDENCIES", 3)
    worlds = _page.worlds(SAMPLE.inventory.dependencies)
    assert sum(len(world.dependencies) for world in worlds) == 3
    assert sum(world.count for world in worlds) == len(SAMPLE.inventory.dependencies)
    assert all(world.more == world.count - len(world.dependencies) for world in worlds)


def test_a_best_fix_leads_to_a_finding_that_the_page_lists() -> None:
    fix = replace(SAMPLE.scorecard.best[0], fingerprints=("gone", SAMPLE.findings[3].fingerprint))
    assert list(_page.fixes([fix], SAMPLE.findings)) == [(fix, SAMPLE.findings[3].fingerprint)]
    lost = replace(fix, fingerprints=("gone",))
    assert list(_page.fixes([lost], SAMPLE.findings)) == [(lost, "")]


def test_every_rule_that_the_page_links_to_has_its_page() -> None:
    pages = {page.id: page for page in _page.rule_pages(SAMPLE)}
    assert set(pages) >= {row.finding.rule for row in SAMPLE.findings}
    assert "archived-dependency" in pages
    known = pages["retired-runner"]
    assert known.rule is not None
    assert known.rule.remediation
