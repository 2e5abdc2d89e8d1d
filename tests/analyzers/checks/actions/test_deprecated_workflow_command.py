from __future__ import annotations

import pytest

from analyzers.checks.actions.deprecated_workflow_command import check
from analyzers.model.finding import Severity
from tests.support.workflows import evidence, judge


def step(script: str) -> str:
    return f"jobs:\n  a:\n    steps:\n      - run: {script}\n"


@pytest.mark.parametrize(
    ("script", "as_of", "title", "severity"),
    [
        ("echo ::set-output name=a::b", "2022-10-10", None, None),
        ("echo ::set-output name=a::b", "2022-10-11", "::set-output is deprecated since 2022-10-11", Severity.LOW),
        ("echo ::save-state name=a::b", "2026-11-22", "::save-state is deprecated since 2022-10-11", Severity.LOW),
        ("echo ::set-env name=a::b", "2020-09-30", None, None),
        ("echo ::set-env name=a::b", "2020-11-15", "::set-env is deprecated since 2020-10-01", Severity.LOW),
        ("echo ::set-env name=a::b", "2020-11-16", "::set-env is disabled since 2020-11-16", Severity.HIGH),
        ("echo ::add-path::/x", "2026-11-22", "::add-path is disabled since 2020-11-16", Severity.HIGH),
    ],
)
def test_the_clock_decides_what_is_deprecated(
    script: str, as_of: str, title: str | None, severity: Severity | None
) -> None:
    findings, skipped = judge(check, evidence(step(script), {}, as_of=as_of))
    assert [(found.title, found.severity) for found in findings] == ([(title, severity)] if title else [])
    assert skipped == []


def test_the_message_says_since_when_and_what_to_do() -> None:
    (found,), _ = judge(check, evidence(step('echo "::set-output name=tag::v1"'), {}))
    assert found.message == (
        "The workflow command ::set-output is deprecated since 2022-10-11: every run warns about it. "
        'Write echo "NAME=$VALUE" >> "$GITHUB_OUTPUT" instead.'
    )
    assert (found.line, found.column, found.minutes) == (4, 20, 10)
    assert found.key == ("file", ".github/workflows/ci.yml")


def test_a_path_is_appended_as_it_is() -> None:
    (found,), _ = judge(check, evidence(step("echo ::add-path::/x"), {}))
    assert found.message.endswith('Write echo "$DIRECTORY" >> "$GITHUB_PATH" instead.')


def test_the_runtime_of_an_own_action_is_no_command() -> None:
    assert judge(check, evidence("runs: {using: node12}", {}, path="action.yml")) == ([], [])
