from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.ecosystems.github_actions.expressions import literals, operands
from analyzers.syntax.node import Scalar
from tests.support.pace import allowed


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("'a'", ["a"]),
        ("inputs.os || 'a'", ["inputs.os", "a"]),
        ("github.event_name == 'push' && 'a' || 'b'", ["a", "b"]),
        ("'push' == github.event_name && 'a'", ["a"]),
        ("startsWith(matrix.os, 'ubuntu') && 'a' || matrix.os", ["a", "matrix.os"]),
        ('fromJSON(\'["a", "b"]\')', ["a", "b"]),
        ("x && fromJSON('[\"a\"]') || fromJSON('[\"b\"]')", ["a", "b"]),
        ("(x != 'y' && 'a') || 'b'", ["a", "b"]),
        ("'a''b' || 'c'", ["a''b", "c"]),
        ("toJSON('a')", []),
        ("a && b", ["b"]),
    ],
)
def test_what_an_expression_may_be_worth(inner: str, expected: list[str]) -> None:
    text = f"${{{{ {inner} }}}}"
    found = list(operands(text, 100))
    assert [item.value if isinstance(item, Scalar) else item for item in found] == expected
    for item in found:
        if isinstance(item, Scalar):
            assert text[item.start - 100 : item.end - 100] == item.value


@pytest.mark.parametrize("text", ["", "a", "x ${{ 'a' }}", "${{ 'a' }} y", "${{ 'a'", "${{ 'a' }}${{ 'b' }}"])
def test_a_text_that_is_no_single_expression_is_worth_nothing(text: str) -> None:
    assert list(literals(text, 0)) == []


@given(st.text("${} 'ab()|&=.,\"[]", max_size=40))
def test_no_text_raises(text: str) -> None:
    for item in literals("${{" + text + "}}", 3):
        assert item.end >= item.start >= 3


@pytest.mark.parametrize("inner", ["'" * 4000, "fromJSON('" + '"' * 3900 + "')", "a && " * 800, "x" * 100_000])
def test_no_expression_takes_long(inner: str) -> None:
    begin = time.process_time()
    list(operands("${{" + inner + "}}", 0))
    assert time.process_time() - begin < allowed(0.5)
