"""The choice on a terminal: what is listed, what answers select, and a real terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from analyzers.config import Upgrades
from bot.commands import _choice
from bot.upgrade.offer import Offer, offer
from tests.support.plans import NOW, move

HOSTILE = "evil\x1b[2J\u202e\n\r::error::x"
MOVES = [
    move("flawed 1.0 1.1 minor CVE-2026-1", points=200),
    move("old 1.0 2.0 major", points=90, ends=date(2026, 12, 1)),
    move("small 1.0.0 1.0.1 patch", points=60),
    move("@babel/core 7.1.0 7.2.0 minor", "npm", points=30),
    move("@babel/cli 7.1.0 7.2.0 minor", "npm", points=10),
    move("tiny 1.0.0 1.0.1 patch", points=10),
]


@pytest.fixture
def offered() -> Offer:
    return offer(MOVES, (), Upgrades(), NOW)


def order(found: Offer) -> list[str]:
    return [choice.moves[0].name for choice in found.choices]


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ("", [1, 3, 4, 5]),
        ("  \n", [1, 3, 4, 5]),
        ("safe", [1, 3, 4, 5]),
        ("*", [1, 3, 4, 5]),
        ("all\n", [1, 2, 3, 4, 5]),
        ("none", []),
        ("NONE", []),
        ("2", [2]),
        ("5,1", [1, 5]),
        ("1-3", [1, 2, 3]),
        ("1-2 4, 4", [1, 2, 4]),
        ("safe 2", [1, 2, 3, 4, 5]),
        ("old", [2]),
        ("@babel/cli", [4]),
        ("@babel/* small", [3, 4]),
        ("pypi-minor", [3, 5]),
    ],
)
def test_answers(offered: Offer, answer: str, numbers: list[int]) -> None:
    assert order(offered) == ["flawed", "old", "small", "@babel/cli", "tiny"]
    found = _choice.selected(answer, offered)
    assert found == tuple(offered.choices[number - 1] for number in numbers)


@pytest.mark.parametrize("answer", ["0", "6", "3-1", "1-9", "1;2", "-1", "nobody", "1 nobody", "9" * 5000, "*x\x1b"])
def test_answers_that_say_nothing(offered: Offer, answer: str) -> None:
    assert isinstance(_choice.selected(answer, offered), str)


def test_asks_until_it_understands_and_explains_on_the_way(offered: Offer, capsys: pytest.CaptureFixture[str]) -> None:
    answers: Iterator[str] = iter(["\x1b]0;x\x07\n", "?\n", "? 4\n", "?99\n", "2\n"])
    chosen = _choice.choose(offered, 80, lambda _prompt: next(answers))
    assert [choice.moves[0].name for choice in chosen] == ["old"]
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b]0;x\\x07: no number and no name of this list" in out
    assert out.count("Write numbers (3), ranges (1-4) or names") == 2
    assert "@babel/cli 7.1.0 → 7.2.0 (npm)\n@babel/core 7.1.0 → 7.2.0 (npm)\n" in out
    assert "They move together" in out


@pytest.mark.parametrize("width", [20, 60, 80, 200])
def test_the_list_fits_its_width_and_nothing_in_it_moves_the_cursor(
    capsys: pytest.CaptureFixture[str], width: int
) -> None:
    long = move("x 1.0 1.1 minor")
    names = [HOSTILE, "verylong" * 60, "漢字" * 5]
    moves = [replace(long, name=name, target=f"1.{at}{HOSTILE}") for at, name in enumerate(names)]
    moves = [replace(one, key=one.key._replace(name=f"x{at}")) for at, one in enumerate(moves)]
    _choice.choose(offer([*MOVES, *moves], (), Upgrades(), NOW), width, lambda _prompt: "none")
    out = capsys.readouterr().out
    assert re.fullmatch(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]*", out)
    assert not re.search(r"^::error", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) <= max(40, min(100, width))
    assert out.startswith(
        "8 upgrades, those of most worth first:\n* 1  flawed 1.0 → 1.1\n     minor, security; 200 points."
    )
    assert "points of debt" not in " ".join(out.split())
