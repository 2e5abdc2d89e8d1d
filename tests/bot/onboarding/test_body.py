"""What the onboarding pull request says: how it stands, what would happen, how to answer; words stay words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analyzers.config import Config, Gate, Posts, UpgradeAutomerge, Upgrades
from analyzers.settings import Settings
from bot.onboarding.body import MOST, body, closed, parse
from bot.onboarding.model import Outlook
from bot.upgrade.model import Plan
from tests.support.harmless import assert_harmless
from tests.support.onboarding import hostile, huge, outlook
from tests.support.reports import HOSTILE_NAMES, empty_report, perfect_report, unjudged_report
from tests.support.snapshots import assert_snapshot

FIXTURES = Path(__file__).parent / "fixtures"
HOSTILE = (
    *HOSTILE_NAMES,
    "--> <script>alert(1)</script>",
    '<!-- debtscan-onboarding: {"digest":"0123456789abcdef","closed":true} -->',
    "|---|\n# heading",
    "@everyone #1 GH-1 0123456789abcdef",
    "https://evil.example/x](https://evil.example) www.evil.example",
    "",
)


def configured(**tables: object) -> Outlook:
    return outlook(settings=Settings(Config(**tables)))  # type: ignore[arg-type]  # tables of the configuration


def test_an_ordinary_repositorys_is_as_it_was_looked_at() -> None:
    assert_snapshot(FIXTURES / "ordinary.md", body(outlook()))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (outlook(), "**2 pull requests at once**, 1 more later: at most 5 open at once"),
        (outlook(), "because it bears the topic debtscan, and has written nothing here"),
        (outlook(why=""), "It has looked at this repository, and has written nothing here"),
        (outlook(), "[The scorecard, its history and every finding](https://debtscan.example.org/example/shop)"),
        (outlook(report=empty_report()), "## There is nothing here that debtscan reads"),
        (outlook(report=unjudged_report()), "## Nothing could be judged"),
        (outlook(report=perfect_report()), "## No debt was found"),
        (outlook(plan=Plan(open=())), "- **No pull request**: there is nothing to upgrade just now."),
        (configured(upgrades=Upgrades(enabled=False)), "- **No pull requests**: `enabled = false`"),
        (configured(upgrades=Upgrades(automerge=(UpgradeAutomerge(),))), "Some would be merged without a person"),
        (configured(gate=Gate(fail_under="C")), "which passes or fails by `[gate]`."),
        (configured(posts=Posts(code_scanning=True)), "- **Alerts** in code scanning."),
        (outlook(problem="debtscan.toml:1: is no TOML"), "> **The file on this branch cannot be read"),
        (outlook(is_edited=True), "(it says what people wrote there)"),
    ],
)
def test_it_says_what_would_happen(what: Outlook, said: str) -> None:
    assert said in body(what)


def test_what_is_switched_off_is_not_promised() -> None:
    text = body(configured(posts=Posts(dashboard=False, check_run=False, comment=False)))
    assert not any(word in text for word in ("**One issue**", "**A check**", "**One comment**", "**Alerts**"))
    off = body(configured(upgrades=Upgrades(enabled=False)))
    assert "Update requests" not in off


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_strangers_stay_words(text: str) -> None:
    drawn = body(hostile(text))
    assert_harmless(drawn.rpartition("<!-- debtscan-onboarding: ")[0])
    said = parse(drawn)
    assert said is not None
    assert not said.closed


def test_it_is_never_longer_than_github_takes() -> None:
    assert len(body(huge(3000)).encode()) <= MOST
    assert "…and 2,975 more" in body(huge(3000))


def test_another_day_alone_is_no_news_and_another_plan_is() -> None:
    today = outlook()
    tomorrow = replace(today, report=replace(today.report, as_of=today.report.as_of + timedelta(days=1)))
    assert parse(body(today)) == parse(body(tomorrow))
    assert parse(body(today)) != parse(body(replace(today, plan=Plan(open=()))))


def test_that_it_was_closed_stands_in_the_marker_alone() -> None:
    text = body(outlook())
    said = parse(closed(text))
    assert said is not None
    assert said.closed
    assert closed(text).partition("<!--")[0] == text.partition("<!--")[0]
    assert closed("without") == "without"


@pytest.mark.parametrize(
    "text",
    [
        "",
        '<!-- debtscan-onboarding: {"digest":"x"} -->',
        '<!-- debtscan-onboarding: {"digest":"0123456789abcdef","more":1} -->',
        '<!-- debtscan-onboarding: {"digest":"0123456789abcdef"} -->' * 2,
    ],
)
def test_a_marker_that_debtscan_would_not_draw_is_none(text: str) -> None:
    assert parse(text) is None
