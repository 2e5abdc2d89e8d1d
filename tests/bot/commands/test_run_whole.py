"""A whole round of ``debtscan run``: upgrade, history with badge, dashboard and check run, and what moved the score."""

from __future__ import annotations

import html
import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import wording
from bot.cli import main
from bot.store.branch import BranchStore
from bot.store.model import Entry
from tests.support.entries import entry_of, facts_of
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.git_store import environment
from tests.support.hasty import hurry
from tests.support.hosts import opened
from tests.support.packages import PythonIndex, python_index
from tests.support.shop import LOGIN, NAME, NOW, github_at

HISTORY = "debtscan-history"
FILES = {
    "requirements.txt": "ant==1.0.0\n",
    "Dockerfile": "FROM scratch\nMAINTAINER ada\n",
    # A workflow's own token may write none of these, nor a branch that takes them away.
    ".github/workflows/ci.yml": "on: push\njobs: {}\n",
}
ALL = "[posts]\ndashboard = true\n[history]\nenabled = true\n"
WRITE = {"contents": "write", "checks": "write", "pull_requests": "write", "issues": "write", "statuses": "read"}
WEEK = timedelta(days=7)


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    with python_index() as made:
        made.add("ant", "1.0.0", "1.1.0")
        yield made


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: PythonIndex) -> Iterator[GitHubStandIn]:
    with github_at(tmp_path, monkeypatch, ALL, {"pypi": index.url}) as found:
        hurry(monkeypatch)
        yield found


@pytest.fixture
def repository(github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> HostedRepository:
    made = github.repository(NAME, FILES, collaborators={LOGIN: "write", "ada": "write"})
    monkeypatch.setenv("GITHUB_TOKEN", github.workflow_token(NAME, WRITE))
    return made


@pytest.fixture
def told(repository: HostedRepository, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run on the repository; return what was told, in one line."""

    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["run", repository.name, "--quiet", "--jobs", "1", *arguments]) == code
        return " ".join(capsys.readouterr().out.split())

    return run


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, github: GitHubStandIn) -> Callable[[timedelta], None]:
    """Let time pass."""

    def move(by: timedelta) -> None:
        github.world.now = NOW + by
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int((NOW + by).timestamp())))
        monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / f"cache-{by.days}"))

    return move


def _entries(github: GitHubStandIn) -> tuple[Entry, ...]:
    with opened(github, NAME) as client:
        return BranchStore(client, HISTORY).entries()


def _body(repository: HostedRepository) -> str:
    (issue,) = repository.issues
    return issue.body or ""


def _plain(markdown: str) -> str:
    return html.unescape(markdown).replace("\xa0", " ")


def _set(tmp_path: Path, old: str, new: str) -> None:
    own = tmp_path / "own.toml"
    text = own.read_text()
    assert old in text
    own.write_text(text.replace(old, new))


def test_the_first_run_makes_one_of_each_and_the_second_writes_nothing(
    github: GitHubStandIn, repository: HostedRepository, told: Callable[..., str]
) -> None:
    first = told()
    (entry,), (pull,), (run,) = _entries(github), repository.pulls, repository.settings.check_runs
    assert entry.commit == run.sha == repository.head
    assert f"[#{pull.number}](" in _body(repository)
    badge = repository.file("badge.svg", HISTORY)
    assert badge is not None
    assert f"technical debt: {entry.grade}".encode() in badge
    assert json.loads(repository.file("badge.json", HISTORY) or b"")["message"].startswith(entry.grade)
    assert f"{entry.grade} {wording.score(entry.score)}: 2 findings" in first
    for part in ("opened #1", "in the history", "opened the dashboard #2", "wrote the check run"):
        assert part in first
    before = len(github.writes)
    second = told()
    assert github.writes[before:] == []
    assert "1 pull request as it should be" in second
    assert "since" not in second


def test_a_week_later_everything_says_what_moved_the_score_and_repeating_that_run_writes_nothing(
    github: GitHubStandIn,
    repository: HostedRepository,
    told: Callable[..., str],
    later: Callable[[timedelta], None],
    tmp_path: Path,
) -> None:
    told()
    repository.commit({"Dockerfile": "FROM scratch\n"})
    later(WEEK)
    report = tmp_path / "report.html"
    said = told("--output", f"html={report}")
    before, after = _entries(github)
    won = f"since {before.as_of}: own +"
    assert after.score > before.score
    assert won in said
    assert won in _plain(_body(repository))
    assert won in (repository.settings.check_runs[-1].title or "")
    drawn = report.read_text()
    assert won in drawn
    writes, body = len(github.writes), _body(repository)
    told()
    assert github.writes[writes:] == []
    assert _body(repository) == body


def test_the_same_on_another_day_is_another_entry_and_one_more_edit_of_the_dashboard(
    github: GitHubStandIn,
    told: Callable[..., str],
    later: Callable[[timedelta], None],
) -> None:
    told()
    later(timedelta(days=1))
    writes = len(github.writes)
    said = told()
    assert f"unchanged since {NOW.date()}" in said
    assert [entry.as_of for entry in _entries(github)] == [NOW.date(), NOW.date() + timedelta(days=1)]
    assert "updated the dashboard" in said
    writes = len(github.writes)
    told()
    assert github.writes[writes:] == []


def test_a_dry_run_says_each_write_and_does_none(
    github: GitHubStandIn, repository: HostedRepository, told: Callable[..., str], tmp_path: Path
) -> None:
    said = told("--dry-run", "--output", f"json={tmp_path / 'report.json'}")
    assert github.writes == []
    assert sorted(repository.branches) == ["main"]
    for part in (
        "would commit 'Add the scorecard of",
        f"would create the branch {HISTORY}",
        "would open the issue 'Technical debt'",
        "would write the check run",
        "would open the pull request",
    ):
        assert part in said
    assert json.loads((tmp_path / "report.json").read_text())["repository"]["commit"] == repository.head


def test_where_no_upgrades_are_wanted_the_rest_is_done_and_what_is_open_stays(
    github: GitHubStandIn, repository: HostedRepository, told: Callable[..., str], tmp_path: Path
) -> None:
    told()
    (pull,) = repository.pulls
    _set(tmp_path, "[posts]", "[upgrades]\nenabled = false\n[posts]")
    said = told()
    assert "no upgrades are offered: [upgrades] enabled is false" in said
    assert "nothing to do" not in said
    assert (pull.state, pull.branch in repository.branches) == ("open", True)
    assert "no upgrades are offered" in _body(repository)
    writes = len(github.writes)
    told()
    assert github.writes[writes:] == []


def test_a_branch_that_somebody_else_made_is_left_and_the_rest_is_done(
    repository: HostedRepository, told: Callable[..., str]
) -> None:
    head = repository.commit({"README.md": "ours"}, branch=HISTORY)
    said = told()
    assert f"withheld: the history: the branch {HISTORY} has no history.jsonl" in said
    assert said.count("has no history.jsonl") == 1
    assert f"- The history: the branch {HISTORY} has no" in _plain(_body(repository))
    assert repository.branches[HISTORY] == head
    assert len(repository.settings.check_runs) == len(repository.issues) == len(repository.pulls) == 1


def test_a_damaged_history_fails_the_run_and_costs_nothing_else(
    repository: HostedRepository, told: Callable[..., str]
) -> None:
    repository.commit({"history.jsonl": "not ours"}, branch=HISTORY)
    said = told(code=4)
    assert "failed: the history: history.jsonl on the branch" in said
    assert len(repository.settings.check_runs) == len(repository.issues) == len(repository.pulls) == 1


def test_without_the_permission_to_write_contents_the_history_is_withheld(
    github: GitHubStandIn, repository: HostedRepository, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", github.workflow_token(NAME, {**WRITE, "contents": "read"}))
    said = told(code=4)
    assert "withheld: the history: " in said
    assert HISTORY not in repository.branches
    assert len(repository.settings.check_runs) == len(repository.issues) == 1


def test_a_persons_token_says_in_passing_that_it_cannot_write_check_runs(
    github: GitHubStandIn,
    repository: HostedRepository,
    told: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", github.token(login=LOGIN))
    said = told()
    assert "withheld: the check run: only Apps write check runs" in said
    assert "missing permission" not in said
    assert repository.settings.check_runs == []
    assert "check run" not in _body(repository)
    # Who asks for one is told what is missing.
    _set(tmp_path, "[posts]", "[posts]\ncheck-run = true")
    assert "missing permission Checks" in told()


@pytest.mark.usefixtures("github")
def test_a_report_has_one_of_the_formats_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", NAME, "--output", "report.nonsense"]) == 2
    assert "which format?" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told_before_anything_is_written_there(
    github: GitHubStandIn, told: Callable[..., str], tmp_path: Path
) -> None:
    assert "cannot be written" in told("--output", f"html={tmp_path / 'nowhere' / 'report.html'}", code=4)
    assert github.writes == []


def test_the_steps_outputs_name_the_reports(
    repository: HostedRepository, told: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "outputs"))
    report = tmp_path / "report.html"
    told("--output", f"html={report}")
    assert f"\n{report}\n" in (tmp_path / "outputs").read_text()
    assert repository.head[:7] in report.read_text()


def test_a_scan_in_a_clone_says_what_moved_the_score_since_that_run(
    repository: HostedRepository,
    told: Callable[..., str],
    later: Callable[[timedelta], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told()
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "--quiet", str(repository.settings.git.path), str(clone)], check=True, env=environment()
    )
    (clone / "Dockerfile").write_text("FROM scratch\n")
    later(WEEK)
    won = f"since {NOW.date()}: own +"

    def scanned(*arguments: str) -> str:
        capsys.readouterr()
        assert main(["scan", str(clone), "--quiet", "--jobs", "1", *arguments]) == 0
        return " ".join(capsys.readouterr().out.split())

    assert won in scanned()
    # A part of it, or another commit, is not what was scanned then.
    for arguments in (("--offline",), ("--only", "docker"), ("--commit", "HEAD")):
        assert won not in scanned(*arguments)


def test_a_round_thins_out_what_need_not_be_kept(
    github: GitHubStandIn, repository: HostedRepository, told: Callable[..., str]
) -> None:
    begin = date(2024, 5, 1)
    with opened(github, NAME) as client:
        for day in (begin + timedelta(days=number) for number in range(15)):
            BranchStore(client, HISTORY).append(entry_of(day), facts_of(day))
    said = told()
    # The first of that month, the one before this one, and this one; of Facts the last two.
    assert [entry.as_of for entry in _entries(github)] == [begin, begin + timedelta(days=14), NOW.date()]
    assert ", and thinned out 27 old entries and facts" in said
    assert "not split: commit aaaaaaa is not here any more" in said
    assert len(repository.settings.git.log(HISTORY)) == 1
    assert b"technical debt" in (repository.file("badge.svg", HISTORY) or b"")
    before = len(github.writes)
    told()
    assert github.writes[before:] == []
