from __future__ import annotations

import pytest

from analyzers.checks.actions.ending_runner import check
from analyzers.config import Actions
from analyzers.model.finding import Confidence, Fix
from tests.support.workflows import evidence, judge


def job(runs_on: str) -> str:
    return f"jobs:\n  a:\n    runs-on: {runs_on}\n"


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        ("2026-06-15", False),
        ("2026-07-20", False),
        ("2026-07-21", True),
        ("2026-11-22", True),
        ("2027-04-16", True),
        ("2027-04-17", False),
    ],
)
def test_an_end_is_announced_within_the_window(as_of: str, *, found: bool) -> None:
    findings, _ = judge(check, evidence(job("ubuntu-22.04"), {}, as_of=as_of))
    assert [finding.exposure for finding in findings] == ([0.5] if found else [])


def test_nothing_is_announced_before_it_was() -> None:
    given = evidence(job("ubuntu-22.04"), {}, as_of="2026-06-15", config=Actions(ending_days=3650))
    assert judge(check, given) == ([], [])
    given = evidence(job("ubuntu-22.04"), {}, as_of="2026-06-16", config=Actions(ending_days=3650))
    assert len(judge(check, given)[0]) == 1


def test_the_message_says_when_and_what_to_do() -> None:
    (found,), _ = judge(check, evidence(job("ubuntu-22.04"), {}))
    assert found.title == "ubuntu-22.04 will be removed on 2027-04-17"
    assert found.message == (
        "GitHub announced to remove its ubuntu-22.04 image on 2027-04-17 (in 146 days). Move to ubuntu-24.04."
    )
    assert (found.minutes, found.confidence, found.key) == (60, Confidence.HIGH, ("generic", "ubuntu-22.04"))
    assert found.fix == Fix(available=True, to="ubuntu-24.04")


@pytest.mark.parametrize("runs_on", ["ubuntu-latest", "ubuntu-20.04", "ubuntu-24.04", "my-machine"])
def test_retired_current_and_foreign_labels_do_not_end(runs_on: str) -> None:
    assert judge(check, evidence(job(runs_on), {})) == ([], [])
