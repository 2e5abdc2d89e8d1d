"""The files of a workflow's step: added to, and never anything that is there lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import _workflow
from bot.posts.summary import LARGEST


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    page, outputs = tmp_path / "page.md", tmp_path / "outputs"
    page.write_text("Before\n")
    outputs.write_text("other=1\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    monkeypatch.setenv("GITHUB_OUTPUT", str(outputs))
    return page, outputs


def test_a_scan_adds_its_scorecard_and_its_outputs(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "Dockerfile").write_text("FROM node:18-alpine\n")
    report = tmp_path / "report.html"
    assert main(["scan", str(tmp_path / "shop"), "--offline", "--quiet", "--output", str(report)]) == 0
    capsys.readouterr()
    page, outputs = (file.read_text() for file in files)
    assert page.startswith("Before\n## Technical debt")
    assert outputs.startswith("other=1\nscore<<debtscan-")
    assert f"\n{report}\n" in outputs


def test_each_time_the_delimiter_is_another(files: tuple[Path, Path]) -> None:
    for _time in range(2):
        _workflow.tell(lambda: "", {"a": "1"})
    assert len({line for line in files[1].read_text().splitlines() if line.startswith("a<<")}) == 2


def test_a_line_that_was_left_open_is_ended_first(files: tuple[Path, Path]) -> None:
    files[1].write_text("other=1")
    _workflow.tell(lambda: "", {"a": "1"})
    assert files[1].read_text().startswith("other=1\na<<")


def test_what_would_not_fit_is_said_and_what_is_there_stays(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_bytes(b"x" * (LARGEST - 10))
    _workflow.tell(lambda: "more than ten\n", {})
    assert files[0].stat().st_size == LARGEST - 10
    assert "no room left" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "nowhere" / "outputs"))
    _workflow.tell(lambda: "", {"a": "1"})
    assert "could not be written" in capsys.readouterr().err


def test_outside_of_a_workflow_nothing_is_drawn() -> None:
    def never() -> str:
        raise AssertionError

    _workflow.tell(never, {"a": "1"})
