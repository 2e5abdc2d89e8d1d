from __future__ import annotations

import pytest

from analyzers.errors import UsageError
from bot import baseline
from bot.report import json
from bot.report.renderer import Options
from tests.support.reports import sample_report


def test_a_scan_of_the_same_findings_has_nothing_new() -> None:
    known = baseline.read(baseline.render(sample_report()), "base.json")
    report = sample_report(baseline=known)
    assert report.findings
    assert not any(charged.new for charged in report.findings)
    assert not any(accepted.charged.new for accepted in report.ignored)


def test_a_json_report_serves_as_a_baseline() -> None:
    report = sample_report()
    known = baseline.read(json.render(report, Options()), "report.json")
    assert known == baseline.read(baseline.render(report), "base.json")


def test_what_the_baseline_lacks_is_new() -> None:
    first = sample_report().findings[0].fingerprint
    known = baseline.read(baseline.render(sample_report()), "base.json") - {first}
    assert [charged.fingerprint for charged in sample_report(baseline=known).findings if charged.new] == [first]


def test_without_a_baseline_nothing_is_said_about_new() -> None:
    assert {charged.new for charged in sample_report().findings} == {None}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [1]}', "[" * 100_000, b"\xff", "\udc80"])
def test_what_is_no_baseline_is_a_usage_error_that_names_the_file(text: str | bytes) -> None:
    with pytest.raises(UsageError, match=r"base\.json"):
        baseline.read(text, "base.json")
