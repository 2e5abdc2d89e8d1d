"""`debtscan init` on real repositories."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import VERSION
from bot.cli import main
from bot.commands import _init
from bot.commands.parser import build_parser
from bot.starter import ACTION, CONFIG, WORKFLOW
from tests.support.github.standin import GitHubStandIn
from tests.support.repository import RepositoryBuilder

COMMIT = "27d5ce7f107fe9357f9df03efb73ab90386fccae"


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return RepositoryBuilder(tmp_path / "shop").write("README.md", "A shop.\n").commit()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)


def _init_with(folder: Path, answers: list[str], *arguments: str) -> int:
    left: Iterator[str] = iter(answers)

    def ask(_question: str) -> str:
        try:
            return next(left)
        except StopIteration as error:
            raise EOFError from error

    return _init.init(build_parser().parse_args(["init", str(folder), "--pin", COMMIT, *arguments]), ask)


def test_without_questions_it_writes_workflow_and_configuration(
    repository: RepositoryBuilder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT]) == 0

    assert f"{ACTION}@{COMMIT}" in (repository.path / WORKFLOW).read_text()
    assert "[upgrades]" in (repository.path / CONFIG).read_text()
    out = capsys.readouterr().out
    assert f"wrote {WORKFLOW}" in out
    assert "commit it and push" in out
    # What it wrote is a configuration that debtscan takes.
    assert main(["inventory", str(repository.path), "--quiet"]) == 0


@pytest.mark.usefixtures("terminal")
def test_it_asks_two_questions_and_takes_the_answers(repository: RepositoryBuilder) -> None:
    assert _init_with(repository.path, ["n", "", "never asked"]) == 0

    assert "enabled = false" in (repository.path / CONFIG).read_text()
    assert "pull_request:" in (repository.path / WORKFLOW).read_text()


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("answers", [["what", "perhaps", "hm"], ["y"]])
def test_without_an_answer_nothing_is_written(
    repository: RepositoryBuilder, answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from analyzers.errors import UsageError

    with pytest.raises(UsageError, match="nothing was written"):
        _init_with(repository.path, answers)

    assert not (repository.path / WORKFLOW).exists()
    assert not (repository.path / CONFIG).exists()
    capsys.readouterr()


@pytest.mark.usefixtures("terminal")
def test_what_was_said_on_the_command_line_is_not_asked(repository: RepositoryBuilder) -> None:
    assert _init_with(repository.path, [], "--no-upgrades", "--no-pull-requests") == 0
    assert "pull_request:" not in (repository.path / WORKFLOW).read_text()


def test_a_second_time_changes_nothing(repository: RepositoryBuilder, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT]) == 0
    before = {path: (repository.path / path).stat().st_mtime_ns for path in (WORKFLOW, CONFIG)}
    capsys.readouterr()

    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT]) == 0

    assert {path: (repository.path / path).stat().st_mtime_ns for path in (WORKFLOW, CONFIG)} == before
    assert f"{WORKFLOW} is as it should be" in capsys.readouterr().out


def test_another_file_of_that_name_is_left_unless_forced(
    repository: RepositoryBuilder, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write(WORKFLOW, "name: ours\n").commit()

    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT]) == 2
    assert "--force writes over it" in capsys.readouterr().err
    assert (repository.path / WORKFLOW).read_text() == "name: ours\n"
    assert not (repository.path / CONFIG).exists()

    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT, "--force"]) == 0
    assert "name: debtscan" in (repository.path / WORKFLOW).read_text()


def test_what_no_commit_holds_is_never_written_over(
    repository: RepositoryBuilder, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write(WORKFLOW, "name: ours\n").commit()
    (repository.path / WORKFLOW).write_text("name: ours, better\n")

    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT, "--force"]) == 2

    assert "changes would be lost" in capsys.readouterr().err
    assert (repository.path / WORKFLOW).read_text() == "name: ours, better\n"


@pytest.mark.parametrize("place", [".github/debtscan.toml", "pyproject.toml"])
def test_a_configuration_elsewhere_is_enough(repository: RepositoryBuilder, place: str) -> None:
    repository.write(place, "[tool.debtscan.docker]\n" if place == "pyproject.toml" else "[docker]\n").commit()

    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT]) == 0

    assert (repository.path / WORKFLOW).exists()
    assert not (repository.path / CONFIG).exists()


def test_outside_of_a_repository_it_says_where_to_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path), "--yes", "--pin", COMMIT]) == 2
    assert "is not the top of a git repository" in capsys.readouterr().err


def test_a_link_out_of_the_repository_is_not_followed(
    repository: RepositoryBuilder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (repository.path / ".github").symlink_to(elsewhere)

    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT]) == 2

    assert "link" in capsys.readouterr().err
    assert not list(elsewhere.rglob("*.yml"))
    assert not list(elsewhere.iterdir())


def test_a_file_in_the_place_of_a_folder_is_said(
    repository: RepositoryBuilder, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write(".github", "no folder\n").commit()

    assert main(["init", str(repository.path), "--yes", "--pin", COMMIT]) == 2

    assert ".github: cannot be made a folder (File exists); nothing was written" in capsys.readouterr().err
    assert not (repository.path / CONFIG).exists()


def test_the_pin_is_the_commit_of_this_versions_tag(
    repository: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with GitHubStandIn(tmp_path / "hub") as github:
        hosted = github.repository(ACTION, {"action.yml": "name: debtscan\n"})
        monkeypatch.setattr(_init, "_ACTION_HOST", github.url)
        monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))

        assert main(["init", str(repository.path), "--yes"]) == 2
        assert f"it has no tag v{VERSION}" in capsys.readouterr().err

        hosted.tag(f"v{VERSION}")
        commit = hosted.head
        monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "another"))
        assert main(["init", str(repository.path), "--yes"]) == 0

    assert f"{ACTION}@{commit} # v{VERSION}\n" in (repository.path / WORKFLOW).read_text()


def test_where_nobody_answers_the_remedy_is_a_pin(
    repository: RepositoryBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(_init, "_ACTION_HOST", "http://localhost:9")
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))

    assert main(["init", str(repository.path), "--yes"]) == 2

    assert "name one with --pin COMMIT" in capsys.readouterr().err
    assert not (repository.path / WORKFLOW).exists()
