"""Whether a scan passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyzers.config import Gate, Severities
from analyzers.errors import UsageError
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from bot.gate import check, floor_of, judge
from tests.support.reports import perfect_report, sample_report


@pytest.mark.parametrize(("text", "floor"), [("A", 90), ("b", 75), ("F", 0), ("62.5", 62.5), ("100", 100)])
def test_a_floor_is_a_grade_or_a_number(text: str, floor: float) -> None:
    assert floor_of(text) == floor


@pytest.mark.parametrize("text", ["G", "", "-1", "101", "nan", "B+"])
def test_what_is_neither_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="give a grade"):
        floor_of(text)


def test_without_a_gate_everything_passes() -> None:
    assert judge(sample_report(), Gate()).code == 0


def test_the_lower_bound_is_judged_unless_the_score_is_asked_for() -> None:
    report = replace(sample_report(), offline=False)
    between = (report.scorecard.low + report.scorecard.score) / 2
    assert report.scorecard.low < between < report.scorecard.score
    assert judge(report, Gate(fail_under=str(between))).code == 1
    assert judge(report, Gate(fail_under=str(between), gate_on="score")).code == 0


def test_offline_a_gate_is_incomplete_unless_the_score_is_asked_for() -> None:
    report = replace(perfect_report(), offline=True)
    assert judge(report, Gate(fail_under="F")).code == 4
    assert judge(report, Gate(fail_under="F", gate_on="score")).code == 0
    assert judge(report, Gate()).code == 0


def test_a_failed_gate_outweighs_an_incomplete_one() -> None:
    report = replace(sample_report(), offline=True)
    verdict = judge(report, Gate(fail_on="low"), strict=True)
    assert verdict.code == 1
    assert verdict.incomplete


def test_strict_makes_anything_skipped_incomplete() -> None:
    assert sample_report().skipped
    assert judge(sample_report(), Gate(), strict=True).code == 4
    assert judge(replace(sample_report(), skipped=()), Gate(), strict=True).code == 0


UNANSWERED = Skipped(
    what="look-up", path="a", source="pypi", reason="unreachable", subject=SubjectKey(ecosystem="pypi", name="flask")
)


@pytest.mark.parametrize("fail_on", ["low", "critical", "new"])
def test_what_nobody_answered_is_no_finding_and_no_pass_either(fail_on: Severities) -> None:
    report = replace(perfect_report(), offline=False, skipped=(UNANSWERED,))
    verdict = judge(report, Gate(fail_on=fail_on))
    assert verdict.code == 4
    assert "1 subject could not be looked up" in verdict.incomplete[0]
    assert judge(report, Gate(fail_on=fail_on, gate_on="score")).code == 0
    assert judge(replace(report, skipped=()), Gate(fail_on=fail_on)).code == 0


def test_a_gate_that_cannot_be_judged_is_told_before_the_work() -> None:
    with pytest.raises(UsageError, match="--baseline FILE or --base REV"):
        check(Gate(fail_on="new"), compares=False)
    with pytest.raises(UsageError, match="give a grade"):
        check(Gate(fail_under="Z"), compares=True)
    check(Gate(fail_on="new", fail_under="A"), compares=True)


def test_new_findings_fail() -> None:
    report = replace(sample_report(), offline=False, skipped=())
    old = replace(report, findings=tuple(replace(charged, new=False) for charged in report.findings))
    assert judge(old, Gate(fail_on="new")).code == 0
    fresh = replace(old, findings=(replace(old.findings[0], new=True), *old.findings[1:]))
    verdict = judge(fresh, Gate(fail_on="new"))
    assert (verdict.code, verdict.failed) == (1, ("1 new finding",))


def test_what_an_organisation_overrules_is_no_gap_for_strict() -> None:
    overruled = Skipped(what="file", path="debtscan.toml", source="configuration", reason="overruled")
    assert judge(replace(sample_report(), skipped=(overruled,)), Gate(), strict=True).code == 0
