from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyzers.model.skipped import Skipped
from bot.report import _page
from bot.scorecard import BestFix, Grade, Report, Scorecard
from tests.support.reports import AS_OF, empty_report, sample_report

SAMPLE = sample_report()


def card(score: float, grade: Grade, *steps: tuple[float, Grade]) -> Scorecard:
    best = tuple(
        BestFix(
            title="x", fingerprints=("f",), points=1, minutes=1, score_won=1.0, score_after=after, grade_after=letter
        )
        for after, letter in steps
    )
    return replace(SAMPLE.scorecard, score=score, grade=grade, best=best)


@pytest.mark.parametrize(
    ("scorecard", "sentence"),
    [
        (card(50, "D"), ""),
        (card(50, "D", (56, "C")), "This one takes you from D to C."),
        (card(50, "D", (52, "D"), (54, "D"), (56, "C")), "These three take you from D to C."),
        (card(50, "D", (52, "D"), (56, "C"), (57, "C")), "The first two take you from D to C."),
        (card(50, "D", (56, "C"), (57, "C")), "The first one takes you from D to C."),
        (card(50, "D", (51.5, "D")), "This one raises the score from 50 to 51.5."),
        (card(50, "D", (51, "D"), (52, "D")), "These two raise the score from 50 to 52."),
    ],
)
def test_the_promise_of_the_best_fixes_names_the_fewest_steps(scorecard: Scorecard, sentence: str) -> None:
    assert _page.promise(scorecard) == sentence


def test_losses_as_shown_sum_to_what_the_shown_score_is_short_of() -> None:
    missing, shares = _page.shares(SAMPLE.scorecard)
    shown = sum(float(lost.removeprefix("−")) for share, lost in shares if share.findings)
    assert f"{shown:.1f}" == missing
    assert float(missing) == pytest.approx(100 - SAMPLE.scorecard.score, abs=0.1)


def ending(*days: tuple[str, str]) -> Report:
    rows = tuple(
        replace(row, finding=replace(row.finding, details={"end_of_life": day, "product": product}))
        for row, (day, product) in zip(SAMPLE.findings, days, strict=False)
    )
    return replace(SAMPLE, findings=rows)


def test_ends_stand_in_the_order_of_their_dates_and_one_thing_once() -> None:
    found = _page.ends(
        ending(("2027-01-01", "Alpine 3.21"), ("2020-01-01", "Python 2.7"), ("2020-01-01", "python 2.7"))
    )
    assert [(end.title, end.day.year, len(end.places)) for end in found] == [
        ("Python 2.7", 2020, 2),
        ("Alpine 3.21", 2027, 1),
    ]


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today is its last day"), (-1, "1 day ago"), (40, "in 40 days"), (-1000, "2.7 years ago")]
)
def test_how_far_away_an_end_is(days: int, words: str) -> None:
    (end,) = _page.ends(ending(((AS_OF + timedelta(days)).isoformat(), "x")))
    assert end.when == words


@pytest.mark.parametrize(
    ("details", "title"),
    [
        ({"product": "nodejs", "cycle": "18"}, "nodejs 18"),
        ({"product": "Node.js 18"}, "Node.js 18"),
        ({"cycle": "3.8"}, "python 3.8"),
        ({}, "python >=3.8"),
    ],
)
def test_an_end_is_named_by_what_ends(details: dict[str, str], title: str) -> None:
    row = SAMPLE.findings[0]
    subject = replace(row.finding.subject, name="python", current=">=3.8")
    finding = replace(row.finding, subject=subject, details={"removed": "2025-01-01", **details})
    (end,) = _page.ends(replace(SAMPLE, findings=(replace(row, finding=finding),)))
    assert end.title == title


def test_a_detail_that_is_no_date_is_no_end() -> None:
    assert _page.ends(ending(("soon", "x"), ("2025-13-01", "y"))) == ()


@pytest.mark.parametrize("days", [[0], [-4000, 9000], [5], [-1]])
def test_the_time_line_holds_every_end_and_the_day_of_the_scan(days: list[int]) -> None:
    found = _page.ends(ending(*(((AS_OF + timedelta(count)).isoformat(), f"x{count}") for count in days)))
    line = _page.time_line(found, AS_OF)
    assert line is not None
    places = [*(tick.at for tick in (*line.ends, *line.years)), line.today]
    assert all(0 <= float(place) <= 100 for place in places)
    assert len(line.years) <= 20


def test_without_ends_there_is_no_time_line() -> None:
    assert _page.time_line((), date(2026, 1, 1)) is None


def test_what_was_skipped_is_gathered_by_reason_and_the_count_is_kept() -> None:
    many = [Skipped(what="file", path=f"{index:03}", reason="binary") for index in range(100)]
    first, second = _page.causes([*many, Skipped(what="look-up", source="pypi", reason="offline")])
    assert (first.reason, first.count, len(first.entries) + first.more) == ("binary", 100, 100)
    assert (second.reason, second.count) == ("offline", 1)


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
