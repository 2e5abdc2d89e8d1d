"""What a run makes of the repository's own checks: it bisects groups that fail, and merges by rule what passed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.cli import main
from bot.upgrade.bisect import most_runs
from tests.support.checked import PACKAGES, RULE, Opening, checked_by, moved, run, settle
from tests.support.github import HostedRepository
from tests.support.packages import PythonIndex


@pytest.mark.parametrize("bad", ["ant", "dog", "fox"])
def test_the_culprit_is_left_out_with_the_evidence_and_the_rest_goes_on(
    opening: Opening, index: PythonIndex, capsys: pytest.CaptureFixture[str], bad: str
) -> None:
    repository = opening()
    repository.check_with(checked_by(lambda there: bad not in there))
    seen, told = settle(repository, capsys)
    whole, *runs, green = seen
    assert whole == set(PACKAGES)
    assert len(runs) <= most_runs(len(PACKAGES))
    assert green == set(PACKAGES) - {bad}
    (pull,) = repository.pulls
    assert not pull.draft
    assert f"{bad} 1.1.0 is left out" in (pull.body or "")
    assert "unit" in (pull.body or "")
    assert pull.title == "Update 5 Python packages"
    assert f"breaks the checks: {bad} 1.1.0: with it alone these checks failed: unit" in told

    # Another version of it is tried again.
    index.add(bad, "1.2.0")
    repository.check_with(lambda _files: {"unit": "success"})
    main(["cache", "clear"])
    run(capsys)
    assert f"{bad}==1.2.0" in (repository.file("requirements.txt", pull.branch) or b"").decode()
    assert "left out" not in (pull.body or "")


def test_what_breaks_only_together_stops_as_a_draft_with_the_evidence(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening()
    repository.check_with(checked_by(lambda there: not {"ant", "fox"} <= there))
    seen, _told = settle(repository, capsys)
    assert seen[-1] == set(PACKAGES)
    (pull,) = repository.pulls
    assert pull.draft
    assert "break the checks only together" in (pull.body or "")


def test_while_checks_are_pending_nothing_is_done(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    repository = opening()
    run(capsys)
    (pull,) = repository.pulls
    repository.check(pull.head, "unit", None)
    head = pull.head
    run(capsys)
    assert pull.head == head


def test_a_red_default_branch_is_told_and_nothing_is_tried(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening()
    repository.check(repository.head, "unit", "failure")
    run(capsys)
    (pull,) = repository.pulls
    repository.check(pull.head, "unit", "failure")
    head = pull.head
    assert "#1: the checks of the default branch fail as well, so nothing is tried" in run(capsys)
    assert pull.head == head


def test_peoples_commits_stop_it(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    repository = opening()
    repository.check_with(checked_by(lambda there: "cat" not in there))
    run(capsys)
    (pull,) = repository.pulls
    repository.commit({"app.py": "print()\n"}, branch=pull.branch)
    head = pull.head
    assert "somebody else's commits are on the branch" in run(capsys)
    assert pull.head == head


def test_nothing_is_merged_without_a_rule(opening: Opening, capsys: pytest.CaptureFixture[str]) -> None:
    repository = opening()
    repository.check_with(lambda _files: {"unit": "success"})
    run(capsys)
    run(capsys)
    assert repository.pulls[0].state == "open"
    assert repository.pulls[0].auto_merge is None


def test_what_a_rule_takes_is_merged_once_all_checks_passed(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(RULE, allow_auto_merge=False)
    assert "not merged by itself, #1: no check has passed yet" in run(capsys)
    (pull,) = repository.pulls
    running = repository.check(pull.head, "unit", None)
    assert "checks are pending: unit" in run(capsys)
    running.status, running.conclusion = "completed", "success"
    assert "merged #1" in run(capsys)
    assert pull.merged
    assert list(repository.branches) == ["main"]
    assert moved(repository, "") == set(PACKAGES)


def test_github_merges_by_itself_where_checks_are_required(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(RULE)
    repository.protect(contexts=("unit",))
    assert "GitHub merges #1 once its required checks passed" in run(capsys)
    (pull,) = repository.pulls
    assert pull.auto_merge is not None
    assert pull.auto_merge.method == "squash"
    repository.check(pull.head, "unit")
    assert pull.merged


def test_a_group_that_fails_is_not_merged_in_parts_by_github(
    opening: Opening, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = opening(RULE)
    repository.protect(contexts=("unit",))
    run(capsys)
    (pull,) = repository.pulls
    assert pull.auto_merge is not None
    repository.check(pull.head, "unit", "failure")
    assert "is not merged by itself any more" in run(capsys)
    assert not repository.pull(1).auto_merge
    assert moved(repository, pull.branch) < set(PACKAGES)
    repository.check(pull.head, "unit")
    assert not pull.merged


@pytest.mark.parametrize(
    ("hinder", "told"),
    [
        (lambda repository: repository.check(repository.pulls[0].head, "unit", "failure"), "checks failed: unit"),
        (lambda repository: setattr(repository.pulls[0], "draft", True), "it is a draft"),
        (lambda repository: setattr(repository.settings, "allow_squash_merge", False), "not allow the method squash"),
        (lambda repository: repository.protect(approvals=1), "approving review"),
    ],
    ids=["failed", "draft", "method", "approval"],
)
def test_what_hinders_a_merge_is_told(
    opening: Opening,
    capsys: pytest.CaptureFixture[str],
    hinder: Callable[[HostedRepository], object],
    told: str,
) -> None:
    repository = opening(RULE, allow_auto_merge=False)
    repository.check(repository.head, "unit", "failure")  # nothing is bisected
    run(capsys)
    repository.check(repository.pulls[0].head, "lint")
    hinder(repository)
    assert told in run(capsys)
    assert not repository.pulls[0].merged
