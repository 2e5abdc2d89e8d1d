from __future__ import annotations

from dataclasses import replace

import pytest

from analyzers.model.finding import Finding, Fix
from bot.fixes import SHOWN, best_fixes
from bot.ruleset import grade
from bot.score import score, total_points
from tests.support.reports import finding, sample_report


def _best(*findings: Finding, size: float = 1.0) -> list[str]:
    names = [str(index) for index in range(len(findings))]
    return [fix.title for fix in best_fixes(findings, names, size)]


def test_what_wins_most_a_minute_comes_first() -> None:
    cheap = finding("retired-runner", "actions", "ubuntu-20.04", minutes=60, exposure=4.0, current="ubuntu-20.04")
    dear = finding("deprecated-dependency", "dependencies", "request", minutes=240)
    assert _best(dear, cheap) == ["Move ubuntu-20.04 to 2.0 in pyproject.toml", "Replace request 1.0 in pyproject.toml"]


def test_one_step_mends_a_subject_in_all_its_files() -> None:
    findings = [finding("outdated-dependency", "dependencies", "django", path=f"{n}.txt", minutes=60) for n in "abc"]
    (fix,) = best_fixes(findings, ["a", "b", "c"], 1.0)
    assert fix.title == "Upgrade django 1.0 to 2.0 (3 files)"
    assert fix.fingerprints == ("a", "b", "c")
    assert (fix.points, fix.minutes) == (180, 180)


def test_one_step_pins_all_actions() -> None:
    findings = [
        finding("unpinned-action", "actions", f"some/action-{index}", minutes=5, latest=None) for index in range(12)
    ]
    assert _best(*findings)[0] == "Pin 12 actions to commits"


def test_after_the_last_step_the_score_is_what_remains() -> None:
    report = sample_report()
    mended = {name for fix in report.scorecard.best for name in fix.fingerprints}
    left = [entry.finding for entry in report.findings if entry.fingerprint not in mended]
    last = report.scorecard.best[-1]
    assert last.score_after == pytest.approx(score(total_points(left), report.scorecard.size), abs=0.001)
    assert last.grade_after == grade(last.score_after)
    won = sum(fix.score_won for fix in report.scorecard.best)
    assert won == pytest.approx(last.score_after - report.scorecard.score, abs=1e-9)


def test_no_finding_is_mended_twice() -> None:
    names = [name for fix in sample_report().scorecard.best for name in fix.fingerprints]
    assert len(names) == len(set(names))


def test_trifles_are_listed_only_where_there_is_nothing_else() -> None:
    trifles = [finding("deprecated-thing", "docker", str(index), minutes=1) for index in range(9)]
    heavy = finding("deprecated-dependency", "dependencies", "request", minutes=240)
    assert len(_best(heavy, *trifles, size=30.0)) == 1
    assert len(_best(*trifles, size=30.0)) == 1
    assert len(_best(*trifles)) <= SHOWN


def test_without_findings_there_is_nothing_to_do() -> None:
    assert _best() == []


def test_a_digest_stands_in_no_title() -> None:
    pinned = finding("outdated-action", "actions", "actions/checkout", current="v2", latest="v6")
    pinned = replace(pinned, fix=Fix(available=True, to="a" * 40, safe=True))
    assert _best(pinned) == ["Upgrade actions/checkout v2 to v6 in pyproject.toml"]


def test_where_nothing_newer_is_known_the_step_is_to_leave() -> None:
    ended = finding("end-of-life-base-image", "docker", "node", current="18-alpine", latest=None, path="Dockerfile")
    assert _best(ended) == ["Move off node 18-alpine in Dockerfile"]


def test_a_rule_without_a_phrase_is_named_by_its_finding() -> None:
    odd = finding("unlocked-dependencies", "dependencies", "app", title="dependencies are not locked")
    assert _best(odd) == ["Dependencies are not locked in pyproject.toml"]
