from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.report import terminal
from bot.report.renderer import Options
from bot.scorecard import Report
from tests.support.moved import changed_report
from tests.support.reports import empty_report, perfect_report, sample_report, unjudged_report
from tests.support.snapshots import assert_snapshot

FIXTURES = Path(__file__).parent / "fixtures" / "terminal"
REPORTS = [sample_report, changed_report, empty_report, perfect_report, unjudged_report]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("width", [60, 100])
def test_the_scorecard_looks_as_it_did(make: Callable[[], Report], width: int) -> None:
    text = terminal.render(make(), Options(width=width))
    assert_snapshot(FIXTURES / f"{make.__name__}-{width}.txt", text)


def test_the_details_look_as_they_did() -> None:
    text = terminal.render(sample_report(baseline=frozenset()), Options(width=80, details=True))
    assert_snapshot(FIXTURES / "details-80.txt", text)


def test_the_inventory_looks_as_it_did() -> None:
    text = terminal.render_inventory(sample_report(), Options(width=80))
    assert_snapshot(FIXTURES / "inventory-80.txt", text)


@pytest.mark.parametrize("make", REPORTS)
@pytest.mark.parametrize("width", [1, 40, 57, 72, 120, 200])
@pytest.mark.parametrize("details", [False, True])
def test_no_line_is_wider_than_the_terminal(make: Callable[[], Report], width: int, details: bool) -> None:
    text = terminal.render(make(), Options(width=width, details=details))
    assert max(cell_len(line) for line in text.split("\n")) <= max(40, width)


@pytest.mark.parametrize("details", [False, True])
def test_nothing_in_a_name_reaches_the_terminal_as_a_command(details: bool) -> None:
    plain = terminal.render(changed_report(), Options(details=details))
    assert all(char == "\n" or char.isprintable() for char in plain)
    coloured = terminal.render(changed_report(), Options(details=details, colour=True))
    assert coloured != plain
    assert ANSI.sub("", coloured).split() == plain.split()


def test_the_environment_does_not_change_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = terminal.render(sample_report(), Options(colour=True))
    for name, value in {"NO_COLOR": "1", "COLUMNS": "33", "FORCE_COLOR": "1", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert terminal.render(sample_report(), Options(colour=True)) == expected


def test_details_name_every_finding_and_the_short_form_does_not() -> None:
    report = sample_report()
    details = terminal.render(report, Options(width=200, details=True))
    short = terminal.render(report, Options(width=200))
    assert details.count("complexity-hotspot ·") == 8
    assert "complexity-hotspot ·" not in short


def test_losses_too_small_to_show_are_not_nothing() -> None:
    report = sample_report()
    groups = tuple(
        replace(share, score_lost=0.01) if share.group == "actions" else share for share in report.scorecard.groups
    )
    text = terminal.render(replace(report, scorecard=replace(report.scorecard, groups=groups)), Options())
    assert re.search(r"actions .*< 0\.1", text)


def test_an_old_table_is_a_warning() -> None:
    text = terminal.render(sample_report(), Options(width=200))
    assert "The table lifecycles (endoflife.date) is of 2026-04-01, 235 days old." in text
    assert "The table actions" not in text


def test_without_judgement_there_is_no_grade() -> None:
    assert "of 100" not in terminal.render(unjudged_report(), Options())
    assert "of 100" not in terminal.render(empty_report(), Options())
    assert "Nothing could be judged" in terminal.render(unjudged_report(), Options())


def test_what_moved_the_score_is_listed_the_largest_first_and_bounded() -> None:
    report = changed_report()
    assert report.change
    short, whole = (terminal.render(report, Options(width=100, details=details)) for details in (False, True))
    assert "−1.3 since 2026-11-19: own +0.9, world −2.0, rules −0.2\n" in short
    assert f"and {len(report.change.items) - 5} more" in short
    assert f"and {len(report.change.items) - 20} more" in whole
    assert "What moved the score" not in terminal.render(sample_report(), Options())
