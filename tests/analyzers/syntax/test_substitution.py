from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.syntax.spliced import Spliced
from analyzers.syntax.substitution import MAX_LENGTH, expand
from tests.support.pace import allowed

VALUES = {"V": Spliced.at("18", 100), "EMPTY": Spliced.at("", 200)}


@pytest.mark.parametrize(
    ("text", "expected", "gaps"),
    [
        ("node:18", "node:18", ()),
        ("node:$V", "node:18", ()),
        ("node:${V}-alpine", "node:18-alpine", ()),
        ("node:${V:-16}", "node:18", ()),
        ("node:${X:-16}", "node:16", ()),
        ("node:${X-16}", "node:16", ()),
        ("node:${EMPTY:-16}", "node:16", ()),
        ("node:${EMPTY-16}", "node:", ()),
        ("node${V:+:18}", "node:18", ()),
        ("node${X:+:18}", "node", ()),
        ("node${EMPTY+:18}", "node:18", ()),
        ("node:${V:?needed}", "node:18", ()),
        ("node:${X:?needed}", "node:${X:?needed}", ((5, 17),)),
        ("node:${A:-${B:-${V}}}", "node:18", ()),
        ("node:$X", "node:$X", ((5, 7),)),
        ("${X}/node:${Y}", "${X}/node:${Y}", ((0, 4), (10, 14))),
        ("node:${V%.*}", "node:${V%.*}", ((5, 12),)),
        ("node:${", "node:${", ((5, 7),)),
        ("node:${}", "node:${}", ((5, 8),)),
        ("node:$", "node:$", ()),
        ("node:$1", "node:$1", ()),
    ],
)
def test_a_variable_gives_way_to_its_value_or_default(
    text: str, expected: str, gaps: tuple[tuple[int, int], ...]
) -> None:
    for escape in ("", "\\"):
        expanded = expand(Spliced.at(text, 0), VALUES, escape=escape)
        assert (expanded.text, expanded.gaps) == (expected, gaps)


@pytest.mark.parametrize(
    ("text", "dockerfile", "compose"),
    [
        ('"node:$V"', "node:18", '"node:18"'),
        ("'node:$V'", "node:$V", "'node:18'"),
        (r"node:\$V", "node:$V", "node:\\18"),
        ("node:$$V", "node:$18", "node:$V"),
    ],
)
def test_quotes_and_escapes_are_those_of_the_file(text: str, dockerfile: str, compose: str) -> None:
    assert expand(Spliced.at(text, 0), VALUES, escape="\\").text == dockerfile
    assert expand(Spliced.at(text, 0), VALUES).text == compose


def test_a_default_keeps_where_it_stands() -> None:
    expanded = expand(Spliced.at("node:${X:-16}", 10), {})
    assert list(expanded.runs()) == [("node:", 10), ("16", 20)]


def test_a_value_keeps_where_it_was_declared() -> None:
    assert list(expand(Spliced.at("node:$V", 10), VALUES).runs()) == [("node:", 10), ("18", 100)]


@pytest.mark.parametrize(
    "text", ["${a:-" * 200, "x" * (MAX_LENGTH + 1), "$V" * (MAX_LENGTH // 2), "${a:-" * 12 + "}" * 12]
)
def test_what_no_honest_file_holds_has_no_known_value(text: str) -> None:
    values = {"V": Spliced.at("v" * 100, 0)}
    assert expand(Spliced.at(text, 0), values, escape="\\").gaps


def test_values_that_double_each_other_stay_small() -> None:
    began = time.process_time()
    values = {"V0": Spliced.at("x" * 16, 0)}
    for index in range(60):
        values[f"V{index + 1}"] = expand(Spliced.at(f"$V{index}$V{index}", 0), values, escape="\\")
    assert max(len(value.text) for value in values.values()) <= MAX_LENGTH
    assert time.process_time() - began < allowed(5)


@given(st.text(alphabet="${}:-+?aV'\"\\ ", max_size=60))
@settings(deadline=None)
def test_no_text_makes_it_raise(text: str) -> None:
    for escape in ("", "\\", "`"):
        expanded = expand(Spliced.at(text, 0), VALUES, escape=escape)
        assert all(0 <= start < end <= len(expanded.text) for start, end in expanded.gaps)
