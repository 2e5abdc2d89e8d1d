"""Outputs of a step: no value can end early and begin an output of its own."""

from __future__ import annotations

import re

import pytest

from bot.posts.outputs import drawn, of_change, of_report
from tests.support.changes import sample_change
from tests.support.reports import sample_report


def _read(text: str) -> dict[str, str]:
    """Read the lines as the runner does: https://github.com/actions/runner, FileCommandManager."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        head = re.fullmatch(r"([^=<]+)<<(.+)", line)
        assert head, line
        value: list[str] = []
        for inner in lines:
            if inner == head[2]:
                break
            value.append(inner)
        found[head[1]] = "\n".join(value)
    return found


def test_values_of_many_lines_are_read_back_and_inject_nothing() -> None:
    hostile = {"report": "a\nscore=100\ngrade<<x\nA\nx", "score": "44.1", "empty": ""}
    assert _read(drawn(hostile, "debtscan-1234")) == hostile


def test_a_value_with_the_delimiter_is_refused() -> None:
    with pytest.raises(ValueError, match="delimiter"):
        drawn({"a": "x\nEND\nscore=100"}, "END")


def test_a_report_and_a_change_tell_their_figures() -> None:
    assert of_report(sample_report()) == {
        "score": "44.1",
        "low": of_report(sample_report())["low"],
        "high": of_report(sample_report())["high"],
        "grade": "D",
        "findings": "60",
        "new": "",
        "skipped": str(len(sample_report().skipped)),
    }
    told = of_change(sample_change())
    assert (told["new"], told["mended"], told["score-before"], told["score"]) == ("20", "6", "50.7", "45.2")
