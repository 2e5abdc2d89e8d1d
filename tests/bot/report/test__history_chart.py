from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.report._history_chart import HEIGHT, Chart, draw
from bot.scorecard import Report
from tests.support.entries import entry_of, with_history
from tests.support.reports import AS_OF, sample_report, unjudged_report


def _drawn(report: Report) -> Chart:
    chart = draw(report)
    assert chart
    return chart


def test_without_a_history_there_is_no_chart() -> None:
    assert draw(sample_report()) is None


def test_higher_scores_stand_higher_and_later_ones_further_right() -> None:
    entries = (entry_of(AS_OF - timedelta(days=20), 0.0), entry_of(AS_OF - timedelta(days=10), 100.0))
    chart = _drawn(replace(sample_report(), history=entries))
    assert [(point.x, point.y) for point in chart.points[:2]] == [("2.00", f"{HEIGHT}.0"), ("50.00", "0.0")]
    assert chart.points[2].x == "98.00"
    assert chart.points[0].text.startswith("2026-11-02: 0 (F), between 0 and 5")


def test_this_scan_stands_at_the_end_once() -> None:
    report = with_history(sample_report(), 3)
    card = report.scorecard
    assert len(_drawn(report).points) == 4
    last = entry_of(AS_OF, card.score, low=card.low, high=card.high, grade=card.grade, ruleset=report.ruleset)
    assert len(_drawn(replace(report, history=(*report.history, last))).points) == 4
    assert len(_drawn(replace(unjudged_report(), history=report.history)).points) == 3


def test_the_bands_of_the_grades_fill_the_whole() -> None:
    chart = _drawn(with_history(sample_report(), 1))
    assert [band.grade for band in chart.bands] == ["A", "B", "C", "D", "E", "F"]
    assert sum(band.height for band in chart.bands) == HEIGHT
    assert all(
        upper.top + upper.height == lower.top for upper, lower in zip(chart.bands, chart.bands[1:], strict=False)
    )


def test_another_ruleset_is_marked_where_it_begins() -> None:
    chart = _drawn(with_history(sample_report(), 4))
    assert [(mark.x, mark.text) for mark in chart.breaks] == [(chart.points[2].x, "ruleset 1")]


def test_scans_of_one_day_have_a_width() -> None:
    chart = _drawn(replace(sample_report(), history=(entry_of(AS_OF),)))
    assert {point.x for point in chart.points} == {"2.00"}
    assert [tick.text for tick in chart.ticks] == [AS_OF.isoformat()]


def test_the_days_below_are_few_and_hold_the_first_and_the_last() -> None:
    chart = _drawn(with_history(sample_report(), 120))
    assert [tick.text for tick in chart.ticks][:: len(chart.ticks) - 1] == ["2024-08-04", "2026-11-22"]
    assert len(chart.ticks) == 5
