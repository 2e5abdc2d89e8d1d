"""A run in a world that says no: limits in the middle, failing servers, repositories that are not to be worked on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.github.client import Client, open_repository
from bot.github.session import Session
from bot.upgrade.locks.sandbox import OPT_IN
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import hurry
from tests.support.packages import python_index
from tests.support.shop import LOGIN, NAME, github_at

SETTINGS = "[upgrades]\ngroup-kinds = []\n"


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    hurry(monkeypatch)
    with python_index() as index:
        index.add("ant", "1.0.0", "1.1.0").add("bee", "1.0.0", "1.1.0")
        with github_at(tmp_path, monkeypatch, SETTINGS, {"pypi": index.url}) as found:
            yield found


def _repository(github: GitHubStandIn, name: str = NAME, **settings: object) -> HostedRepository:
    files = {"requirements.txt": "ant==1.0.0\nbee==1.0.0\n"}
    made = github.repository(name, files, collaborators={LOGIN: "write"})
    for key, value in settings.items():
        setattr(made.settings, key, value)
    return made


def test_a_limit_used_up_in_the_middle_ends_the_run_with_what_was_done(
    github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = _repository(github)
    monkeypatch.setenv("GITHUB_TOKEN", github.token(login=LOGIN, limit=25))
    assert main(["run", NAME, "acme/other", "--quiet"]) == 4
    told = capsys.readouterr().out
    assert "opened #1" in told
    assert "Stopped:" in told
    assert "acme/other" not in told
    monkeypatch.setenv("GITHUB_TOKEN", github.token(login=LOGIN))
    assert main(["run", NAME, "--quiet"]) == 0
    assert [pull.state for pull in repository.pulls] == ["open", "open"]
    assert len(repository.branches) == 3


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("status", [502, 503])
def test_servers_that_fail_for_a_while_are_waited_for(github: GitHubStandIn, status: int, after: bool) -> None:
    repository = _repository(github)
    for nth in (1, 4, 9):
        github.fault("write", nth=nth, status=status, after=after)
    assert main(["run", NAME, "--quiet"]) == 0
    assert len(repository.pulls) == 2
    assert len(repository.branches) == 3


def test_a_secondary_limit_is_waited_for(github: GitHubStandIn) -> None:
    repository = _repository(github)
    github.fault("write", nth=3, secondary=True, retry_after=0)
    assert main(["run", NAME, "--quiet"]) == 0
    assert len(repository.pulls) == 2


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"archived": True}, "it is archived"),
        ({"disabled": True}, "GitHub has disabled it"),
        ({"fork": True}, "it is a fork"),
        ({"mirror_url": "https://example.org/shop.git"}, "it is a mirror"),
    ],
    ids=["archived", "disabled", "fork", "mirror"],
)
def test_an_organisation_is_worked_on_but_for_what_is_skipped_with_the_reason(
    github: GitHubStandIn, capsys: pytest.CaptureFixture[str], settings: dict[str, object], why: str
) -> None:
    left, done = _repository(github, "acme/left", **settings), _repository(github, "acme/done")
    github.repository("acme/empty", collaborators={LOGIN: "write"})
    assert main(["run", "--org", "acme", "--quiet"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"acme/left: skipped, {why}" in told
    assert "acme/empty: skipped, it has no commit" in told
    assert left.pulls == []
    assert len(done.pulls) == 2


def test_a_lock_whose_tool_is_missing_is_left_out_with_the_reason(
    github: GitHubStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git = shutil.which("git")
    assert git
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv(OPT_IN, "1")
    project = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["ant>=1"]\n'
    package = '[[package]]\nname = "ant"\nversion = "1.0.0"\nsource = { registry = "https://pypi.org/simple" }\n'
    lock = f'version = 1\nrequires-python = ">=3.11"\n\n{package}'
    files = {"pyproject.toml": project, "uv.lock": lock}
    repository = github.repository(NAME, files, collaborators={LOGIN: "write"})
    assert main(["run", NAME, "--quiet"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "its lockfile cannot be made: ant 1.1.0: uv.lock: uv is not here" in told
    assert repository.pulls == []


def test_a_fault_of_debtscan_costs_one_repository_and_its_words_hold_no_password(
    github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = _repository(github)
    _repository(github, "acme/broken")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def failing(session: Session, name: str) -> Client:
        if name == "acme/broken":
            raise ValueError("cannot read https://user:hunter2@pypi.example/simple")
        return open_repository(session, name)

    monkeypatch.setattr("bot.commands._hosted.open_client", failing)
    assert main(["run", "acme/broken", NAME, "--quiet"]) == 4
    told = capsys.readouterr().out
    assert "acme/broken: failed, internal error: ValueError" in " ".join(told.split())
    assert repository.pulls
    logs = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "state").rglob("crash.log"))
    assert "ValueError" in logs
    assert "hunter2" not in told + logs
