from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError, UnreadableError
from analyzers.syntax import hcl
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed


def parse(text: str) -> hcl.Block:
    return hcl.parse(SourceText("main.tf", text))


def plain(node: Node) -> object:
    """Return strings as text, expressions between angle brackets."""
    if isinstance(node, Mapping):
        return {key.value: plain(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value if node.quoted else f"<{node.value}>"


VALUES = [
    ('"1.0"', "1.0"),
    ('"~> 1.0" # comment', "~> 1.0"),
    ('"a" // comment', "a"),
    ('"a" /* comment */', "a"),
    ('""', ""),
    (r'"a\"b\n\t\\"', 'a"b\n\t\\'),
    (r'"\u00e9\U0001f600"', "é😀"),
    (r'"\ud800"', "\N{REPLACEMENT CHARACTER}"),
    ('"$${a} %%{b} $5 100%"', "${a} %{b} $5 100%"),
    ('"${var.a}"', '<"${var.a}">'),
    ('"v${var.a["k"]}-${"${x}"}"', '<"v${var.a["k"]}-${"${x}"}">'),
    ('"%{ if a }b%{ endif }"', '<"%{ if a }b%{ endif }">'),
    ("1.5", "<1.5>"),
    ("true", "<true>"),
    ("var.a", "<var.a>"),
    ('"a" == "b"', '<"a" == "b">'),
    ('a ? "b" : "c"', '<a ? "b" : "c">'),
    ('f("x", [1, 2], {a = 1})', '<f("x", [1, 2], {a = 1})>'),
    ("f(\n  a,\n  b\n)", "<f(\n  a,\n  b\n)>"),
    ("(1 +\n 2)", "<(1 +\n 2)>"),
    ("[]", []),
    ('["a", "b",]', ["a", "b"]),
    ('[\n  "a", # one\n  "b"\n]', ["a", "b"]),
    ("[\n  1 +\n  2,\n]", ["<1 +\n  2>"]),
    ('["a"][0]', '<["a"][0]>'),
    ("[for x in y : x]", "<[for x in y : x]>"),
    ("{}", {}),
    ('{ a = "b", c : "d" }', {"a": "b", "c": "d"}),
    ('{\n  a = "b"\n  "c" = "d"\n\n  (e) = f\n}', {"a": "b", "c": "d", "(e)": "<f>"}),
    ('{ "${a}" = 1 }', {'"${a}"': "<1>"}),
    ('{ a = { b = ["c"] } }', {"a": {"b": ["c"]}}),
    ('{ a = "b" }.a', '<{ a = "b" }.a>'),
    ("{ for k, v in m : k => v }", "<{ for k, v in m : k => v }>"),
    ("<<EOF\n} ] not code\nEOF", "<<<EOF\n} ] not code\nEOF>"),
    ('<<-EOF\n  "\n  EOF', '<<<-EOF\n  "\n  EOF>'),
    ("f(<<E\n)\nE\n)", "<f(<<E\n)\nE\n)>"),
    ("a < b", "<a < b>"),
    ("a / b", "<a / b>"),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\nnext = 1\n"])
def test_values_are_read_or_passed_over_as_one_piece(text: str, expected: object, end: str) -> None:
    value = parse(f"key = {text}{end}").attributes.get("key")
    assert value is not None
    assert plain(value) == expected


def test_blocks_nest_and_carry_labels() -> None:
    root = parse(
        'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'
        'resource "a" b { count = 1 }\nempty {}\n'
    )
    assert [(block.keyword, [label.value for label in block.labels]) for block in root.blocks] == [
        ("terraform", []),
        ("resource", ["a", "b"]),
        ("empty", []),
    ]
    (inner,) = root.blocks[0].named("required_providers")
    assert plain(inner.attributes) == {"aws": {"source": "hashicorp/aws"}}
    assert plain(root.blocks[1].attributes) == {"count": "<1>"}


def test_spans_are_what_stands_between_the_quotes() -> None:
    text = '# é\nmodule "vpc" {\n  source = "a/b/c"\n  version = var.v\n}\n'
    (block,) = parse(text).blocks
    for scalar in (
        *block.labels,
        *(value for _, value in block.attributes.items),
        *(k for k, _ in block.attributes.items),
    ):
        assert isinstance(scalar, Scalar)
        assert text[scalar.start : scalar.end] == scalar.value
    assert text[block.start : block.end].startswith('module "vpc" {')
    assert text[block.start : block.end].endswith("}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a {", 1),
        ("a {\n}\n}", 3),
        ("a = \n", 1),
        ("a = [\n", 2),
        ('a = "b\n', 1),
        ('a = "${b\n', 2),
        ("a = (]\n", 1),
        ("a = <<EOF\nb\n", 1),
        ("a = /* b", 1),
        ("\n\na b c\n", 3),
        ('{ "a": 1 }', 1),
        ("a = {b}\n", 1),
        ("<html>", 1),
        ("a = 1, b = 2", 1),
        ("% if x:", 1),
    ],
)
def test_what_is_no_hcl_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InvalidSyntaxError) as caught:
        parse(text)
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["a = f(b", "a = f(b\n", "a = f(", 'a = "${b', "a = (b ,", "a = 1 + {"])
def test_an_expression_without_end_is_said_to_have_none(text: str) -> None:
    with pytest.raises(InvalidSyntaxError, match="a bracket is not closed"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["a {\n" * 100_000, "a = " + "[" * 100_000, "a = " + "{ a = " * 70, "a = " + "[{a=" * 40]
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(TooDeepError):
        parse(text)


def test_a_file_that_nobody_writes_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        parse("#" * (hcl.MAX_LENGTH + 1))


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "(" * 200_000,
        "a = " + '"${' * 200_000,
        "a = " + "(" * 200_000 + "1" + ")" * 200_000,
        "".join(f"a = <<E{number}\n" for number in range(50_000)),
        "a = /*" * 200_000,
        "a = [" + "[]," * 200_000,
        "a " * 200_000,
        "a = " + "<<E\n" * 200_000,
        "a = " + "1 + " * 200_000 + "1",
        "a = {" + "b = 1, " * 100_000 + "}",
    ],
    ids=range(10),
)
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(UnreadableError):
        parse(text)
    assert time.process_time() - started < allowed(4)


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet='ab ={}[]()"$%\\\n,:#/*<E-.1é', max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        root = parse(text)
    except UnreadableError:
        return
    for _, value in root.attributes.items:
        assert 0 <= value.start <= value.end <= len(text)
