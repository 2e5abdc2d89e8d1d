"""``kill -9`` of the real process at each of its writes: the next run leaves one branch and one pull request."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.packages import python_index
from tests.support.shop import LOGIN, NAME, github_at

FILES = {"requirements.txt": "ant==1.0.0\n", "CODEOWNERS": "* @ada\n"}
SETTINGS = '[upgrades]\nassignees = ["ada"]\n'
# Tree, commit, branch, pull request, labels, assignees, reviewers, and that all of this is done.
WRITES = 8


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with python_index() as index:
        index.add("ant", "1.0.0", "1.1.0")
        with github_at(tmp_path, monkeypatch, SETTINGS, {"pypi": index.url}) as found:
            yield found


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES, collaborators={LOGIN: "write", "ada": "write"})


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.hasty", "run", NAME, "--quiet", "--jobs", "1"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    told, _ = process.communicate(timeout=60)
    return process.returncode, told.decode()


def _assert_whole(repository: HostedRepository) -> None:
    (pull,) = repository.pulls
    assert sorted(repository.branches) == sorted(["main", pull.branch])
    assert pull.state == "open"
    assert repository.file("requirements.txt", pull.branch) == b"ant==1.1.0\n"
    assert '"state"' not in (pull.body or "")
    assert list(pull.labels) == ["dependencies"]
    assert list(pull.assignees) == ["ada"]


# Killed before a write's effect is the same as killed after the effect of the write before it.
@pytest.mark.parametrize("nth", range(1, WRITES + 1))
def test_the_next_run_makes_of_what_is_there_one_branch_and_one_pull_request(
    github: GitHubStandIn, repository: HostedRepository, nth: int
) -> None:
    running: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        running[0].kill()
        running[0].wait()

    github.fault("write", nth=nth, after=True, drop=True, call=kill)
    running.append(_start())
    code, told = _finish(running[0])
    assert code == -signal.SIGKILL, told
    code, told = _finish(_start())
    assert code == 0, told
    _assert_whole(repository)


def test_these_are_all_the_writes_and_a_second_run_has_none(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    assert _finish(_start())[0] == 0
    assert len(github.writes) == WRITES
    assert _finish(_start())[0] == 0
    assert len(github.writes) == WRITES
    _assert_whole(repository)
