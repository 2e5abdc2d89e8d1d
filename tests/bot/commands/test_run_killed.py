"""``kill -9`` of the real process at each of its writes: the next run leaves one branch, pull request and dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.killed import finish, kill_after_write, start
from tests.support.packages import python_index
from tests.support.shop import LOGIN, NAME, github_at

FILES = {"requirements.txt": "ant==1.0.0\n", "CODEOWNERS": "* @ada\n"}
SETTINGS = '[upgrades]\nassignees = ["ada"]\n[posts]\ndashboard = true\n'
# Tree, commit, branch, pull request, labels, assignees, reviewers, that all of this is done, and the dashboard.
WRITES = 9
RUN = ("run", NAME, "--quiet", "--jobs", "1")


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with python_index() as index:
        index.add("ant", "1.0.0", "1.1.0")
        with github_at(tmp_path, monkeypatch, SETTINGS, {"pypi": index.url}) as found:
            yield found


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES, collaborators={LOGIN: "write", "ada": "write"})


def _assert_whole(repository: HostedRepository) -> None:
    (pull,) = repository.pulls
    assert sorted(repository.branches) == sorted(["main", pull.branch])
    assert pull.state == "open"
    assert repository.file("requirements.txt", pull.branch) == b"ant==1.1.0\n"
    assert '"state"' not in (pull.body or "")
    assert list(pull.labels) == ["dependencies"]
    assert list(pull.assignees) == ["ada"]
    (issue,) = repository.issues
    assert issue.state == "open"
    assert f"[#{pull.number}](" in (issue.body or "")


@pytest.mark.parametrize("nth", range(1, WRITES + 1))
def test_the_next_run_makes_of_what_is_there_one_of_each(
    github: GitHubStandIn, repository: HostedRepository, nth: int
) -> None:
    kill_after_write(github, nth, *RUN)
    code, told = finish(start(*RUN))
    assert code == 0, told
    _assert_whole(repository)


def test_these_are_all_the_writes_and_a_second_run_has_none(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    assert finish(start(*RUN))[0] == 0
    assert len(github.writes) == WRITES
    assert finish(start(*RUN))[0] == 0
    assert len(github.writes) == WRITES
    _assert_whole(repository)
