from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.errors import UsageError
from bot import baseline
from bot.report import json
from bot.report.renderer import Options
from tests.support.reports import sample_report


def test_a_scan_of_the_same_findings_has_nothing_new() -> None:
    known = baseline.parse(baseline.render(sample_report()), "base.json")
    report = sample_report(baseline=known)
    assert report.findings
    assert not any(charged.new for charged in report.findings)
    assert not any(accepted.charged.new for accepted in report.ignored)


def test_a_json_report_serves_as_a_baseline() -> None:
    report = sample_report()
    known = baseline.parse(json.render(report, Options()), "report.json")
    assert known == baseline.parse(baseline.render(report), "base.json") == baseline.of(report)


def test_what_the_baseline_lacks_is_new() -> None:
    first = sample_report().findings[0].fingerprint
    known = baseline.parse(baseline.render(sample_report()), "base.json") - {first}
    assert [charged.fingerprint for charged in sample_report(baseline=known).findings if charged.new] == [first]


def test_without_a_baseline_nothing_is_said_about_new() -> None:
    assert {charged.new for charged in sample_report().findings} == {None}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": [1]}', "[" * 100_000, b"\xff", "\udc80"])
def test_what_is_no_baseline_is_a_usage_error_that_names_the_file(text: str | bytes) -> None:
    with pytest.raises(UsageError, match=r"base\.json"):
        baseline.parse(text, "base.json")


def test_a_baseline_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "base.json").write_text(baseline.render(sample_report()), encoding="utf-8")
    assert baseline.load(tmp_path / "base.json") == baseline.of(sample_report())


def test_a_baseline_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        baseline.load(tmp_path / "missing.json")
