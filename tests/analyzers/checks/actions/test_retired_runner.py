from __future__ import annotations

import pytest

from analyzers.checks.actions.retired_runner import check
from analyzers.model.finding import Confidence, Fix, Severity
from tests.support.workflows import evidence, judge


def job(runs_on: str, matrix: str = "{}") -> str:
    return f"jobs:\n  a:\n    strategy: {{matrix: {matrix}}}\n    runs-on: {runs_on}\n"


@pytest.mark.parametrize(
    ("as_of", "exposure"),
    [("2025-04-14", None), ("2025-04-15", 1.0), ("2025-08-01", 2.0), ("2026-11-22", 4.0)],
)
def test_a_label_is_retired_from_the_day_of_its_removal(as_of: str, exposure: float | None) -> None:
    findings, skipped = judge(check, evidence(job("ubuntu-20.04"), {}, as_of=as_of))
    assert [found.exposure for found in findings] == ([exposure] if exposure else [])
    assert skipped == []


def test_the_message_says_since_when_and_what_to_do() -> None:
    (found,), _ = judge(check, evidence(job("Ubuntu-20.04"), {}))
    assert found.title == "Ubuntu-20.04 was removed on 2025-04-15"
    assert found.message == (
        "GitHub's Ubuntu-20.04 image was removed on 2025-04-15 (586 days ago), so the job finds no runner. "
        "Move to ubuntu-24.04."
    )
    assert (found.key, found.line, found.column) == (("generic", "ubuntu-20.04"), 4, 14)
    assert (found.severity, found.minutes, found.confidence) == (Severity.HIGH, 60, Confidence.HIGH)
    assert found.fix == Fix(available=True, to="ubuntu-24.04")


def test_each_entry_of_a_matrix_is_judged_at_its_place() -> None:
    given = evidence(job("${{ matrix.os }}", "{os: [ubuntu-20.04, ubuntu-latest, macos-12]}"), {})
    findings, _ = judge(check, given)
    assert [(found.subject.name, found.line) for found in findings] == [("ubuntu-20.04", 3), ("macos-12", 3)]


def test_a_label_put_together_has_no_ready_fix() -> None:
    (found,), _ = judge(check, evidence(job("ubuntu-${{ matrix.v }}", "{v: [20.04]}"), {}))
    assert found.fix == Fix()
    assert found.subject.latest == "ubuntu-24.04"


@pytest.mark.parametrize(
    "runs_on", ["ubuntu-latest", "ubuntu-24.04", "windows-2025", "[self-hosted, ubuntu-20.04]", "ubuntu-20.04-8core"]
)
def test_current_and_foreign_labels_are_no_debt(runs_on: str) -> None:
    assert judge(check, evidence(job(runs_on), {})) == ([], [])


def test_an_announced_removal_behind_the_table_s_date_is_less_sure() -> None:
    (found,), _ = judge(check, evidence(job("macos-14"), {}))
    assert found.title == "macos-14 was announced to be removed on 2026-11-02"
    assert found.confidence is Confidence.MEDIUM


def test_a_label_that_the_table_does_not_know_is_named_once() -> None:
    given = evidence(job("${{ matrix.os }}", "{os: [ubuntu-30.04, Ubuntu-30.04]}"), {})
    findings, (skipped,) = judge(check, given)
    assert findings == []
    assert (skipped.reason, skipped.subject) == ("unknown-label", ("generic", "ubuntu-30.04"))
