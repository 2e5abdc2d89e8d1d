from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from analyzers.model.subject import SubjectKey
from bot.rollup_member import MOST_THINGS, Since, Upgrades, member_of
from tests.support.entries import entry_of
from tests.support.flaws import flaw
from tests.support.reports import AS_OF, empty_report, finding, sample_report, unjudged_report
from tests.support.rollups import charged, report_of

TODAY = report_of(score=80.0)


def _day(back: int) -> date:
    return AS_OF - timedelta(back)


def test_a_member_says_what_the_scorecard_says() -> None:
    report = sample_report()
    made = member_of(report, name="acme/shop", url="https://x/acme/shop", failed=["no dashboard"])
    card = report.scorecard
    assert (made.score, made.low, made.grade, made.points) == (card.score, card.low, card.grade, card.points)
    assert (made.minutes, made.libyears, made.unknown) == (card.effort_minutes, card.libyears, card.unknown)
    assert (made.findings, made.unjudged, made.failed) == (len(report.findings), "", ("no dashboard",))
    assert made.commit == report.repository.commit


def test_without_a_judgement_it_says_why() -> None:
    assert "nothing here that debtscan reads" in member_of(empty_report(), name="a/b").unjudged
    assert "Nothing could be judged" in member_of(unjudged_report(), name="a/b").unjudged


@pytest.mark.parametrize(
    ("days", "taken"),
    [((90, 35, 28, 7), 28), ((90, 60, 7), 60), ((20, 7), 20), ((0,), None), ((), None)],
)
def test_since_is_the_newest_that_is_four_weeks_old_else_the_oldest(days: tuple[int, ...], taken: int | None) -> None:
    entries = [entry_of(_day(back), 100 - back / 2) for back in days]
    since = member_of(TODAY, entries, name="a/b").since
    expected = None if taken is None else next(entry for entry in entries if entry.as_of == _day(taken))
    assert since == (expected and Since(day=expected.as_of, score=expected.score, grade=expected.grade))


def test_scores_of_another_ruleset_do_not_compare() -> None:
    other = entry_of(_day(40), ruleset="0")
    assert member_of(TODAY, [other], name="a/b").since is None


def test_upgrades_are_counted_by_how_they_stand() -> None:
    made = member_of(TODAY, name="a/b", states=["open", "waiting", "open", "ignored", "stuck"])
    assert made.upgrades == Upgrades(open=2, waiting=1, ignored=1, stuck=1)


def test_one_thing_is_one_whatever_was_found_about_it() -> None:
    behind = finding("outdated-dependency", "dependencies", "Jinja2", current="2.11", latest="3.1.6")
    key = SubjectKey("pypi", "jinja2")
    unsafe = replace(
        finding("vulnerable-dependency", "dependencies", "jinja2", current="2.10"), flaws=(flaw("CVE-2024-1"),)
    )
    report = report_of(charged(replace(behind, key=key), 40), charged(replace(unsafe, key=key), 200))
    (thing,) = member_of(report, name="a/b").things
    assert (thing.key, thing.name, thing.points) == (key, "Jinja2", 240)
    assert thing.kinds == {"vulnerable", "outdated"}
    assert thing.versions == ("2.11", "2.10")
    assert thing.targets == ("3.1.6", "2.0")


@pytest.mark.parametrize(
    ("details", "current", "latest", "kinds"),
    [
        ({"end_of_life": "2024-10-07"}, "3.8", None, {"ended"}),
        ({}, "1.0", "2.0", {"outdated"}),
        ({}, "1.0", "1.0", None),
        ({}, "1.0", None, None),
    ],
)
def test_what_is_wrong_with_a_thing(
    details: dict[str, str | int | float | bool | None],
    current: str,
    latest: str | None,
    kinds: set[str] | None,
) -> None:
    found = finding("a-rule", "dependencies", "x", current=current, latest=latest, details=details)
    things = member_of(report_of(charged(found)), name="a/b").things
    assert [thing.kinds for thing in things] == ([kinds] if kinds else [])


@pytest.mark.parametrize("ecosystem", ["file", "function"])
def test_what_is_of_one_repository_alone_is_no_thing(ecosystem: str) -> None:
    found = replace(finding("a-rule", "hotspots", "x"), key=SubjectKey(ecosystem, "app.py"))
    assert member_of(report_of(charged(found)), name="a/b").things == ()


def test_of_very_many_things_those_with_most_points_are_kept_and_the_others_counted() -> None:
    many = [charged(finding("r", "dependencies", f"p{number}"), number) for number in range(MOST_THINGS + 3)]
    made = member_of(report_of(*many), name="a/b")
    assert (len(made.things), made.more) == (MOST_THINGS, 3)
    assert min(thing.points for thing in made.things) == 3


def test_ends_are_kept_by_their_days() -> None:
    found = finding("r", "docker", "x", details={"end_of_life": "2024-10-07", "product": "python", "cycle": "3.8"})
    assert member_of(report_of(charged(found)), name="a/b").ends == ((date(2024, 10, 7), "python 3.8"),)
