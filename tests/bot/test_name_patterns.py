"""Patterns of names, and that no pattern takes long."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.name_patterns import matches


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("requests", "requests", True),
        ("Requests", "rEquests", True),
        ("requests", "request", False),
        ("requests", "*", True),
        ("", "*", True),
        ("@babel/core", "@babel/*", True),
        ("babel-jest", "*jest*", True),
        ("ab", "a*b*", True),
        ("ab", "ab*b", False),
        ("aba", "aba*aba", False),
        ("a.c", "a?c", False),
        ("x[1]", "x[1]", True),
    ],
)
def test_a_name_fits(name: str, pattern: str, *, fits: bool) -> None:
    assert matches(name, pattern) is fits


@given(st.text("ab*", max_size=12), st.text("ab", max_size=12))
def test_a_star_means_what_it_means_elsewhere(pattern: str, name: str) -> None:
    assert matches(name, pattern) is fnmatch.fnmatchcase(name, pattern)


def test_a_pattern_made_to_take_long_does_not() -> None:
    assert not matches("a" * 100_000, "a*" * 120 + "b")
