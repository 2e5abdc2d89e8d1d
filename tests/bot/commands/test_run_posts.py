"""``debtscan run OWNER/REPO`` posts on the default branch's commit: its check run, and code scanning where wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.posts.check_run import NAME as CHECK
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import hurry
from tests.support.shop import github_at

NAME = "acme/shop"
WRITE = {
    "contents": "write",
    "checks": "write",
    "pull_requests": "write",
    "issues": "write",
    "statuses": "read",
    "security_events": "write",
}
FILES = {"Dockerfile": "FROM scratch\nMAINTAINER ada\n"}


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with github_at(tmp_path, monkeypatch, "[posts]\ncode-scanning = true\n") as found:
        hurry(monkeypatch)
        yield found


@pytest.fixture
def repository(github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> HostedRepository:
    made = github.repository(NAME, FILES)
    monkeypatch.setenv("GITHUB_TOKEN", github.workflow_token(NAME, WRITE))
    return made


def _run(*arguments: str) -> int:
    return main(["run", NAME, "--quiet", "--jobs", "1", *arguments])


def test_the_first_run_posts_and_the_second_writes_nothing(github: GitHubStandIn, repository: HostedRepository) -> None:
    assert _run() == 0
    (run,) = repository.settings.check_runs
    assert (run.name, run.sha, run.conclusion, run.annotations) == (CHECK, repository.head, "neutral", [])
    (analysis,) = repository.settings.analyses
    assert (analysis.commit, analysis.ref) == (repository.head, "refs/heads/main")
    before = len(github.writes)
    assert _run() == 0
    assert len(github.writes) == before


def test_a_dry_run_says_both_and_writes_none(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("--dry-run") == 0
    told = capsys.readouterr().out
    assert f"would write the check run '{CHECK}' of {repository.head[:10]}" in told
    assert "characters of SARIF" in told
    assert github.writes == []


def test_what_is_off_is_withheld_and_the_rest_is_done(
    repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.settings.code_scanning = False
    assert _run() == 0
    assert len(repository.settings.check_runs) == 1
    assert "withheld: code scanning" in capsys.readouterr().out


def test_the_workflow_gets_the_scorecard_and_its_outputs(
    repository: HostedRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.setenv(name, str(tmp_path / name))
    assert _run() == 0
    assert repository.name in (tmp_path / "GITHUB_STEP_SUMMARY").read_text().replace("&#47;", "/")
    assert "findings<<debtscan-" in (tmp_path / "GITHUB_OUTPUT").read_text()
