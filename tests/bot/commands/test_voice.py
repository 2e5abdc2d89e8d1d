"""What a command says line by line: within its width, and nothing in it that a terminal or a workflow obeys."""

from __future__ import annotations

from io import StringIO

import pytest

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
