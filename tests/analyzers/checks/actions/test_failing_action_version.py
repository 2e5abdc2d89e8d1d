from __future__ import annotations

import pytest

from analyzers.checks.actions.failing_action_version import check
from analyzers.config import Actions
from analyzers.model.finding import Severity
from tests.support.workflows import evidence, judge, refs, steps

A, B = "a" * 40, "b" * 40


@pytest.mark.parametrize(
    ("as_of", "title", "exposure"),
    [
        ("2024-04-15", None, None),
        ("2024-04-16", "actions/upload-artifact v3 will fail from 2025-01-30", 0.5),
        ("2025-01-29", "actions/upload-artifact v3 will fail from 2025-01-30", 0.5),
        ("2025-01-30", "actions/upload-artifact v3 fails since 2025-01-30", 1.0),
        ("2026-11-22", "actions/upload-artifact v3 fails since 2025-01-30", 1.0),
    ],
)
def test_the_clock_decides_what_fails(as_of: str, title: str | None, exposure: float | None) -> None:
    findings, skipped = judge(check, evidence(steps("actions/upload-artifact@v3"), as_of=as_of))
    assert [(found.title, found.exposure) for found in findings] == ([(title, exposure)] if title else [])
    assert skipped == []


def test_the_message_says_since_when_and_what_to_do() -> None:
    (found,), _ = judge(check, evidence(steps("actions/cache/restore@v2")))
    assert found.message == (
        "actions/cache/restore@v2: GitHub refuses it since 2025-03-01 (631 days ago), so the job fails on every run. "
        "Move to v5."
    )
    assert (found.minutes, found.severity, found.key) == (30, Severity.HIGH, ("githubactions", "actions/cache"))


def test_on_enterprise_server_nothing_fails() -> None:
    given = evidence(steps("actions/upload-artifact@v3"), config=Actions(enterprise_server=True))
    assert judge(check, given) == ([], [])


@pytest.mark.parametrize(
    ("call", "fails"),
    [
        (f"actions/cache@{A} # v4.1.0", True),
        (f"actions/cache@{A} # v4.2.0", False),
        (f"actions/cache@{A}", False),
        ("actions/cache@v4", False),
        ("actions/cache@main", False),
        ("other/cache@v1", False),
    ],
)
def test_a_commit_is_known_by_its_comment(call: str, *, fails: bool) -> None:
    assert bool(judge(check, evidence(steps(call)))[0]) is fails


@pytest.mark.parametrize(("commit", "fails"), [(A, True), (B, False)])
def test_a_commit_is_known_by_its_tag_whatever_the_comment_says(commit: str, *, fails: bool) -> None:
    answers = refs("actions/cache", {"v4.1.0": A, "v4.2.0": B, "v4": B})
    for comment in ("", " # v4.1.0", " # v4.2.0"):
        assert bool(judge(check, evidence(steps(f"actions/cache@{commit}{comment}"), answers))[0]) is fails
