"""``debtscan history`` in a clone, on the stand-in and with a database; and the history in the report of a scan."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.store.branch import BranchStore
from bot.store.files import Book
from bot.store.sql import open_database
from tests.support.entries import entry_of, facts_of
from tests.support.git_server import serve_git
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.git_store import environment
from tests.support.hasty import hurry
from tests.support.hosts import LOGIN, opened

NAME, BRANCH = "acme/shop", "debtscan-history"
DAY = date(2026, 11, 23)
SCORES = (61.25, 64.0, 75.5)


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        monkeypatch.setenv("DEBTSCAN_GITHUB_URL", standin.url)
        monkeypatch.setenv("GITHUB_TOKEN", standin.token(login=LOGIN))
        monkeypatch.setenv("DEBTSCAN_CACHE_DIR", f"{tmp_path}/cache")
        hurry(monkeypatch)
        yield standin


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, {"Dockerfile": "FROM python:3.8\n"}, collaborators={LOGIN: "write"})


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[str, str]]:
    """Run the command; return what it printed and what it told."""

    def run(*arguments: str, code: int = 0) -> tuple[str, str]:
        capsys.readouterr()
        assert main(["history", *arguments]) == code
        out, told = capsys.readouterr()
        return out, " ".join(told.split())

    return run


def _fill(github: GitHubStandIn, branch: str = BRANCH) -> None:
    with opened(github, NAME) as client:
        for week, score in enumerate(SCORES):
            day = DAY - timedelta(weeks=2 - week)
            BranchStore(client, branch).append(entry_of(day, score, commit=f"{week + 1}" * 40), facts_of(day))


def _clone(repository: HostedRepository, folder: Path) -> str:
    git = ["git", "-c", f"remote.origin.url=https://github.example/{NAME}.git"]
    subprocess.run(
        [*git, "clone", "--quiet", str(repository.settings.git.path), str(folder)], check=True, env=environment()
    )
    return str(folder)


def _scores(text: str) -> list[float]:
    document: Any = json.loads(text)
    return [entry["score"] for entry in document["history"]]


def test_a_clone_prints_the_table_the_newest_first(
    github: GitHubStandIn, repository: HostedRepository, tmp_path: Path, said: Callable[..., tuple[str, str]]
) -> None:
    _fill(github)
    before = len(github.requests)
    out, told = said(_clone(repository, tmp_path / "shop"))
    lines = [line.split() for line in out.splitlines() if line.startswith("  2026")]
    assert [line[:5] for line in lines] == [
        ["2026-11-23", "3333333333", "75.5", "B", "+11.5"],
        ["2026-11-16", "2222222222", "64", "C", "+2.8"],
        ["2026-11-09", "1111111111", "61.2", "C", "dependencies"],
    ]
    assert told == ""
    # Nobody is asked.
    assert len(github.requests) == before


def test_a_name_is_asked_of_github_and_nothing_is_written(
    github: GitHubStandIn, repository: HostedRepository, said: Callable[..., tuple[str, str]]
) -> None:
    repository.commit({"debtscan.toml": '[history]\nbranch = "scores"\n'})
    _fill(github, "scores")
    done = len(github.writes)
    out, _told = said(NAME, "--format", "json")
    assert _scores(out) == list(SCORES)
    assert json.loads(out)["repository"] == NAME
    assert len(github.writes) == done


def test_dates_and_numbers_cut_it(
    github: GitHubStandIn, repository: HostedRepository, tmp_path: Path, said: Callable[..., tuple[str, str]]
) -> None:
    _fill(github)
    clone = _clone(repository, tmp_path / "shop")
    assert _scores(said(clone, "--format", "json", "--limit", "2")[0]) == list(SCORES[1:])
    assert _scores(said(clone, "--format", "json", "--since", "2026-11-16")[0]) == list(SCORES[1:])
    assert said(clone, "--format", "markdown", "--limit", "1")[0].count("| 2026-") == 1
    out, told = said(clone, "--since", "2027-01-01")
    assert out == ""
    assert "no scorecard since 2027-01-01; the newest is of 2026-11-23" in told


def test_without_a_history_it_says_how_to_get_one(
    repository: HostedRepository, tmp_path: Path, said: Callable[..., tuple[str, str]]
) -> None:
    out, told = said(_clone(repository, tmp_path / "shop"))
    assert out == ""
    assert "has no history yet: fetch it (git fetch origin debtscan-history" in told
    assert "'debtscan run acme/shop' makes the first entry" in said(NAME)[1]
    out, told = said(NAME, "--format", "json")
    assert _scores(out) == []
    assert "has no history yet" in told


def test_a_damaged_one_is_an_error(
    repository: HostedRepository, tmp_path: Path, said: Callable[..., tuple[str, str]]
) -> None:
    repository.commit({"history.jsonl": '{"debtscan-history":1}\nx\n'}, branch=BRANCH)
    assert "history.jsonl on the branch debtscan-history:2: is no entry" in said(NAME, code=2)[1]
    assert "history.jsonl on the branch debtscan-history:2" in said(_clone(repository, tmp_path / "shop"), code=2)[1]


def test_a_database_comes_before_the_branch(
    github: GitHubStandIn,
    repository: HostedRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: Callable[..., tuple[str, str]],
) -> None:
    _fill(github)
    address = f"sqlite:///{tmp_path / 'history.db'}"
    monkeypatch.setenv("DEBTSCAN_DATABASE", address)
    name = Path(_clone(repository, tmp_path / "shop")).name
    assert "'debtscan run' makes the first entry in the database" in said(str(tmp_path / "shop"))[1]
    with open_database(address) as database:
        database.store(NAME).append(entry_of(DAY, 12.5), facts_of(DAY))
    assert _scores(said(NAME, "--format", "json")[0]) == [12.5]
    subprocess.run(
        ["git", "remote", "set-url", "origin", f"https://github.example/{NAME}.git"],
        cwd=tmp_path / name,
        check=True,
        env=environment(),
    )
    assert _scores(said(str(tmp_path / "shop"), "--format", "json")[0]) == [12.5]


def test_an_address_that_nobody_knows_is_an_error_without_it(
    monkeypatch: pytest.MonkeyPatch, said: Callable[..., tuple[str, str]]
) -> None:
    monkeypatch.setenv("DEBTSCAN_DATABASE", "mysql://ada:s3cret@db/x")
    told = said(NAME, code=2)[1]
    assert "DEBTSCAN_DATABASE is no address that is known" in told
    assert "s3cret" not in told


def _scan(clone: str, *arguments: str) -> int:
    return main(["scan", clone, "--offline", "--quiet", "--as-of", "2026-11-30", *arguments])


def test_a_scan_shows_the_history_that_is_at_hand(
    github: GitHubStandIn, repository: HostedRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = _clone(repository, tmp_path / "before")
    assert _scan(clone, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["scorecard"]["history"] == []
    _fill(github)
    clone, page = _clone(repository, tmp_path / "after"), tmp_path / "report.html"
    assert _scan(clone, "--format", "json", "--output", f"html={page}") == 0
    history = json.loads(capsys.readouterr().out)["scorecard"]["history"]
    assert [entry["score"] for entry in history] == list(SCORES)
    assert "The score of 4 scans: from 61.2 (C) on 2026-11-09" in page.read_text()
    # What came after the day of the scan was not known then.
    assert main(["scan", clone, "--offline", "--quiet", "--as-of", "2026-11-16", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["scorecard"]["history"]) == 2


def test_a_scan_of_a_name_fetches_the_branch_into_its_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against a real git server on loopback in GitHub's place."""
    monkeypatch.chdir(tmp_path)
    with serve_git(tmp_path / "git") as host:
        made = host.repository("acme/shop").write("app.py", "def sell():\n    return 1\n").commit()
        monkeypatch.setenv("GITHUB_SERVER_URL", host.url)
        command = ["scan", "acme/shop", "--quiet", "--as-of", "2026-11-30", "--format", "json"]
        assert main(command) == 0
        assert json.loads(capsys.readouterr().out)["scorecard"]["history"] == []
        made.git("checkout", "--quiet", "--orphan", BRANCH)
        made.write("history.jsonl", Book().with_entry(entry_of(DAY, 61.25)).render().decode()).commit()
        made.git("checkout", "--quiet", "main")
        assert main(command) == 0
        out, told = capsys.readouterr()
    assert [entry["score"] for entry in json.loads(out)["scorecard"]["history"]] == [61.25]
    assert told == ""


def test_what_the_database_takes_is_named_where_it_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, said: Callable[..., tuple[str, str]]
) -> None:
    monkeypatch.setenv("DEBTSCAN_DATABASE", "sqlite:///history.db")
    monkeypatch.setitem(sys.modules, "bot.store.sql", None)
    assert "pip install 'debtscan[database]'" in said(NAME, code=2)[1]


def test_a_history_that_cannot_be_read_costs_a_scan_nothing_else(
    repository: HostedRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"history.jsonl": "mine\n"}, branch=BRANCH)
    assert _scan(_clone(repository, tmp_path / "shop"), "--format", "json") == 0
    out, told = capsys.readouterr()
    assert json.loads(out)["scorecard"]["history"] == []
    assert "the report goes without a history: history.jsonl on the branch debtscan-history:1" in " ".join(told.split())


def test_history_that_is_switched_off_is_not_shown(
    github: GitHubStandIn, repository: HostedRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill(github)
    repository.commit({"debtscan.toml": "[history]\nenabled = false\n"})
    assert _scan(_clone(repository, tmp_path / "shop"), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["scorecard"]["history"] == []


def test_offline_a_database_elsewhere_is_not_asked(
    repository: HostedRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEBTSCAN_DATABASE", "postgresql://ada@127.0.0.1:1/x")
    clone = _clone(repository, tmp_path / "shop")
    assert _scan(clone, "--format", "json") == 0
    assert "history" not in capsys.readouterr().err
