"""What a command says line by line: within its width, and nothing in it that a terminal or a workflow obeys."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands._voice import Voice


def _told(sentence: str, width: int = 60) -> list[str]:
    stream = StringIO()
    Voice(stream, width).tell(sentence, indent=2)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("before", range(40, 61))
def test_a_strangers_words_are_no_command_wherever_the_line_is_broken(before: int) -> None:
    lines = _told(f"left: #2: {'x' * before} ::set-output name=a::b ##[command]c")
    assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def test_nothing_steers_a_terminal() -> None:
    assert _told("a\x1b[31mb\u202ec\nd") == ["  a\\x1b[31mb\\u202ec d"]


def test_further_lines_stand_further_in() -> None:
    lines = _told(" ".join(["word"] * 30))
    assert all(len(line) <= 60 for line in lines)
    assert lines[0].startswith("  word")
    assert all(line.startswith("    word") for line in lines[1:])


@pytest.mark.parametrize(
    "settings",
    [
        '"a\\n::set-output name=grade::A" = 1\n',
        '[scan]\n"a\\n  ::add-mask::a" = 1\n',
        'disabled-rules = ["a\\n##[add-mask]a"]\n',
    ],
)
def test_what_is_wrong_with_a_repositorys_settings_is_no_command_of_a_workflow(
    tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "debtscan.toml").write_text(settings)
    assert main(["scan", str(tmp_path), "--offline"]) == 2
    told = capsys.readouterr().err
    assert "debtscan.toml:" in told
    assert not any(line.lstrip().startswith(("::", "##[")) for line in told.splitlines())
