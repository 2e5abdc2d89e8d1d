from __future__ import annotations

from analyzers.checks.actions.archived_action import check
from analyzers.model.facts import Unknown
from analyzers.model.question import Question
from tests.support.workflows import evidence, hosted, judge, steps


def test_an_archived_repository_is_a_finding_at_each_call() -> None:
    answers = hosted("o/r", archived=True) | hosted("o/s", archived=False)
    findings, skipped = judge(check, evidence(steps("o/r@v1", "o/r/sub@v2", "o/s@v1"), answers))
    assert [(found.line, found.title) for found in findings] == [(4, "o/r is archived"), (5, "o/r is archived")]
    assert {found.key for found in findings} == {("githubactions", "o/r")}
    assert findings[0].minutes == 60
    assert findings[0].message == (
        "The repository of o/r@v1 is archived: it gets no more fixes. "
        "Replace it by a maintained action or by a run step."
    )
    assert skipped == []


def test_a_known_successor_is_named() -> None:
    (found,), _ = judge(check, evidence(steps("actions/setup-ruby@v1"), hosted("actions/setup-ruby", archived=True)))
    assert found.message.endswith("Use ruby/setup-ruby instead.")


def test_offline_the_list_judges_and_that_is_said() -> None:
    (found,), skipped = judge(check, evidence(steps("actions/create-release@v1", "actions/checkout@v7")))
    assert found.subject.name == "actions/create-release"
    assert "as a list of 2026-08-22 says" in found.message
    assert [(entry.subject, entry.reason) for entry in skipped] == [
        (("githubactions", "actions/create-release"), "bundled-table"),
        (("githubactions", "actions/checkout"), "offline"),
    ]


def test_whether_it_was_archived_in_the_past_is_not_known() -> None:
    given = evidence(steps("o/r@v1"), hosted("o/r", archived=True), as_of="2026-11-21")
    findings, (skipped,) = judge(check, given)
    assert findings == []
    assert skipped.reason == "not-dated"


def test_what_was_not_answered_is_named_once() -> None:
    answers = {Question("github-repository", "o/r"): Unknown("rate-limited", "no token")}
    findings, (skipped,) = judge(check, evidence(steps("o/r@v1", "o/r@v2"), answers))
    assert findings == []
    assert (skipped.source, skipped.reason) == ("github-repository", "rate-limited")
