"""``debtscan run`` on the stand-in: copied over git, scanned, published."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import hurry

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
    hurry(monkeypatch)


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES, collaborators={"octobot": "write"})


def _run(*arguments: str) -> int:
    return main(["run", NAME, "--quiet", *arguments])


def test_nothing_is_written_on_a_dry_run_and_all_of_it_is_told(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--dry-run") == 0
    assert github.writes == []
    assert repository.pulls == []
    told = capsys.readouterr().out
    assert "Update actions/checkout from v2" in told
    assert "0 writes" in told


def test_the_first_run_opens_pull_requests_and_the_second_writes_nothing(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run() == 0
    pulls = {pull.title: pull for pull in repository.pulls}
    (checkout,) = (pull for title, pull in pulls.items() if "actions/checkout" in title)
    changed = repository.file(".github/workflows/ci.yml", checkout.branch) or b""
    assert b"actions/checkout@v2\n" not in changed
    before = len(github.writes)
    capsys.readouterr()
    assert _run() == 0
    assert github.writes[before:] == []
    assert "1 pull request as it should be" in capsys.readouterr().out


def test_without_the_permission_for_workflows_their_updates_are_withheld_and_the_others_go_on(
    github: GitHubStandIn,
    repository: HostedRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = github.app(permissions={"contents": "write", "pull_requests": "write", "issues": "write"}, on=["acme"])
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.setenv("DEBTSCAN_APP_ID", str(app.id))
    monkeypatch.setenv("DEBTSCAN_APP_PRIVATE_KEY", app.private_key)
    _run()
    told = capsys.readouterr().out
    assert "missing permission Workflows" in told
    assert "withheld" in told
    assert all(".github" not in path for pull in repository.pulls for path in _changed(repository, pull.branch))


def _changed(repository: HostedRepository, branch: str) -> list[str]:
    base, files = repository.files(), repository.files(branch)
    return [path for path, content in files.items() if base.get(path) != content]


@pytest.mark.parametrize("flag", ["archived", "disabled"])
def test_what_is_not_to_be_worked_on_is_skipped_with_the_reason(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str], flag: str
) -> None:
    setattr(repository.settings, flag, True)
    assert _run() == 0
    assert "skipped" in capsys.readouterr().out
    assert github.writes == []


@pytest.mark.usefixtures("repository")
def test_a_repository_that_is_not_there_fails_and_the_next_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "acme/nowhere", NAME, "--quiet", "--dry-run"]) == 4
    told = capsys.readouterr().out
    assert "acme/nowhere: failed" in told
    assert f"{NAME} (dry run" in told


@pytest.mark.usefixtures("repository")
def test_no_token_reaches_what_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    token = os.environ["GITHUB_TOKEN"]
    _run()
    output = capsys.readouterr()
    assert token not in output.out + output.err
