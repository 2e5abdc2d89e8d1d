from __future__ import annotations

import pytest

from analyzers.checks.actions.mismatched_action_comment import check
from analyzers.model.finding import Fix
from tests.support.workflows import evidence, judge, refs, steps

A, B, C, E = "a" * 40, "b" * 40, "c" * 40, "e" * 40
ANSWERS = refs("o/r", {"v4.1.0": A, "v4": B, "v4.2.0": B, "4.2.0": B, "v5.0.0-beta.1": C, "latest": C, "nightly": E})


@pytest.mark.parametrize(
    ("commit", "comment"),
    [
        (A, "v4.1.0"),
        (A, "v4"),
        (A, "4.1"),
        (B, "v4.2.0"),
        (B, "v4"),
        (B, "release/v4"),
        (C, "v5.0.0-beta.1"),
        (C, "main"),
        (E, "v1"),
        (C, ""),
        ("d" * 40, "v4"),
        ("d" * 40, "v9.9.9"),
    ],
)
def test_a_comment_may_be_less_precise_and_what_is_not_known_is_no_finding(commit: str, comment: str) -> None:
    assert judge(check, evidence(steps(f"o/r@{commit} # {comment}"), ANSWERS)) == ([], [])


def test_tags_without_commits_say_nothing() -> None:
    """The bundled table knows which tags there are, not where they point."""
    found, _ = judge(check, evidence(steps(f"o/r@{A} # v4.1.0"), refs("o/r", {"v4": "", "v4.1.0": ""})))
    assert found == []


@pytest.mark.parametrize(
    ("commit", "comment", "right"),
    [
        (A, "v4.2.0", "v4.1.0"),
        (A, "v3", "v4.1.0"),
        (B, "v4.1.0", "v4.2.0"),
        (C, "v5.0.0", "v5.0.0-beta.1"),
        ("d" * 40, "v4.1.0", None),
    ],
)
def test_a_comment_that_contradicts_the_tags_is_a_finding(commit: str, comment: str, right: str | None) -> None:
    text = steps(f"o/r@{commit} # {comment}")
    (found,), skipped = judge(check, evidence(text, ANSWERS))
    assert found.fix == Fix(available=right is not None, to=right, safe=True)
    assert (found.line, found.column) == (4, text.splitlines()[3].index("# ") + 3)
    assert found.minutes == 5
    assert skipped == []


def test_the_message_says_which_is_which() -> None:
    (found,), _ = judge(check, evidence(steps(f"o/r@{A} # v3.0.0"), ANSWERS))
    assert found.title == "o/r: the comment says 3.0.0, the commit is v4.1.0"
    assert found.message == (
        "o/r@aaaaaaaaaaaa is at the commit of v4.1.0, but the comment says 3.0.0. "
        "Write # v4.1.0, or call the commit of 3.0.0."
    )


@pytest.mark.parametrize("as_of", ["2026-11-22", "2026-11-21"])
def test_without_live_refs_nothing_is_said(as_of: str) -> None:
    assert judge(check, evidence(steps(f"actions/checkout@{A} # v9.9.9"), as_of=as_of)) == ([], [])
