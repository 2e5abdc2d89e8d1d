"""``kill -9`` of the real process at each of its writes: the next run leaves one of each, and the one after it nothing.

One branch, one pull request, one entry of the history, one dashboard, one check run and one upload to code scanning.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import run_here
from tests.support.killed import finish, is_killed_after_write, kill_after_write, start
from tests.support.packages import PythonIndex, python_index
from tests.support.shop import NAME, NOW, github_at

HISTORY = "debtscan-history"
FILES = {"requirements.txt": "ant==1.0.0\n", "CODEOWNERS": "* @ada\n"}
SETTINGS = """\
[upgrades]
assignees = ["ada"]
minimum-release-age-days = 0
[posts]
dashboard = true
code-scanning = true
[history]
enabled = true
"""
MAY = {
    "contents": "write",
    "checks": "write",
    "pull_requests": "write",
    "issues": "write",
    "statuses": "read",
    "security_events": "write",
}
# Tree, commit, branch, pull request, labels, assignees, reviewers, and that all of this is done; the entry's Facts, its
# tree, commit and branch; the dashboard, the check run and what goes to code scanning.
WRITES = 15
RUN = ("run", NAME, "--quiet", "--jobs", "1")


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    with python_index() as made:
        made.add("ant", "1.0.0", "1.1.0")
        yield made


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: PythonIndex) -> Iterator[GitHubStandIn]:
    with github_at(tmp_path, monkeypatch, SETTINGS, {"pypi": index.url}) as found:
        yield found


@pytest.fixture
def repository(github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> HostedRepository:
    made = github.repository(NAME, FILES, collaborators={"ada": "write"})
    monkeypatch.setenv("GITHUB_TOKEN", github.workflow_token(NAME, MAY))
    return made


def _assert_whole(repository: HostedRepository, version: str = "1.1.0", entries: int = 1) -> None:
    (pull,) = repository.pulls
    assert sorted(repository.branches) == sorted(["main", pull.branch, HISTORY])
    assert pull.state == "open"
    assert repository.file("requirements.txt", pull.branch) == f"ant=={version}\n".encode()
    assert '"state"' not in (pull.body or "")
    assert list(pull.labels) == ["dependencies"]
    assert list(pull.assignees) == ["ada"]
    (issue,) = repository.issues
    assert issue.state == "open"
    assert f"[#{pull.number}](" in (issue.body or "")
    runs = [run for run in repository.settings.check_runs if run.sha == repository.head]
    assert [run.conclusion for run in runs] == ["neutral"]
    assert len([one for one in repository.settings.analyses if one.commit == repository.head]) == 1
    head, *lines = (repository.file("history.jsonl", HISTORY) or b"").splitlines()
    assert b"debtscan-history" in head
    assert len(lines) == len(set(lines)) == entries
    assert repository.head.encode() in lines[-1]


def _run() -> None:
    ended, told = finish(start(*RUN))
    assert ended == 0, told


def _assert_nothing_to_write(github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(github.writes)
    assert run_here(monkeypatch, *RUN) == 0
    assert github.writes[before:] == []


@pytest.mark.parametrize("nth", range(1, WRITES + 1))
def test_the_next_run_makes_of_what_is_there_one_of_each_and_the_one_after_it_writes_nothing(
    github: GitHubStandIn, repository: HostedRepository, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    kill_after_write(github, nth, *RUN)
    assert run_here(monkeypatch, *RUN) == 0
    _assert_whole(repository)
    _assert_nothing_to_write(github, monkeypatch)


def test_these_are_all_the_writes_and_a_second_run_has_none(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    _run()
    assert len(github.writes) == WRITES
    _run()
    assert len(github.writes) == WRITES
    _assert_whole(repository)


def test_a_later_round_comes_to_its_end_although_each_run_is_killed_one_write_further(
    github: GitHubStandIn,
    repository: HostedRepository,
    index: PythonIndex,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    assert run_here(monkeypatch, *RUN) == 0
    index.add("ant", "1.2.0")
    repository.commit({"README.md": "A shop\n"})
    github.world.now = NOW + timedelta(days=7)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(github.world.now.timestamp())))
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "later"))
    killed = 0
    while is_killed_after_write(github, killed + 1, *RUN)[0]:
        killed += 1
    assert killed > 3
    _assert_whole(repository, "1.2.0", entries=2)
    _assert_nothing_to_write(github, monkeypatch)
