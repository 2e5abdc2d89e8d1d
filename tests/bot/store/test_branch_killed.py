"""``kill -9`` of a real process at each of its writes, and two processes at once: nothing twice, nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.store.branch import BranchStore
from tests.support.entries import entry_of, facts_of
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hosts import LOGIN, opened

NAME, BRANCH = "acme/shop", "debtscan-history"
DAY = date(2026, 11, 23)
BEFORE = DAY - timedelta(days=7)
# Blob, tree, commit, branch.
WRITES = 4


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        monkeypatch.setenv("DEBTSCAN_GITHUB_URL", standin.url)
        monkeypatch.setenv("GITHUB_TOKEN", standin.token(login=LOGIN))
        yield standin


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"app.py": "1\n"}, collaborators={LOGIN: "write"})


def _start(day: date = DAY) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.storing", NAME, BRANCH, day.isoformat()]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _finish(process: subprocess.Popen[bytes]) -> int:
    told, _ = process.communicate(timeout=60)
    # It dies without a word.
    assert told == b""
    return process.returncode


def _store(github: GitHubStandIn, day: date) -> None:
    with opened(github, NAME) as client:
        BranchStore(client, BRANCH).append(entry_of(day), facts_of(day))


def _days(github: GitHubStandIn) -> list[date]:
    with opened(github, NAME) as client:
        store = BranchStore(client, BRANCH)
        assert all(store.facts(entry) == facts_of(entry.as_of) for entry in store.entries())
        return [entry.as_of for entry in store.entries()]


@pytest.mark.parametrize("begun", [False, True], ids=["first", "later"])
@pytest.mark.parametrize("nth", range(1, WRITES + 1))
def test_the_next_run_stores_what_the_killed_one_did_not(
    github: GitHubStandIn, repository: HostedRepository, nth: int, *, begun: bool
) -> None:
    stored = [BEFORE] if begun else []
    for day in stored:
        _store(github, day)
    running: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        running[0].kill()
        running[0].wait()

    github.fault("write", nth=nth, after=True, drop=True, call=kill)
    running.append(_start())
    assert _finish(running[0]) != 0
    assert _days(github)[: len(stored)] == stored
    _store(github, DAY)
    assert _days(github) == [*stored, DAY]
    assert len(repository.settings.git.log(BRANCH)) == len(stored) + 1
    done = len(github.writes)
    _store(github, DAY)
    assert len(github.writes) == done


def test_two_processes_at_once_lose_nothing(github: GitHubStandIn, repository: HostedRepository) -> None:
    days = [BEFORE, DAY, DAY + timedelta(days=7)]
    assert [_finish(process) for process in [_start(day) for day in days]] == [0, 0, 0]
    assert _days(github) == days
    assert len(repository.settings.git.log(BRANCH)) == len(days)
