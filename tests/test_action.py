"""The composite action: its ``run:`` steps with the runner's environment, files and inputs; ``uses:`` is not run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.posts.check_run import NAME as CHECK
from tests.support.action import ROOT, Runner, read_outputs
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.packages import python_index
from tests.support.shop import NAME, github_at

FILES = {"requirements.txt": "ant==1.0.0\n", "Dockerfile": "FROM scratch\nMAINTAINER ada\n"}
OLD = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo '::set-output name=a::b'\n"
SETTINGS = "[posts]\ndashboard = true\n[history]\nenabled = true\n"
MAY = {"contents": "write", "checks": "write", "pull_requests": "write", "issues": "write", "statuses": "read"}
# The environment of the tests has debtscan already, and asks nobody beyond loopback.
OWN = f"""\
#!/bin/sh
cd {ROOT}
exec {sys.executable} -m tests.support.hasty "$@"
"""
PASSED = ("DEBTSCAN_CONFIG", "DEBTSCAN_GITHUB_URL", "SOURCE_DATE_EPOCH")


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with python_index() as index, github_at(tmp_path, monkeypatch, SETTINGS, {"pypi": index.url}) as found:
        index.add("ant", "1.0.0", "1.1.0")
        yield found


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    return github.repository(NAME, FILES, collaborators={"ada": "write"})


@pytest.fixture
def runner(
    github: GitHubStandIn, repository: HostedRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Runner:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return Runner(
        place=tmp_path / "runner",
        environment={name: os.environ[name] for name in PASSED},
        github={"token": github.workflow_token(NAME, MAY), "repository": repository.name},
        given={"python": {"python-path": sys.executable}},
        instead={"Install debtscan": _install_own},
    )


def _install_own(temp: Path) -> None:
    program = temp / "debtscan" / "bin" / "debtscan"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(OWN)
    program.chmod(0o755)


def test_a_round_with_its_outputs_its_report_and_the_jobs_page(
    repository: HostedRepository, runner: Runner, github: GitHubStandIn
) -> None:
    played = runner.play(lock_tools="false")
    assert played.code == 0, played.log
    assert played.not_run == ["actions/setup-python", "actions/cache", "Install debtscan"]
    assert (played.skipped, played.ran) == (["Install lock tools"], ["Run debtscan"])
    report = played.outputs.pop("report")
    assert report == str(runner.temp / "debtscan-report.html")
    assert repository.head[:7] in Path(report).read_text()
    score, skipped = played.outputs.pop("score"), played.outputs.pop("skipped")
    assert played.outputs == {"grade": "A", "findings": "2", "new": "", "mended": ""}
    assert 0 < float(score) < 100
    assert skipped.isdigit()
    assert played.summary.startswith("## Technical debt")
    assert len(repository.pulls) == len(repository.issues) == len(repository.settings.check_runs) == 1
    assert "debtscan-history" in repository.branches
    before = len(github.writes)
    assert runner.play(lock_tools="false").code == 0
    assert github.writes[before:] == []


def test_a_dry_run_writes_nothing_and_has_its_outputs(github: GitHubStandIn, runner: Runner) -> None:
    played = runner.play(lock_tools="false", dry_run="true")
    assert played.code == 0, played.log
    assert github.writes == []
    assert "would open the issue" in played.log
    assert (played.outputs["grade"], Path(played.outputs["report"]).exists()) == ("A", True)


def test_on_a_pull_request_only_what_it_adds_is_told(repository: HostedRepository, runner: Runner) -> None:
    pull = repository.pull_from_fork("eve", "topic", {"Dockerfile": "FROM scratch\n", ".github/workflows/ci.yml": OLD})
    played = runner.play(pull_request=str(pull.number))
    assert played.code == 0, played.log
    assert played.skipped == ["Install lock tools"]
    assert (played.outputs["new"], played.outputs["mended"]) == ("1", "1")
    assert pull.head[:7] in Path(played.outputs["report"]).read_text()
    assert played.summary.startswith("## Technical debt of this pull request")
    (run,) = repository.settings.check_runs
    assert (run.name, run.sha) == (CHECK, pull.head)
    assert len(pull.comments) == 1
    assert (len(repository.issues), sorted(repository.branches)) == (0, ["main"])


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"repository": "a/b; touch x"}, 4),
        ({"repository": "$(touch x)"}, 4),
        ({"repository": "--org=acme"}, 4),
        ({"repository": "acme/shop\ntouch x"}, 4),
        ({"repository": "../../x"}, 4),
        ({"pull_request": "1; touch x"}, 2),
        ({"pull_request": "`touch x`"}, 2),
        ({"pull_request": "--org=acme"}, 2),
        ({"dry_run": "true; touch x"}, 2),
        ({"dry_run": "yes"}, 2),
        ({"report": 'x\' "; touch x; echo "/y'}, 4),
        ({"token": "x; touch x"}, 2),
    ],
)
def test_a_hostile_input_does_nothing(github: GitHubStandIn, runner: Runner, inputs: dict[str, str], code: int) -> None:
    played = runner.play(**{"lock_tools": "false", **inputs})
    assert played.code == code, played.log
    assert github.writes == []
    assert list(runner.workspace.iterdir()) == []
    assert not list(runner.place.rglob("x"))
    assert "Traceback" not in played.log


def test_conditions_are_heeded(runner: Runner) -> None:
    played = runner.play(lock_tools="false", cache="false", dry_run="no")
    assert played.skipped == ["actions/cache", "Install lock tools"]
    assert runner.play(pull_request="1", dry_run="no").skipped == ["Install lock tools"]


def test_on_windows_it_says_at_once_that_it_does_not_run_there(runner: Runner) -> None:
    there = Runner(place=runner.place, github=runner.github, given=runner.given, system="Windows")
    played = there.play()
    assert (played.code, played.ran) == (1, ["Install debtscan"])
    assert "::error::debtscan's action runs on Linux and macOS" in played.log


def test_outputs_are_read_as_the_runner_reads_them() -> None:
    text = "a=1\nb<<end-1\ntwo\nlines\nend-1\nc<<end-2\n\nend-2\nd=x<<y\n"
    assert read_outputs(text) == {"a": "1", "b": "two\nlines", "c": "", "d": "x<<y"}


@pytest.mark.online
def test_what_it_installs_is_what_is_locked_and_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with GitHubStandIn(tmp_path / "github", enterprise=True) as github:
        repository = github.repository(NAME, {"requirements.txt": "requests==2.31.0\n"})
        runner = Runner(
            place=tmp_path / "runner",
            environment={"DEBTSCAN_GITHUB_URL": github.url},
            github={"token": github.workflow_token(NAME, MAY), "repository": NAME},
            given={"python": {"python-path": sys.executable}},
        )
        played = runner.play()
        assert played.code == 0, played.log
        assert played.ran == ["Install debtscan", "Install lock tools", "Run debtscan"]
        assert played.not_run == ["actions/setup-python", "actions/cache"]
        assert played.outputs["grade"] in set("ABCDEF")
        assert "requests" in Path(played.outputs["report"]).read_text()
        assert "debtscan-history" in repository.branches
        tools = [runner.temp / "debtscan-tools" / "bin" / name for name in ("uv", "poetry", "pip-compile")]
        tools += [runner.temp / "debtscan-node" / "node_modules" / ".bin" / name for name in ("pnpm", "yarn")]
        assert all(tool.exists() for tool in tools)
