"""SARIF 2.1.0, for code scanning.

What people set aside is not listed: consumers that know no suppressions would open alerts for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal
from urllib.parse import quote

from analyzers.model.finding import Finding, Rule, Severity
from analyzers.model.skipped import Skipped
from analyzers.scan import rules
from bot.markup import visible
from bot.remedies import remedy
from bot.report.renderer import Options, Renderer
from bot.scorecard import Charged, Report
from bot.standing import not_judged

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_TOP: Final = "%SRCROOT%"

Level = Literal["error", "warning", "note"]
_LEVELS: Mapping[Severity, Level] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}


# A number in the middle of the band that GitHub's code scanning shows under this word.
_SECURITY: Mapping[Severity, str] = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}


def render(report: Report, options: Options) -> str:
    """Return one run with its rules, results and notifications about what was not judged."""
    del options
    stated = _rules(report)
    index = {rule["id"]: number for number, rule in enumerate(stated)}
    run = {
        "tool": {
            "driver": {
                "name": "debtscan",
                "version": report.version,
                "semanticVersion": report.version,
                "rules": stated,
                "properties": {"ruleset": report.ruleset},
            }
        },
        "automationDetails": {"id": "debtscan/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_TOP: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": report.scanned_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "toolExecutionNotifications": [_notification(entry) for entry in not_judged(report)],
            }
        ],
        "results": [_result(charged, index[_rule_id(charged.finding)]) for charged in report.findings],
        "properties": _score(report),
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rules(report: Report) -> list[dict[str, Any]]:
    """Return the metadata of every rule, those first that are installed, then any other that found something."""
    known = [_rule(rule) for rule in rules().values()]
    ids = {rule["id"] for rule in known}
    foreign = sorted({charged.finding.rule for charged in report.findings} - ids)
    flawed = {(charged.finding.rule, charged.finding.severity) for charged in report.findings if charged.finding.flaws}
    security = [_security_rule(rules()[name], severity) for name, severity in sorted(flawed) if name in ids]
    return known + security + [{"id": rule} for rule in foreign]


def _rule_id(finding: Finding) -> str:
    """Return the rule's id, for security findings with the severity below it.

    Code scanning reads how severe a security finding is from its rule alone.
    """
    known = finding.rule in rules()
    return f"{finding.rule}/{finding.severity.value}" if finding.flaws and known else finding.rule


def _security_rule(rule: Rule, severity: Severity) -> dict[str, Any]:
    stated = _rule(rule)
    stated["id"] = f"{rule.id}/{severity.value}"
    stated["defaultConfiguration"] = {"level": _LEVELS[severity]}
    stated["properties"]["tags"].append("security")
    stated["properties"]["security-severity"] = _SECURITY[severity]
    return stated


def _rule(rule: Rule) -> dict[str, Any]:
    text = f"{rule.what}\n\nWhy that is bad: {rule.why}\n\nHow to mend it: {rule.remediation}"
    markdown = f"{rule.what}\n\n**Why that is bad.** {rule.why}\n\n**How to mend it.** {rule.remediation}"
    if rule.example:
        markdown += f"\n\n```\n{rule.example.strip()}\n```"
    if rule.better:
        markdown += f"\n\nBetter:\n\n```\n{rule.better.strip()}\n```"
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["technical-debt", rule.group], "minutes": rule.minutes},
    }


def _result(charged: Charged, rule_index: int) -> dict[str, Any]:
    finding = charged.finding
    result: dict[str, Any] = {
        "ruleId": _rule_id(finding),
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(f"{finding.title}. {finding.message}")},
        "locations": [_location(finding)],
        "partialFingerprints": {"debtscan/v1": charged.fingerprint},
        "properties": {
            "confidence": finding.confidence.value,
            "severity": finding.severity.value,
            "points": charged.points,
            "effortMinutes": finding.minutes,
            "scoreLost": charged.score_lost,
            "owners": [visible(owner) for owner in charged.owners],
        },
    }
    if finding.flaws:
        result["properties"]["vulnerabilities"] = [visible(flaw.id) for flaw in finding.flaws]
    if charged.new is not None:
        result["baselineState"] = "new" if charged.new else "unchanged"
    return result


def _location(finding: Finding) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": max(finding.line, finding.end_line),
    }
    artifact = {"uri": uri(finding.path), "uriBaseId": _TOP}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def uri(path: str) -> str:
    """Return the path as a relative URI reference; the bytes of a name that is no UTF-8 stay what they are."""
    try:
        raw = path.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode(errors="surrogatepass")
    return quote(raw, safe="/")


def _message(text: str) -> str:
    """Return plain text as a SARIF message, in which brackets would make a link of somebody else's choice."""
    shown = visible(text)
    for char in "\\[]":
        shown = shown.replace(char, f"\\{char}")
    return shown


def _notification(entry: Skipped) -> dict[str, Any]:
    told: dict[str, Any] = {
        "descriptor": {"id": entry.reason},
        "level": "warning" if entry.what in {"file", "look-up", "rule"} else "note",
        "message": {"text": _message(_sentence(entry))},
    }
    if entry.path:
        told["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri(entry.path), "uriBaseId": _TOP}}}]
    return told


def _sentence(entry: Skipped) -> str:
    said: Sequence[str] = (entry.source, remedy(entry.reason).meaning, entry.detail)
    return ": ".join(filter(None, said))


def _score(report: Report) -> dict[str, Any]:
    card = report.scorecard
    return {
        "score": card.score,
        "low": card.low,
        "high": card.high,
        "grade": card.grade,
        "effortMinutes": card.effort_minutes,
        "asOf": report.as_of.isoformat(),
    }


RENDERER = Renderer(name="sarif", title="SARIF 2.1.0 for code scanning", suffix=".sarif", render=render)
