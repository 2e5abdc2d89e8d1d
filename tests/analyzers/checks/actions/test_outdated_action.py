from __future__ import annotations

import pytest

from analyzers.checks.actions.outdated_action import check
from analyzers.model.facts import Unknown
from analyzers.model.finding import Fix, Severity
from analyzers.model.question import Question
from tests.support.workflows import evidence, judge, refs, steps

A, B, C, D = "a" * 40, "b" * 40, "c" * 40, "d" * 40
TAGS = {"v1": A, "v1.0.0": A, "v1.1.0": B, "v2": D, "v2.0.0": C, "v2.1.0": D, "v3.0.0-beta.1": D}
ANSWERS = refs("o/r", TAGS, {"main": D, "v1-next": D})


@pytest.mark.parametrize(
    ("ref", "latest", "fix", "severity"),
    [
        ("v1", "v2", Fix(available=True, to="v2"), Severity.MEDIUM),
        ("v1.0", "v2.1.0", Fix(available=True, to="v2.1.0"), Severity.MEDIUM),
        ("v1.1.0", "v2.1.0", Fix(available=True, to="v2.1.0"), Severity.MEDIUM),
        ("v2.0.0", "v2.1.0", Fix(available=True, to="v2.1.0", safe=True), Severity.LOW),
        (A, "v2.1.0", Fix(available=True, to=D), Severity.MEDIUM),
        (C, "v2.1.0", Fix(available=True, to=D, safe=True), Severity.LOW),
        (f"{'e' * 40} # v1.5.0", "v2.1.0", Fix(available=True, to=D), Severity.MEDIUM),
        (f"{'e' * 40} # v1", "v2", Fix(available=True, to=D), Severity.MEDIUM),
        # The commit itself says more than the comment beside it.
        (f"{C} # v2.1.0", "v2.1.0", Fix(available=True, to=D, safe=True), Severity.LOW),
    ],
)
def test_a_newer_version_is_proposed_in_the_same_precision(ref: str, latest: str, fix: Fix, severity: Severity) -> None:
    (found,), skipped = judge(check, evidence(steps(f"o/r@{ref}"), ANSWERS))
    assert (found.subject.latest, found.fix, found.severity) == (latest, fix, severity)
    assert (found.path, found.line, found.minutes, found.exposure) == (".github/workflows/ci.yml", 4, 20, 1.0)
    assert found.key == ("githubactions", "o/r")
    assert skipped == []


@pytest.mark.parametrize("ref", ["v2", "v2.1", "v2.1.0", "main", "v3.0.0-beta.1", D, f"{D} # v1.0.0", "v9"])
def test_the_newest_version_and_branches_are_no_finding(ref: str) -> None:
    assert judge(check, evidence(steps(f"o/r@{ref}"), ANSWERS)) == ([], [])


def test_a_line_kept_as_a_branch_moves_to_a_newer_branch() -> None:
    answers = refs("o/r", {"v1.0.0": A}, {"release/v1": A, "release/v2": B})
    (found,), _ = judge(check, evidence(steps("o/r@release/v1"), answers))
    assert found.fix == Fix(available=True, to="release/v2")


def test_a_commit_of_no_tag_and_no_comment_is_named_as_unknown() -> None:
    findings, (skipped,) = judge(check, evidence(steps(f"o/r@{'e' * 40}"), ANSWERS))
    assert findings == []
    assert (skipped.reason, skipped.subject) == ("unsupported-version", ("githubactions", "o/r"))


def test_the_message_says_how_far_behind_and_what_to_do() -> None:
    answers = refs("o/r", {"v1": A, "v4": B})
    (found,), _ = judge(check, evidence(steps("o/r/sub@v1"), answers))
    assert found.title == "o/r/sub v1 is behind v4"
    assert found.message == "o/r/sub@v1 is 3 major versions behind: the newest is v4. Move to o/r/sub@v4."


def test_a_pinned_action_moves_to_a_commit() -> None:
    (found,), _ = judge(check, evidence(steps(f"o/r@{A} # v1.0.0"), ANSWERS))
    assert found.message == (
        f"o/r@aaaaaaaaaaaa (1.0.0) is a major version behind: the newest is v2.1.0. "
        f"Move to o/r@v2.1.0, pinned to the commit {D}."
    )


def test_what_was_not_answered_is_named_once() -> None:
    answers = {Question("git-refs", "https://github.com/o/r"): Unknown("time-out", "too slow")}
    findings, (skipped,) = judge(check, evidence(steps("o/r@v1", "o/r/sub@v2"), answers))
    assert findings == []
    assert (skipped.what, skipped.source, skipped.reason, skipped.detail) == (
        "look-up",
        "git-refs",
        "time-out",
        "too slow",
    )
    assert skipped.path == ".github/workflows/ci.yml"


def test_live_refs_say_nothing_about_the_past() -> None:
    findings, (skipped,) = judge(check, evidence(steps("o/r@v1"), ANSWERS, as_of="2026-11-21"))
    assert findings == []
    assert skipped.reason == "not-dated"


def test_offline_the_table_judges_and_that_is_said() -> None:
    (found,), (skipped,) = judge(check, evidence(steps("actions/checkout@v2")))
    assert (found.subject.latest, found.fix) == ("v7", Fix(available=True, to="v7"))
    assert "known since 2026-08-22" in found.message
    assert (skipped.reason, skipped.subject) == ("bundled-table", ("githubactions", "actions/checkout"))


def test_offline_the_commit_of_a_newer_version_is_not_known() -> None:
    (found,), _ = judge(check, evidence(steps(f"actions/checkout@{A} # v4.2.0")))
    assert (found.subject.latest, found.fix.available, found.fix.to) == ("v7.0.1", False, None)
    assert found.message.endswith("Move to actions/checkout@v7.0.1.")


def test_the_table_says_nothing_about_days_before_it() -> None:
    findings, (skipped,) = judge(check, evidence(steps("actions/checkout@v2"), as_of="2026-08-21"))
    assert findings == []
    assert skipped.reason == "not-dated"


def test_the_highest_of_several_tags_at_a_commit_says_what_is_called() -> None:
    answers = refs("o/r", {"v1.9.0": A, "v1.10.0": A, "v1.11.0": B})
    (found,), _ = judge(check, evidence(steps(f"o/r@{A}"), answers))
    assert found.details["step"] == "minor"
    assert judge(check, evidence(steps(f"o/r@{A}"), refs("o/r", {"v1.9.0": A, "v1.10.0": A})))[0] == []


def test_of_the_tags_of_many_actions_at_one_commit_that_of_the_called_one_counts() -> None:
    tags = {"lint-v9.0.0": A, "setup-v1.0.0": A, "setup-v1.1.0": B, "lint-v9.1.0": C}
    (found,), _ = judge(check, evidence(steps(f"o/r/setup@{A} # v1.0.0"), refs("o/r", tags)))
    assert (found.subject.latest, found.fix.to) == ("setup-v1.1.0", B)


def test_a_ref_that_chooses_what_is_installed_is_no_version() -> None:
    answers = refs("dtolnay/rust-toolchain", {"v1": A}, {"1.75": B, "1.200": C, "stable": D})
    findings, (skipped,) = judge(check, evidence(steps("dtolnay/rust-toolchain@1.75"), answers))
    assert findings == []
    assert (skipped.reason, skipped.detail) == (
        "unsupported-version",
        "dtolnay/rust-toolchain@1.75: the ref chooses what is installed, not a version",
    )
    assert judge(check, evidence(steps("dtolnay/rust-toolchain@stable"), answers)) == ([], [])
