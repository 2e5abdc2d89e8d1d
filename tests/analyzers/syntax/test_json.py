"""Strict JSON with spans: equal to the standard library's reading, and never anything but our own errors."""

from __future__ import annotations

import json as standard
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError, UnreadableError
from analyzers.syntax import json
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def source(text: str) -> SourceText:
    return SourceText("package.json", text)


def to_python(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.value if node.quoted else standard.loads(node.value)
    if isinstance(node, Mapping):
        return {key.value: to_python(value) for key, value in node.items}
    return [to_python(item) for item in node.items]


@settings(deadline=None, max_examples=150)
@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_the_tree_equals_what_the_standard_library_reads(value: object, indent: int | str | None, ascii_: bool) -> None:
    text = standard.dumps(value, indent=indent, ensure_ascii=ascii_)
    assert to_python(json.parse(source(text))) == standard.loads(text)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet='{}[]":,\\ \n019.-eEtrufalsn\x00\x1fé', max_size=30))
def test_accepts_exactly_what_the_standard_library_accepts(text: str) -> None:
    try:
        expected = standard.loads(text, parse_constant=pytest.fail)
    except ValueError:
        with pytest.raises(InvalidSyntaxError):
            json.parse(source(text))
        with pytest.raises(InvalidSyntaxError):
            json.plain(source(text))
    else:
        assert to_python(json.parse(source(text))) == expected


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_members_are_those_of_the_tree_with_the_same_spans(value: dict[str, object]) -> None:
    document = source(standard.dumps({"before": [1], "packages": value, "after": {}}, ensure_ascii=False))
    tree = json.parse(document)
    assert isinstance(tree, Mapping)
    keys = [key for key, _ in tree.mapping("packages").items]
    assert [key for key, _ in json.members(document, "packages")] == keys


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("{", 1),
        ('{"a": 1,}', 1),
        ('{\n"a": 1\n"b": 2}', 3),
        ("{a: 1}", 1),
        ("[1,]", 1),
        ("[1 2]", 1),
        ("[1}", 1),
        ("01", 1),
        ("NaN", 1),
        ("Infinity", 1),
        ("1 2", 1),
        ('"a\nb"', 1),
        ('"\\x"', 1),
        ('{"a" 1}', 1),
        ("// a comment\n{}", 1),
        ("\ufeff{}", 1),
        ("\u00a0{}", 1),
    ],
)
def test_what_is_no_json_names_its_line(text: str, line: int) -> None:
    with pytest.raises(InvalidSyntaxError, match="JSON") as caught:
        json.parse(source(text))
    assert caught.value.line == line


def test_spans_stand_between_the_quotes() -> None:
    text = '{"é": "^1.0", "n": 12, "l": ["a\\n"]}'
    tree = json.parse(source(text))
    assert isinstance(tree, Mapping)
    for scalar in (tree.scalar("é"), tree.scalar("n")):
        assert scalar is not None
        assert text[scalar.start : scalar.end] == scalar.value
    escaped = next(tree.scalars("l"))
    assert (escaped.value, text[escaped.start : escaped.end]) == ("a\n", "a\\n")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 201 + "]" * 201])
def test_deep_nesting_is_refused_in_no_time(text: str) -> None:
    started = time.process_time()
    with pytest.raises(TooDeepError):
        json.parse(source(text))
    assert time.process_time() - started < allowed(5)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"packages":' + '{"a":' * 100_000])
def test_fast_readers_refuse_deep_nesting_too(text: str) -> None:
    with pytest.raises(TooDeepError):
        json.plain(source(text))
    with pytest.raises(UnreadableError):
        list(json.members(source('{"packages":{"a":' + text), "packages"))


def test_a_file_of_nothing_but_values_is_refused() -> None:
    with pytest.raises(TooLargeError):
        json.parse(source("[" + "1," * 1_000_001 + "1]"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"packages": {"a": {"v": 1.50}}}', [("a", {"v": "1.50"})]),
        ('{"packages": []}', []),
        ('{"packages": {}}', []),
        ("[]", []),
        ('{"other": 1}', []),
        ('{"packages": {"a": ' + "9" * 5000 + "}}", [("a", "9" * 5000)]),
    ],
)
def test_members_of_odd_documents(text: str, expected: list[tuple[str, object]]) -> None:
    assert [(key.value, value) for key, value in json.members(source(text), "packages")] == expected


@pytest.mark.parametrize("text", ['{"packages": {"a": }}', '{"packages": {"a": 1', '{"packages": {"a": NaN}}', '{"p'])
def test_members_of_broken_documents_are_refused(text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        list(json.members(source(text), "packages"))


RELAXED = [
    ('{"a": 1,}', {"a": 1}),
    ('[1, 2, // "x", ]\n]', [1, 2]),
    ('/* {"b": */ {"a": "// no */ ,}"} // end', {"a": "// no */ ,}"}),
    ('{"a\\",}": [1 , , ]}', None),
    ('{"a": "\\u00e9,]" /* é */ , }', {"a": "é,]"}),
    ("{/* never closed", None),
    ('{"never closed', None),
]


@pytest.mark.parametrize(("text", "value"), RELAXED)
def test_comments_and_trailing_commas_become_blanks_of_the_same_length(text: str, value: object) -> None:
    strict = json.relaxed(source(text))
    assert len(strict.text) == len(text)
    if value is None:
        with pytest.raises(InvalidSyntaxError):
            json.parse(strict)
    else:
        assert to_python(json.parse(strict)) == value


@settings(deadline=None, max_examples=100)
@given(VALUES, st.sampled_from([None, 1]))
def test_strict_json_is_relaxed_already(value: object, indent: int | None) -> None:
    text = standard.dumps(value, indent=indent)
    assert json.relaxed(source(text)).text == text


@pytest.mark.parametrize("text", ["/*" * 100_000, '"' * 100_000, '\\"' * 100_000, ", " * 100_000, "/" * 100_000])
def test_relaxing_takes_no_time(text: str) -> None:
    started = time.process_time()
    json.relaxed(source(text))
    assert time.process_time() - started < allowed(2)
