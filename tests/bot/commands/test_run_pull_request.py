"""``debtscan run OWNER/REPO --pull-request N`` on the stand-in: compared with the merge base, told, and taken back."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.cli import main
from bot.posts.check_run import NAME as CHECK
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.threads import Pull
from tests.support.hasty import hurry
from tests.support.shop import github_at

NAME = "acme/shop"
WRITE = {"contents": "read", "checks": "write", "pull_requests": "write"}
OLD = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo '::set-output name=a::b'\n"
MENDED = OLD.replace("::set-output name=a::b", "done")
FILES = {".github/workflows/ci.yml": OLD, "Dockerfile": "FROM scratch\n", "README.md": "Shop\n"}
WORSE = "FROM scratch\nMAINTAINER ada\n"


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with github_at(tmp_path, monkeypatch) as found:
        hurry(monkeypatch)
        yield found


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES, collaborators={"ada": "write"})


@pytest.fixture
def token(github: GitHubStandIn, repository: HostedRepository, monkeypatch: pytest.MonkeyPatch) -> str:
    """Act as the workflow does, with its own token."""
    made = github.workflow_token(repository.name, WRITE)
    monkeypatch.setenv("GITHUB_TOKEN", made)
    return made


def _pull(repository: HostedRepository, files: Mapping[str, str | bytes | None]) -> Pull:
    """Open a pull request of people's, from a fork: its branch is none of the repository's."""
    return repository.pull_from_fork("eve", "topic", files)


def _push(repository: HostedRepository, pull: Pull, files: Mapping[str, str | bytes | None]) -> None:
    """Let the branch of a pull request go on."""
    again = repository.pull_from_fork("eve", "topic", files)
    del repository.settings.issues[again.number]
    pull.head = again.head
    repository.settings.git.update_ref(f"refs/pull/{pull.number}/head", again.head)


def _run(number: int, *arguments: str) -> int:
    return main(["run", NAME, "--pull-request", str(number), "--quiet", "--jobs", "1", *arguments])


def _comments(pull: Pull) -> list[str]:
    return [one.body for one in pull.comments]


@pytest.mark.usefixtures("token")
def test_what_it_adds_and_mends_is_told_once_and_again_only_where_it_differs(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = _pull(repository, {"Dockerfile": WORSE, ".github/workflows/ci.yml": MENDED})
    assert _run(pull.number) == 0
    (run,) = repository.settings.check_runs
    assert (run.name, run.sha, run.conclusion) == (CHECK, pull.head, "neutral")
    assert [(one["path"], one["start_line"]) for one in run.annotations] == [("Dockerfile", 2)]
    assert run.title is not None
    assert run.title.endswith("1 new finding, 1 mended")
    (text,) = _comments(pull)
    assert "MAINTAINER" in text
    assert len(github.writes) == 2
    assert "1 new finding, 1 mended" in capsys.readouterr().out

    assert _run(pull.number) == 0
    assert len(github.writes) == 2
    assert "everything is told as it should be" in capsys.readouterr().out


@pytest.mark.usefixtures("token")
def test_a_mended_finding_leaves_the_comment_and_the_comment_goes_with_the_last_one(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    pull = _pull(repository, {"Dockerfile": WORSE, "worker/Dockerfile": WORSE})
    _run(pull.number)
    assert "worker" in _comments(pull)[0]
    _push(repository, pull, {"Dockerfile": WORSE})
    _run(pull.number)
    (text,) = _comments(pull)
    assert "worker" not in text
    assert "MAINTAINER" in text
    _push(repository, pull, {"README.md": "Better\n"})
    _run(pull.number)
    assert _comments(pull) == []
    before = len(github.writes)
    _run(pull.number)
    assert len(github.writes) == before


@pytest.mark.usefixtures("token")
def test_what_came_to_the_base_since_is_not_the_pull_requests(repository: HostedRepository) -> None:
    pull = _pull(repository, {"README.md": "Better\n"})
    repository.commit({"Dockerfile": WORSE})
    assert _run(pull.number) == 0
    assert _comments(pull) == []
    assert repository.settings.check_runs[-1].annotations == []


@pytest.mark.usefixtures("token")
def test_a_pull_request_without_anything_to_say_gets_a_check_run_alone(repository: HostedRepository) -> None:
    pull = _pull(repository, {"README.md": "Better\n"})
    _run(pull.number)
    assert repository.settings.check_runs[-1].title is not None
    assert "Nothing new and nothing mended" in repository.settings.check_runs[-1].title
    assert _comments(pull) == []


@pytest.mark.usefixtures("token")
def test_a_dry_run_says_both_texts_and_writes_nothing(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = _pull(repository, {"Dockerfile": WORSE})
    assert _run(pull.number, "--dry-run") == 0
    told = capsys.readouterr().out
    assert f"would write the check run '{CHECK}'" in told
    assert f"would comment on the pull request #{pull.number}" in told
    assert github.writes == []


@pytest.mark.usefixtures("token")
def test_its_own_configuration_does_not_count_and_that_is_said(
    repository: HostedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEBTSCAN_CONFIG")
    repository.commit({"debtscan.toml": '[gate]\nfail-on = "new"\n'})
    pull = _pull(repository, {"Dockerfile": WORSE, "debtscan.toml": 'disabled-rules = ["deprecated-instruction"]\n'})
    assert _run(pull.number) == 1
    assert repository.settings.check_runs[-1].conclusion == "failure"
    assert "changes the configuration of debtscan" in _comments(pull)[0]


@pytest.mark.usefixtures("token")
def test_what_the_default_branch_changed_of_the_configuration_is_not_the_pull_requests(
    repository: HostedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEBTSCAN_CONFIG")
    pull = _pull(repository, {"Dockerfile": WORSE})
    repository.commit({"debtscan.toml": "[posts]\nannotations = 0\n"})
    assert _run(pull.number) == 0
    assert "configuration of debtscan" not in _comments(pull)[0]
    assert repository.settings.check_runs[-1].annotations == []


@pytest.mark.usefixtures("token")
def test_one_that_shares_no_commit_with_its_base_is_said_to_have_nothing_to_compare(
    repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = _pull(repository, {"Dockerfile": WORSE})
    git = repository.settings.git
    commit = git.commit(pull.head)
    alone = git.write_commit(commit.tree, (), "Alone", commit.author, commit.author)
    git.update_ref(f"refs/pull/{pull.number}/head", alone)
    assert _run(pull.number) == 4
    assert "shares no commit with main" in " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("token")
def test_what_is_set_aside_in_its_own_lines_is_told(repository: HostedRepository) -> None:
    ignored = "FROM scratch\n# debtscan: ignore[deprecated-instruction] wanted until=2027-01-01\nMAINTAINER eve\n"
    pull = _pull(repository, {"Dockerfile": ignored})
    _run(pull.number)
    assert "1 set aside" in _comments(pull)[0]


@pytest.mark.usefixtures("token")
def test_a_part_that_is_switched_off_is_not_written(
    repository: HostedRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEBTSCAN_CONFIG")
    repository.commit({"debtscan.toml": "[posts]\ncheck-run = false\ncomment = false\n"})
    pull = _pull(repository, {"Dockerfile": WORSE})
    assert _run(pull.number) == 0
    assert repository.settings.check_runs == []
    assert _comments(pull) == []


def test_a_token_that_may_only_read_leaves_the_job_its_page_its_outputs_and_the_lines(
    github: GitHubStandIn,
    repository: HostedRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reading = dict.fromkeys(WRITE, "read")
    monkeypatch.setenv("GITHUB_TOKEN", github.workflow_token(repository.name, reading))
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    pull = _pull(repository, {"Dockerfile": WORSE})
    assert _run(pull.number) == 0
    told = capsys.readouterr().out
    assert "withheld: the check run" in told
    assert "withheld: the comment" in told
    assert "it comes from a fork" in told
    assert "::notice file=Dockerfile,line=2" in told
    assert github.writes == [one for one in github.writes if one.status == 403]
    assert "MAINTAINER" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    outputs = (tmp_path / "GITHUB_OUTPUT").read_text().splitlines()
    assert outputs[outputs.index(next(line for line in outputs if line.startswith("new<<"))) + 1] == "1"


def test_with_a_persons_token_the_preflight_says_that_only_apps_write_check_runs(
    repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = _pull(repository, {"Dockerfile": WORSE})
    assert _run(pull.number) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "missing permission Checks" in told
    assert "only Apps write check runs" in told
    assert len(_comments(pull)) == 1


@pytest.mark.usefixtures("token")
def test_a_limit_that_is_used_up_leaves_the_job_its_page_and_the_rest_to_the_next_run(
    github: GitHubStandIn,
    repository: HostedRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))
    pull = _pull(repository, {"Dockerfile": WORSE})
    github.fault("POST /repos/{owner}/{repo}/check-runs", secondary=True, retry_after=3600)
    assert _run(pull.number) == 4
    assert "Stopped:" in capsys.readouterr().out
    assert _comments(pull) == []
    assert "MAINTAINER" in (tmp_path / "page.md").read_text()
    assert _run(pull.number) == 0
    assert len(repository.settings.check_runs) == len(_comments(pull)) == 1


@pytest.mark.usefixtures("token")
def test_debtscans_own_upgrade_gets_no_comment(github: GitHubStandIn, repository: HostedRepository) -> None:
    del github
    repository.commit({".github/workflows/ci.yml": MENDED}, branch="debtscan/mended")
    pull = _pull(repository, {})
    pull.fork, pull.branch, pull.author = None, "debtscan/mended", repository.world.account("github-actions[bot]")
    pull.head = repository.branches["debtscan/mended"]
    repository.settings.git.update_ref(f"refs/pull/{pull.number}/head", pull.head)
    _run(pull.number)
    assert len(repository.settings.check_runs) == 1
    assert _comments(pull) == []


@pytest.mark.usefixtures("token")
def test_a_closed_one_is_left(
    github: GitHubStandIn, repository: HostedRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    pull = _pull(repository, {"Dockerfile": WORSE})
    repository.close(pull.number)
    assert _run(pull.number) == 0
    assert "it is closed" in capsys.readouterr().out
    assert github.writes == []


@pytest.mark.usefixtures("token", "repository")
def test_one_that_is_not_there_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(99) == 4
    assert "#99" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--org", "acme"], ["acme/shop", "acme/web"]])
def test_it_is_one_of_one_repository(arguments: list[str]) -> None:
    assert main(["run", *arguments, "--pull-request", "1"]) == 2


@pytest.mark.usefixtures("token")
def test_hostile_names_of_a_fork_reach_nobody(repository: HostedRepository, capsys: pytest.CaptureFixture[str]) -> None:
    path = "@octocat <b>|`x`\x1b[2J/Dockerfile"
    pull = _pull(repository, {path: WORSE})
    assert _run(pull.number) == 0
    assert "\x1b" not in capsys.readouterr().out
    for text in (*_comments(pull), repository.settings.check_runs[-1].summary or ""):
        assert "@octocat" not in text
        assert "<b>" not in text
        assert "\x1b" not in text


def _start(number: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.hasty", "run", NAME, "--pull-request", str(number), "--quiet"]
    return subprocess.Popen([*command, "--jobs", "1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


# Two requests of annotations, and the comment.
@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_killed_after_any_write_the_next_run_leaves_one_of_each(
    github: GitHubStandIn, repository: HostedRepository, nth: int
) -> None:
    pull = _pull(repository, {f"{number}/Dockerfile": WORSE for number in range(60)})
    running: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        running[0].kill()
        running[0].wait()

    github.fault("write", nth=nth, after=True, drop=True, call=kill)
    running.append(_start(pull.number))
    told, _ = running[0].communicate(timeout=60)
    assert running[0].returncode == -signal.SIGKILL, told
    assert _run(pull.number) == 0
    (run,) = repository.settings.check_runs
    assert len({one["path"] for one in run.annotations}) == len(run.annotations) == 60
    assert run.conclusion == "neutral"
    assert len(_comments(pull)) == 1
    assert len(github.writes) == 3
