"""INI files: the same lines as Python's own reader, with their places."""

from __future__ import annotations

import configparser
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.errors import InvalidSyntaxError
from analyzers.syntax import ini
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed


def parse(text: str) -> dict[str, dict[str, list[str]]]:
    found = ini.parse(SourceText("x.ini", text))
    return {section.name: {one.name: [line.text for line in one.lines] for one in section.options} for section in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\nb = c\n", {"a": {"b": ["c"]}}),
        ("[a]\nb: c = d\n", {"a": {"b": ["c = d"]}}),
        ("[a]\nb =\n  c\n\n  # no\n  d\n", {"a": {"b": ["c", "d"]}}),
        ("[a]\r\nb =\r\n\tc\r\n", {"a": {"b": ["c"]}}),
        ("[a]\n  b = c\n  d = e\n", {"a": {"b": ["c"], "d": ["e"]}}),
        ("[a]\n  b = c\n    d = e\n", {"a": {"b": ["c", "d = e"]}}),
        ("# x\n; y\n[a]\nb\n", {"a": {"b": []}}),
        ("[a:{b,c}]\nd = [e]\n", {"a:{b,c}": {"d": ["[e]"]}}),
        ("[a]\n[b]\n", {"a": {}, "b": {}}),
        ("", {}),
    ],
)
def test_sections_options_and_lines(text: str, expected: dict[str, dict[str, list[str]]]) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize("text", ["a = b\n", "[a]\n= b\n", "[a]\n: b\n"])
def test_what_pythons_reader_refuses_is_refused(text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        parse(text)


NAMES = st.text("abc", min_size=1, max_size=3)
VALUES = st.lists(st.text("abc=:;#[] {}", min_size=0, max_size=6), max_size=4)


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3))
def test_pythons_own_reader_says_the_same(tree: dict[str, dict[str, list[str]]]) -> None:
    text = ""
    for section, options in tree.items():
        text += f"[{section}]\n"
        for name, lines in options.items():
            text += f"{name} =" + "".join(f"\n  {line}" for line in lines) + "\n"
    reader = configparser.RawConfigParser()
    reader.read_string(text)
    expected = {
        name: {key: [line.strip() for line in value.split("\n") if line.strip()] for key, value in reader[name].items()}
        for name in reader.sections()
    }
    assert parse(text) == expected


@given(st.text(alphabet="ab[]=: #;\n\r\té", max_size=60))
def test_every_line_stands_where_it_says(text: str) -> None:
    try:
        found = ini.parse(SourceText("x.ini", text))
    except InvalidSyntaxError:
        return
    for section in found:
        for option in section.options:
            assert text[option.start :].startswith(option.name)
            for line in option.lines:
                assert text[line.start : line.start + len(line.text)] == line.text


def test_a_part_of_a_text_is_read_at_its_own_offsets() -> None:
    text = 'x = """\n[a]\nb = c\n"""'
    (section,) = ini.parse(SourceText("x.toml", text), 8, len(text) - 3)
    assert section.options[0].lines[0].start == text.index("c")


def test_a_large_file_takes_linear_time() -> None:
    text = "[a]\n" + "b =\n" + "  c\n" * 200_000
    begun = time.process_time()
    parse(text)
    assert time.process_time() - begun < allowed(5)
