from __future__ import annotations

import time

import pytest

from analyzers.custom_expressions import ExpressionError, compile_expression, groups_of, matches
from tests.support.pace import allowed


def found(expression: str, text: str) -> list[str]:
    return [match.group().decode() for match in matches(compile_expression(expression), text.encode())]


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        (r"v\d", "v1 v2\nv3", ["v1", "v2", "v3"]),
        (r"^v\d$", "v1 v2\nv3\nv4", ["v3", "v4"]),
        (r"a\nb", "a\nb\na\nb", ["a\nb", "a\nb"]),
        (r"(?s)a.*?b", "a\n1\n2\n3\nb", ["a\n1\n2\n3\nb"]),
        (r"(?s)a.*?b", "a\n1\n2\n3\n4\nb", []),
        (r"(?i)ÜB", "üb x", ["üb"]),
        (r"x*", "axb", ["", "x", ""]),
        (r"b", "a" * 9000 + "b", ["b"]),
        (r"ab", "a" * 1999 + "ab" + "x" * 5000 + "ab", ["ab", "ab"]),
        (r"(?m)^\s*$", "", []),
    ],
)
def test_matches_begin_in_a_line_and_end_within_five(expression: str, text: str, expected: list[str]) -> None:
    assert found(expression, text) == expected


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("(?=a)b", "RE2's syntax"),
        (r"(a)\1", "RE2's syntax"),
        ("(a", "RE2's syntax"),
        ("a{1001}", "RE2's syntax"),
        (".{400}", "too large"),
        ("\ud800", "is no text"),
    ],
)
def test_what_cannot_run_in_linear_time_is_refused(expression: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=why):
        compile_expression(expression)


def test_groups_have_names() -> None:
    assert groups_of(compile_expression("(?P<version>a)(?<name>b)(c)")) == {"version": 1, "name": 2}


@pytest.mark.parametrize(
    "expression", ["(a+)+b", "x[^y]*y|a", "(?:a|b)*a(?:a|b){40}c|ab", "(?s).*", "a*a*a*a*b", "(?s)a.*?z"]
)
@pytest.mark.parametrize("text", [b"a" * 100_000, b"ab" * 50_000, b"a\n" * 50_000, b"\n" * 100_000])
def test_no_expression_hangs_on_any_text(expression: str, text: bytes) -> None:
    started = time.process_time()
    for number, _ in enumerate(matches(compile_expression(expression), text)):
        if number == 1000:
            break
    assert time.process_time() - started < allowed(5)
