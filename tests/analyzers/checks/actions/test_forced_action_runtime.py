from __future__ import annotations

import pytest

from analyzers.checks.actions.forced_action_runtime import check
from analyzers.model.facts import ActionDefinition, Known, Unknown
from analyzers.model.finding import Confidence, Fix
from analyzers.model.question import Question
from tests.support.workflows import evidence, judge, refs, runs, steps

SHA = "a" * 40


@pytest.mark.parametrize(
    ("using", "as_of", "phrase", "exposure"),
    [
        ("node12", "2022-09-21", None, 0),
        ("node12", "2022-09-22", "will be forced onto Node 16 on 2023-06-14", 0.5),
        ("node12", "2023-06-13", "will be forced onto Node 16 on 2023-06-14", 0.5),
        ("node12", "2023-06-14", "is forced onto Node 16 since 2023-06-14", 1),
        ("node12", "2024-06-30", "is forced onto Node 20 since 2024-06-30", 1),
        ("node12", "2026-11-22", "is forced onto Node 24 since 2026-06-16", 1),
        ("node16", "2024-06-29", "will be forced onto Node 20 on 2024-06-30", 0.5),
        ("node16", "2024-06-30", "is forced onto Node 20 since 2024-06-30", 1),
        ("node20", "2025-09-18", None, 0),
        ("node20", "2026-06-15", "will be forced onto Node 24 on 2026-06-16", 0.5),
        ("node20", "2026-06-16", "is forced onto Node 24 since 2026-06-16", 1),
        ("node24", "2026-11-22", None, 0),
        ("docker", "2026-11-22", None, 0),
        ("plugin", "2026-11-22", None, 0),
    ],
)
def test_the_clock_decides_what_is_forced(using: str, as_of: str, phrase: str | None, exposure: float) -> None:
    call = f"o/r@{SHA}"
    findings, skipped = judge(check, evidence(steps(call), runs(call, using), as_of=as_of))
    assert [phrase in found.title for found in findings if phrase] == ([True] if phrase else [])
    assert [found.exposure for found in findings] == ([exposure] if phrase else [])
    # What stands at a commit stood there on any day.
    assert skipped == []


def test_the_message_says_since_when_and_what_to_do() -> None:
    answers = runs("o/r/sub@v1", "node16") | refs("o/r", {"v1": SHA, "v3": "b" * 40})
    (found,), _ = judge(check, evidence(steps("o/r/sub@v1"), answers))
    assert found.title == "o/r/sub v1 (node16) is forced onto Node 24 since 2026-06-16"
    assert found.message == (
        "o/r/sub@v1 declares node16: it is forced onto Node 24 since 2026-06-16 (159 days ago). Move to o/r/sub@v3."
    )
    assert (found.fix, found.minutes, found.key) == (Fix(available=True, to="v3"), 20, ("githubactions", "o/r"))


def test_without_a_newer_version_another_action_is_needed() -> None:
    answers = runs("o/r@v1", "node20") | refs("o/r", {"v1": SHA})
    (found,), _ = judge(check, evidence(steps("o/r@v1"), answers))
    assert found.message.endswith("Move to a version that declares node24, or to another action.")
    assert not found.fix.available


def test_a_composite_action_is_judged_by_what_it_calls() -> None:
    answers = (
        runs("o/r@v1", "composite", "x/new@v9", "x/inner@v1", "./local")
        | runs("x/inner@v1", "composite", "x/old@v1", "o/r@v1")
        | runs("x/old@v1", "node12")
        | runs("x/new@v9", "node20")
    )
    (found,), skipped = judge(check, evidence(steps("o/r@v1"), answers))
    assert found.title == "o/r v1 (node12) is forced onto Node 24 since 2026-06-16"
    assert "o/r@v1 is composite and calls x/old@v1, which declares node12" in found.message
    assert skipped == []


def test_what_a_composite_action_calls_may_be_unknown() -> None:
    answers = runs("o/r@v1", "composite", "x/inner@v1")
    answers |= {Question("action", "x/inner@v1"): Unknown("not-found", "gone")}
    findings, (skipped,) = judge(check, evidence(steps("o/r@v1"), answers))
    assert findings == []
    assert (skipped.source, skipped.reason, skipped.subject) == ("action", "not-found", ("githubactions", "o/r"))


def test_what_is_forced_now_was_forced_the_day_before() -> None:
    answers = runs("o/r@v1", "node20") | runs("o/s@v1", "node24") | runs("o/t@v1", "composite", "o/r@v1")
    findings, skipped = judge(check, evidence(steps("o/r@v1", "o/s@v1", "o/t@v1"), answers, as_of="2026-06-16"))
    assert [found.subject.name for found in findings] == ["o/r"]
    assert [(entry.subject, entry.reason) for entry in skipped] == [
        (("githubactions", "o/s"), "not-dated"),
        (("githubactions", "o/t"), "not-dated"),
    ]


def test_a_runtime_newer_than_the_table_is_unknown() -> None:
    findings, (skipped,) = judge(check, evidence(steps("o/r@v1"), runs("o/r@v1", "node26")))
    assert findings == []
    assert skipped.reason == "stale-table"


def test_what_was_not_answered_is_named_once() -> None:
    answers = {Question("action", f"o/r@v{n}"): Unknown("offline", "not asked") for n in (1, 2)}
    findings, (skipped,) = judge(check, evidence(steps("o/r@v1", "o/r@v2"), answers))
    assert findings == []
    assert (skipped.source, skipped.reason) == ("action", "offline")


def test_a_reusable_workflow_has_no_runtime() -> None:
    assert judge(check, evidence("jobs: {a: {uses: o/r/.github/workflows/x.yml@v1}}", {})) == ([], [])


@pytest.mark.parametrize("as_of", ["2026-06-16", "2026-11-22"])
def test_offline_the_table_judges_and_that_is_said(as_of: str) -> None:
    (found,), (skipped,) = judge(check, evidence(steps("actions/checkout@v2"), as_of=as_of))
    assert found.title == "actions/checkout v2 (node12) is forced onto Node 24 since 2026-06-16"
    assert found.confidence is Confidence.HIGH
    assert skipped.reason == "bundled-table"


def test_offline_an_older_tag_may_run_on_something_older() -> None:
    (found,), _ = judge(check, evidence(steps("actions/checkout@v4.1.0")))
    assert "(node20 or older)" in found.title
    assert found.confidence is Confidence.MEDIUM


def test_offline_the_comment_tells_the_version_of_a_commit() -> None:
    (found,), (skipped,) = judge(check, evidence(steps(f"actions/checkout@{SHA} # v3")))
    assert "(node16)" in found.title
    assert skipped.reason == "bundled-table"


def test_offline_the_live_answer_of_a_commit_counts_more_than_its_comment() -> None:
    call = f"actions/checkout@{SHA}"
    answers = {Question("action", call): Known(ActionDefinition(call, "node24"))}
    assert judge(check, evidence(steps(f"{call} # v3"), answers)) == ([], [])


def test_the_repository_s_own_action_is_judged() -> None:
    text = "name: x\nruns:\n  using: 'node16'\n  main: x.js\n"
    (found,), _ = judge(check, evidence(text, {}, path="sub/action.yml"))
    assert (found.path, found.line, found.column) == ("sub/action.yml", 3, 11)
    assert (found.key, found.fix) == (("file", "sub/action.yml"), Fix(available=True, to="node24"))
    assert found.message == (
        "This action declares node16: it is forced onto Node 24 since 2026-06-16. "
        "Test it on node24 and declare using: node24."
    )


def test_an_own_action_on_the_current_runtime_is_well() -> None:
    assert judge(check, evidence("runs: {using: node24}", {}, path="action.yml")) == ([], [])
