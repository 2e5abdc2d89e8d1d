"""``debtscan run`` on the stand-in: copied over git, scanned, published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.github import GitHubStandIn, HostedRepository

NAME = "acme/shop"
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v2
      - run: echo "::set-output name=a::b"
"""
FILES = {
    "Dockerfile": "FROM python:3.8-slim-buster\nRUN true\n",
    ".github/workflows/ci.yml": WORKFLOW,
    "README.md": "Shop\n",
}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    """GitHub as an Enterprise Server: what an address of one's own leads to."""
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        yield standin


@pytest.fixture(autouse=True)
def _environment(github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEBTSCAN_GITHUB_URL", github.url)
    monkeypatch.setenv("GITHUB_TOKEN", github.token(login="octobot"))
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", f"{tmp_path}/cache")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795600000")


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES, collaborators={"octobot": "write"})


def test_nothing_is_written_on_a_dry_run(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", NAME, "--dry-run", "--quiet"]) == 0
    assert github.writes == []
    assert repository.pulls == []
    print(capsys.readouterr().out)
