"""The check run: within GitHub's limits, judged by the team's gate alone, and written again only where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.config import Gate
from bot import change_words
from bot.comparison import Comparison
from bot.github.client import Client
from bot.posts.check_run import MOST_ANNOTATIONS, NAME, Checked, check_run, settle
from bot.posts.judged import judged
from bot.scorecard import Report
from tests.support.changes import SETTING, large_change, mending_change, sample_change, silent_change
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.world import CheckRun
from tests.support.github_client import Opener, installed_app
from tests.support.harmless import assert_harmless
from tests.support.moved import sample_change as moved
from tests.support.reports import perfect_report, sample_report, unjudged_report


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github") as running:
        yield running


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a.txt": "1\n"})


@pytest.fixture
def client(github: GitHubStandIn, repository: HostedRepository) -> Iterator[Client]:
    opener = Opener(github)
    yield opener(repository.name, installed_app(github, "acme"))
    opener.close()


def _of(change: Comparison, gate: Gate | None = None) -> Checked:
    return check_run(change.after, change, judged(change.after, gate or Gate(), compares=True), SETTING)


def _runs(repository: HostedRepository) -> list[CheckRun]:
    return repository.settings.check_runs


def test_it_is_written_once_and_its_words_are_changed_in_place(
    github: GitHubStandIn, repository: HostedRepository, client: Client
) -> None:
    assert "wrote" in settle(client, repository.head, _of(sample_change()))
    assert settle(client, repository.head, _of(sample_change())) == ""
    assert settle(client, repository.head, _of(sample_change(days=1))) == ""
    assert len(github.writes) == 1
    settle(client, repository.head, _of(sample_change(), Gate(fail_under="A", gate_on="score")))
    (run,) = _runs(repository)
    assert (run.name, run.status, run.conclusion) == (NAME, "completed", "failure")
    assert len(run.annotations) == 20


def test_days_that_pass_in_messages_alone_are_no_news(
    github: GitHubStandIn, repository: HostedRepository, client: Client
) -> None:
    wanted = _of(sample_change())
    settle(client, repository.head, wanted)
    older = tuple(replace(one, message=f"{one.message} It is a day older.") for one in wanted.annotations)
    assert settle(client, repository.head, replace(wanted, annotations=older)) == ""
    assert len(github.writes) == 1


def test_other_annotations_make_a_new_run_that_stands_for_the_old_one(
    repository: HostedRepository, client: Client
) -> None:
    settle(client, repository.head, _of(sample_change()))
    settle(client, repository.head, _of(large_change(3)))
    assert [len(run.annotations) for run in _runs(repository)] == [20, 3]
    assert settle(client, repository.head, _of(large_change(3))) == ""


def test_many_annotations_are_written_fifty_a_request_up_to_a_bound(
    github: GitHubStandIn, repository: HostedRepository, client: Client
) -> None:
    wanted = _of(large_change(230))
    settle(client, repository.head, wanted)
    (run,) = _runs(repository)
    assert len(github.writes) == 4
    assert len(run.annotations) == MOST_ANNOTATIONS
    assert (run.status, run.conclusion) == ("completed", "neutral")
    assert "the 200 that count most; 30 further new findings are not" in wanted.summary
    assert settle(client, repository.head, wanted) == ""


class _EndedError(Exception):
    pass


def _end_after(
    writes: int, github: GitHubStandIn, client: Client, repository: HostedRepository, wanted: Checked
) -> None:
    """Write a check run, and end as if killed once so many writes are done."""

    class Ending:
        def __getattr__(self, name: str) -> object:
            if name in {"create_check_run", "update_check_run"} and len(github.writes) == writes:
                raise _EndedError
            return getattr(client, name)

    with pytest.raises(_EndedError):
        settle(Ending(), repository.head, wanted)  # type: ignore[arg-type]


def test_one_that_was_ended_and_is_not_wanted_any_more_is_concluded(
    github: GitHubStandIn, repository: HostedRepository, client: Client
) -> None:
    _end_after(1, github, client, repository, _of(large_change(180)))
    settle(client, repository.head, _of(large_change(3)))
    assert [(run.status, run.conclusion, run.title) for run in _runs(repository)] == [
        ("completed", "neutral", "Superseded"),
        ("completed", "neutral", _of(large_change(3)).title),
    ]
    assert settle(client, repository.head, _of(large_change(3))) == ""


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_one_that_was_ended_in_the_middle_is_finished_and_nothing_stands_there_twice(
    github: GitHubStandIn, repository: HostedRepository, client: Client, writes: int
) -> None:
    wanted = _of(large_change(180))

    _end_after(writes, github, client, repository, wanted)
    assert _runs(repository)[0].status == "in_progress"
    settle(client, repository.head, wanted)
    (run,) = _runs(repository)
    assert len({one["start_line"] for one in run.annotations}) == len(run.annotations) == 180
    assert run.status == "completed"
    assert len(github.writes) == 4


def test_runs_of_other_apps_and_of_a_job_of_that_name_are_left(repository: HostedRepository, client: Client) -> None:
    other = repository.check(repository.head, NAME)
    settle(client, repository.head, _of(sample_change()))
    assert other.title is None
    assert len(_runs(repository)) == 2


@pytest.mark.parametrize(
    ("gate", "conclusion"),
    [
        (Gate(), "neutral"),
        (Gate(fail_under="F"), "success"),
        (Gate(fail_under="A"), "failure"),
        (Gate(fail_on="new"), "failure"),
        (Gate(fail_on="critical", gate_on="score"), "failure"),
    ],
)
def test_the_teams_gate_alone_makes_it_pass_or_fail(gate: Gate, conclusion: str) -> None:
    assert _of(sample_change(), gate).conclusion == conclusion


def test_nothing_new_passes_a_gate_on_what_is_new() -> None:
    assert _of(mending_change(), Gate(fail_on="new", gate_on="score")).conclusion == "success"


def test_a_gate_without_the_facts_that_it_needs_does_not_pass_and_says_why() -> None:
    verdict = judged(unjudged_report(), Gate(fail_on="critical"), compares=True)
    assert verdict.conclusion == "action_required"
    assert "the gate lacks facts" in verdict.sentences[0]


def test_what_is_new_is_not_judged_where_nothing_is_compared() -> None:
    verdict = judged(sample_report(), Gate(fail_on="new"), compares=False)
    assert verdict.conclusion == "neutral"
    assert verdict.sentences == ("What is new is judged on pull requests.",)
    both = judged(sample_report(), Gate(fail_on="new", fail_under="A"), compares=False)
    assert both.conclusion == "failure"


def test_the_title_says_the_score_before_and_after() -> None:
    assert _of(sample_change()).title == "D 50.7 → D 45.2: 20 new findings, 6 mended, 1 better, 2 set aside"
    assert _of(silent_change()).title.endswith("Nothing new and nothing mended")


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (sample_report(), "D 44.1, 60 findings"),
        (perfect_report(), "A 100, 0 findings"),
        (unjudged_report(), "not judged, 0 findings"),
    ],
)
def test_without_a_comparison_it_tells_how_the_commit_stands(report: Report, title: str) -> None:
    found = check_run(report, None, judged(report, Gate(), compares=False), SETTING)
    assert (found.title, found.annotations) == (title, ())
    assert_harmless(found.summary)


def test_what_moved_the_score_since_the_last_scan_is_told_where_that_is_known() -> None:
    report = replace(sample_report(), change=moved())
    found = check_run(report, None, judged(report, Gate(), compares=False), SETTING)
    assert change_words.headline(moved()) in found.title
    assert "What moved it" in found.summary
    assert_harmless(found.summary)


def test_only_new_findings_are_marked_at_their_lines() -> None:
    change = sample_change()
    marked = _of(change).annotations
    assert {(one.path, one.line) for one in marked} == {(one.finding.path, one.finding.line) for one in change.fresh}
    assert {one.level for one in marked} == {"failure", "warning"}
    assert _of(mending_change()).annotations == ()


def test_a_path_that_github_cannot_be_told_is_in_the_summary_alone() -> None:
    change = sample_change()
    odd = replace(change.fresh[0], finding=replace(change.fresh[0].finding, path="half\udc80.py"))
    found = _of(replace(change, fresh=(odd, *change.fresh[1:])))
    assert len(found.annotations) == 19
    assert "half&#92;udc80.py" in found.summary
    assert "1 further new finding is not" in found.summary


def test_hostile_names_stay_text_and_within_githubs_limits() -> None:
    for change in (sample_change(), large_change(3000), mending_change(), silent_change()):
        found = _of(change, Gate(fail_under="A"))
        assert_harmless(found.summary)
        assert len(found.summary.encode()) <= 65_535
        assert len(found.title) <= 255
        assert all(len(one.title) <= 255 and len(one.message.encode()) <= 65_536 for one in found.annotations)
