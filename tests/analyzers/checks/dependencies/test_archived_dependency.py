"""Packages that are archived or quarantined."""

from __future__ import annotations

import pytest

from analyzers.checks.dependencies.archived_dependency import check
from analyzers.model.facts import Known
from analyzers.model.finding import Finding, Severity
from analyzers.model.inventory import Dependency
from tests.support.dependencies import evidence, package, requirement, run


def judge(*rows: Dependency, answer: Known) -> list[Finding]:
    found, skipped = run(check, evidence(rows, {"web": answer, "npm:web": answer}))
    assert skipped == []
    return found


@pytest.mark.parametrize(
    ("status", "title", "severity"),
    [
        ("active", None, None),
        ("deprecated", None, None),
        ("archived", "web is archived", Severity.MEDIUM),
        ("quarantined", "web is quarantined", Severity.CRITICAL),
    ],
)
def test_archived_and_quarantined_packages(status: str, title: str | None, severity: Severity | None) -> None:
    answer = package("web", "1.0", status=status, status_reason="moved on")
    found = judge(requirement("web", ">=1.0"), answer=answer)
    assert [(one.title, one.severity, one.minutes) for one in found] == ([(title, severity, 240)] if title else [])
    assert all("moved on" in one.message for one in found)
