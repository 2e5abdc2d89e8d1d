from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.store.branch import BranchStore
from bot.store.clone import ClonedHistory
from bot.store.errors import DamagedHistoryError, ForeignBranchError
from tests.support.entries import entry_of, facts_of
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.git_store import environment
from tests.support.github_client import Opener

NAME, BRANCH = "acme/shop", "debtscan-history"
DAY = date(2026, 11, 23)


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"app.py": "1\n"})


def _clone(hosted: HostedRepository, folder: Path) -> Path:
    command = ["git", "clone", "--quiet", str(hosted.settings.git.path), str(folder)]
    subprocess.run(command, check=True, env=environment())
    return folder


def test_a_clone_reads_what_was_stored_on_the_branch(opener: Opener, hosted: HostedRepository, tmp_path: Path) -> None:
    entries = [entry_of(DAY - timedelta(weeks=week)) for week in (2, 1, 0)]
    for entry in entries:
        BranchStore(opener(NAME), BRANCH).append(entry, facts_of(entry.as_of))
    found = ClonedHistory.find(_clone(hosted, tmp_path / "clone"), BRANCH)
    assert found
    assert found.entries() == tuple(entries)
    assert found.facts(entries[0]) == facts_of(entries[0].as_of)
    assert found.facts(entry_of(DAY - timedelta(days=1))) is None


def test_a_clone_without_the_branch_has_none(hosted: HostedRepository, tmp_path: Path) -> None:
    assert ClonedHistory.find(_clone(hosted, tmp_path / "clone"), BRANCH) is None


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"notes.txt": "mine"}, ForeignBranchError),
        ({"history.jsonl": "mine\n"}, DamagedHistoryError),
        ({"history.jsonl": b"\n" * (16 * 1024 * 1024 + 1)}, DamagedHistoryError),
    ],
    ids=["foreign", "damaged", "huge"],
)
def test_what_is_no_history_is_named(
    hosted: HostedRepository, tmp_path: Path, files: dict[str, str | bytes], error: type[Exception]
) -> None:
    hosted.commit(files, branch=BRANCH)
    found = ClonedHistory.find(_clone(hosted, tmp_path / "clone"), BRANCH)
    assert found
    with pytest.raises(error, match=r"on the branch debtscan-history|the branch debtscan-history has no"):
        found.entries()
