from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from analyzers.model.finding import Severity
from bot.report import sarif
from bot.report.renderer import Options
from bot.scorecard import Report
from tests.support.flaws import flaw, flawed_report
from tests.support.reports import empty_report, perfect_report, sample_report, unjudged_report

SCHEMA = Path(__file__).parent / "fixtures" / "sarif" / "sarif-2.1.0-rtm.5.json"
REPORTS = [sample_report, empty_report, perfect_report, unjudged_report]


def _run(report: Report) -> Any:  # noqa: ANN401 - JSON
    return json.loads(sarif.render(report, Options()))["runs"][0]


@pytest.mark.parametrize("make", REPORTS)
def test_every_report_is_valid_sarif(make: Callable[[], Report]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    # A stray bracket makes this pattern invalid for strict engines; debtscan states no language.
    for name in ("run", "toolComponent"):
        del schema["definitions"][name]["properties"]["language"]["pattern"]
    validator = jsonschema_rs.Draft4Validator(schema, validate_formats=True)
    validator.validate(json.loads(sarif.render(make(), Options())))


def test_every_finding_is_a_result_with_its_fingerprint() -> None:
    report = sample_report()
    marks = [result["partialFingerprints"]["debtscan/v1"] for result in _run(report)["results"]]
    assert marks == [charged.fingerprint for charged in report.findings]


def test_the_rule_of_every_result_stands_at_its_index() -> None:
    run = _run(sample_report())
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


@pytest.mark.parametrize(
    ("severity", "level"), [("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note")]
)
def test_severity_becomes_a_level(severity: str, level: str) -> None:
    results = [result for result in _run(sample_report())["results"] if result["properties"]["severity"] == severity]
    assert {result["level"] for result in results} == {level}


def test_the_baseline_is_stated_only_where_there_is_one() -> None:
    assert all("baselineState" not in result for result in _run(sample_report())["results"])
    assert {result["baselineState"] for result in _run(sample_report(baseline=frozenset()))["results"]} == {"new"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a.py", "src/a.py"),
        ("a b%/ü.py", "a%20b%25/%C3%BC.py"),
        ("c:d/x", "c%3Ad/x"),
        ("half\udc80", "half%80"),
        ("half\ud800", "half%ED%A0%80"),
        ("a?b#c", "a%3Fb%23c"),
        ("line\nbreak", "line%0Abreak"),
    ],
)
def test_paths_are_percent_encoded(path: str, uri: str) -> None:
    assert sarif.uri(path) == uri


def test_no_name_makes_a_link() -> None:
    texts = [result["message"]["text"] for result in _run(sample_report())["results"]]
    assert any("\\[x\\](javascript:alert(1))" in text for text in texts)
    assert all(text.isprintable() for text in texts)


def test_what_was_not_judged_is_a_notification() -> None:
    (invocation,) = _run(sample_report())["invocations"]
    reasons = {told["descriptor"]["id"] for told in invocation["toolExecutionNotifications"]}
    assert {"time-out", "invalid-syntax", "unpinned-expression"} <= reasons


def test_what_is_set_aside_is_no_result() -> None:
    assert "setup.cfg" not in sarif.render(sample_report(), Options())


@pytest.mark.parametrize(
    ("severity", "number", "level"),
    [
        (Severity.CRITICAL, "9.5", "error"),
        (Severity.HIGH, "8.0", "error"),
        (Severity.MEDIUM, "5.5", "warning"),
        (Severity.LOW, "2.0", "note"),
    ],
)
def test_vulnerabilities_are_security_findings_of_their_severity(severity: Severity, number: str, level: str) -> None:
    run = _run(flawed_report(flaw("CVE-1"), severity=severity))
    assert {result["ruleId"] for result in run["results"]} == {f"vulnerable-dependency/{severity.value}"}
    rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert rule["id"] == f"vulnerable-dependency/{severity.value}"
    assert rule["properties"]["security-severity"] == number
    assert "security" in rule["properties"]["tags"]
    assert rule["defaultConfiguration"]["level"] == level
    assert run["results"][0]["properties"]["vulnerabilities"] == ["CVE-1"]


def test_a_report_with_vulnerabilities_is_valid_sarif() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for name in ("run", "toolComponent"):
        del schema["definitions"][name]["properties"]["language"]["pattern"]
    document = json.loads(sarif.render(flawed_report(flaw("CVE-1")), Options()))
    jsonschema_rs.Draft4Validator(schema, validate_formats=True).validate(document)
