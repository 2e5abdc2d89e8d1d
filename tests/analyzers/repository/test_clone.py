"""Copies of remote repositories: further refs are added, and a token stays in no file of theirs."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.errors import SnapshotError
from analyzers.repository import clone as copies
from tests.support.github import GitHubStandIn, HostedRepository


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github") as running:
        yield running


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a.txt": "1\n"}, private=True)


def _authorization(github: GitHubStandIn) -> str:
    return f"Basic {base64.b64encode(f'x-access-token:{github.token()}'.encode()).decode()}"


def _resolved(folder: Path, ref: str) -> str:
    command = ["git", "--git-dir", str(folder), "rev-parse", ref]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_refs_of_pull_requests_are_added_under_names_of_our_own(
    github: GitHubStandIn, repository: HostedRepository, tmp_path: Path
) -> None:
    pull = repository.pull_from_fork("eve", "main", {"a.txt": "2\n"})
    copy, authorization = tmp_path / "copy", _authorization(github)
    copies.clone(repository.clone_url, copy, authorization=authorization)
    refs = {f"refs/pull/{pull.number}/head": "refs/debtscan/head", "refs/heads/main": "refs/debtscan/base"}
    copies.fetch(repository.clone_url, copy, refs, authorization=authorization)
    assert _resolved(copy, "refs/debtscan/head") == pull.head
    assert _resolved(copy, "refs/debtscan/base") == _resolved(copy, "refs/heads/main") == repository.head
    secret = authorization.removeprefix("Basic ").encode()
    assert not any(secret in file.read_bytes() for file in copy.rglob("*") if file.is_file())


def test_a_ref_that_is_not_there_is_said(github: GitHubStandIn, repository: HostedRepository, tmp_path: Path) -> None:
    copy, authorization = tmp_path / "copy", _authorization(github)
    copies.clone(repository.clone_url, copy, authorization=authorization)
    with pytest.raises(SnapshotError, match="refs/pull/99/head"):
        copies.fetch(repository.clone_url, copy, {"refs/pull/99/head": "refs/x/y"}, authorization=authorization)
    with pytest.raises(SnapshotError, match="cannot be copied"):
        copies.fetch(repository.clone_url, copy, {"refs/heads/main": "refs/x/y"})
