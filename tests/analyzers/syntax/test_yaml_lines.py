from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.syntax import yaml, yaml_lines
from analyzers.syntax.node import Mapping, Scalar
from analyzers.syntax.text import SourceText


def scalar_at(text: str, key: str) -> Scalar:
    (root,) = yaml.parse(SourceText("a.yml", text))
    found = root.scalar(key) if isinstance(root, Mapping) else None
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("k: |\n  one\n    two\n\n  three\n", ["one", "  two", "", "three"]),
        ("k: |\r\n  one\r\n  two\r\n", ["one", "two"]),
        ("k: |2\n    one\n  two\n", ["  one", "two"]),
        ("k: |  # comment\n  one\n", ["one"]),
        ("k: &a !t |-\n  one\n", ["one"]),
        ("k: >\n  one\n  two\n", ["one", "two"]),
        ("k: |\n\n  one\n", ["", "one"]),
        ("k: |\n", []),
        ("k: one\n  two\n", ["one", "  two"]),
        ('k: "| one"\n', ["| one"]),
        ("k: '> one\n\n  two'\n", ["> one", "", "  two"]),
        ("k: |\n  | one\n", ["| one"]),
    ],
)
def test_lines_of_a_scalar_are_those_of_the_file(text: str, expected: list[str]) -> None:
    found = list(yaml_lines.lines(SourceText("a.yml", text), scalar_at(text, "k")))
    assert [line.text for line in found] == expected
    assert [text[line.start : line.start + len(line.text)] for line in found] == expected


_LINE = st.text("ab #:'\"\t|>é", max_size=8)


@given(st.lists(_LINE, min_size=1, max_size=8), st.integers(1, 4))
@settings(deadline=None, max_examples=200)
def test_lines_of_a_literal_block_are_its_value(content: list[str], indent: int) -> None:
    text = f"k: |{indent}\n" + "".join(" " * indent + line + "\n" for line in content) + "end: 1\n"
    found = scalar_at(text, "k")
    shown = "\n".join(line.text for line in yaml_lines.lines(SourceText("a.yml", text), found))
    # Blank lines at the end are clipped from the value, and a line of blanks alone shows no indentation.
    assert [line.rstrip(" ") for line in shown.rstrip(" \n").split("\n")] == [
        line.rstrip(" ") for line in found.value.rstrip(" \n").split("\n")
    ]
