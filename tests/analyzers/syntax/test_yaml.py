from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError, UnreadableError
from analyzers.syntax import yaml, yaml_lines
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText
from tests.support.pace import allowed


def read(text: str) -> Mapping:
    (root,) = yaml.parse(SourceText("a.yml", text))
    assert isinstance(root, Mapping)
    return root


def scalar_at(text: str, *keys: str) -> Scalar:
    found = read(text).scalar(*keys)
    assert found is not None
    return found


def leaves(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from leaves(item)
    else:
        for key, value in node.items:
            yield key
            yield from leaves(value)


@pytest.mark.parametrize(
    ("text", "value", "span", "quoted"),
    [
        ("k: on\n", "on", "on", False),
        ("k: 3.10 # why\n", "3.10", "3.10", False),
        ("k: 0x1F\n", "0x1F", "0x1F", False),
        ("k: ''\n", "", "", True),
        ("k: 'it''s'\n", "it's", "it''s", True),
        ('k: "a\\tb"\n', "a\tb", "a\\tb", True),
        ("k:\n", "", "", False),
        ("k: ~\n", "~", "~", False),
        ("k: &anchor v4\n", "v4", "v4", False),
        ("k: !!str v4\n", "v4", "v4", False),
        ("k: &a !!str 'v4'\n", "v4", "v4", True),
        ("k: !t &a\n  # between\n  v4\n", "v4", "v4", False),
        ("k: !!null\n", "", "", False),
        ("k: !!binary aGVsbG8=\n", "hello", "aGVsbG8=", False),
        ("k: !!binary '*'\n", "*", "*", True),
        ("k: !!binary gICA\n", "gICA", "gICA", False),
        ("é: x\nk: ü😀\n", "ü😀", "ü😀", False),
        ("k: a\n  b\n", "a b", "a\n  b", False),
        ("x: 1\r\nk: v4\r\n", "v4", "v4", False),
        ("\ufeffk: v4\n", "v4", "v4", False),
        ("{k: v4, j: 1}\n", "v4", "v4", False),
        ("k: |\n  a\n  b\n", "a\nb\n", "|\n  a\n  b\n", True),
        ("k: >-\n  a\n  b\n", "a b", ">-\n  a\n  b\n", True),
    ],
)
def test_a_scalar_keeps_its_text_and_its_span(text: str, value: str, span: str, *, quoted: bool) -> None:
    found = scalar_at(text, "k")
    assert (found.value, text[found.start : found.end], found.quoted) == (value, span, quoted)


def test_every_document_is_a_node() -> None:
    roots = yaml.parse(SourceText("a.yml", "a: 1\n---\n- b\n---\n"))
    assert [type(root) for root in roots] == [Mapping, Sequence, Scalar]


def test_an_empty_file_has_no_document() -> None:
    assert yaml.parse(SourceText("a.yml", "# nothing\n")) == ()


def test_of_a_key_that_stands_twice_the_last_wins() -> None:
    assert scalar_at("k: 1\nk: 2\n", "k").value == "2"


def test_a_key_that_is_no_scalar_is_its_text() -> None:
    assert scalar_at("? [a, b]\n: v\n", "[a, b]").value == "v"


def test_an_alias_is_the_node_of_its_anchor() -> None:
    root = read("a: &x {k: v}\nb: *x\n")
    assert root.get("b") is root.get("a")


def test_an_anchor_set_again_counts_from_there_on() -> None:
    assert scalar_at("a: &x 1\nb: &x 2\nc: *x\n", "c").value == "2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b: &b {k: base, j: base}\nm: {<<: *b, k: own}\n", {"k": "own", "j": "base"}),
        ("b: &b {k: base}\nm: {k: own, <<: *b}\n", {"k": "own"}),
        ("a: &a {k: 1, i: 1}\nb: &b {k: 2, j: 2}\nm: {<<: [*a, *b]}\n", {"k": "1", "i": "1", "j": "2"}),
        ("a: &a {k: 1}\nb: &b {<<: *a, j: 2}\nm: {<<: *b}\n", {"k": "1", "j": "2"}),
        ("m: {<<: text, k: 1}\n", {"k": "1"}),
        ("m: {'<<': text, k: 1}\n", {"<<": "text", "k": "1"}),
    ],
)
def test_merge_keys_resolve(text: str, expected: dict[str, str]) -> None:
    merged = yaml.merged(read(text).mapping("m"))
    assert {key.value: value.value for key, value in merged.items if isinstance(value, Scalar)} == expected


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a: [", InvalidSyntaxError),
        ("a: *missing\n", InvalidSyntaxError),
        ("a: &a [*a]\n", InvalidSyntaxError),
        ("a: &a {b: {c: *a}}\n", InvalidSyntaxError),
        ("a: \x00\n", InvalidSyntaxError),
        ("a: 1\n b: 2\n", InvalidSyntaxError),
        ("[" * 1_000_000, TooDeepError),
        ("{a: " * 1_000_000, TooDeepError),
        ("- " * 1_000_000, TooDeepError),
        ("? " * 1_000_000, TooDeepError),
        ("a0: &a0 [x]\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i}]\n" for i in range(200)), TooDeepError),
        ("a0: &a0 [x]\n" + "".join(f"a{i + 1}: &a{i + 1} [*a{i},*a{i},*a{i}]\n" for i in range(30)), TooLargeError),
        ("---\n- &a [x,x,x,x,x,x,x,x,x,x]\n" + "- *a\n" * 10_000, TooLargeError),
        ("---\n" * 600_000, TooLargeError),
        ("".join(f"%TAG !a{i}! x\n" for i in range(20_000)) + "--- a\n", TooLargeError),
    ],
    ids=range(15),
)
def test_what_cannot_be_read_is_refused_in_time(text: str, error: type[UnreadableError]) -> None:
    begun = time.process_time()
    with pytest.raises(error):
        yaml.parse(SourceText("a.yml", text))
    assert time.process_time() - begun < allowed(10)


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(InvalidSyntaxError) as caught:
        yaml.parse(SourceText("a.yml", "a: 1\nb: [\nc: }\n"))
    assert caught.value.line == 3


_PIECES = st.lists(
    st.sampled_from(
        [
            *"ab:-?[]{},&*!|>'\"%#@`\n\n \t\r\ufeff\u2028é😀<0",
            ": ",
            "- ",
            "  ",
            "\n  ",
            "&a ",
            "*a",
            "!!str ",
            "|\n",
            "<<: ",
        ]
    ),
    max_size=40,
)


@given(_PIECES.map("".join))
@settings(deadline=None, max_examples=600)
def test_any_text_is_read_with_true_spans_or_refused(text: str) -> None:
    source = SourceText("a.yml", text)
    try:
        roots = yaml.parse(source)
    except UnreadableError:
        return
    for leaf in (leaf for root in roots for leaf in leaves(root)):
        written = text[leaf.start : leaf.end]
        if leaf.value.isalnum() and written and written[0] not in "|>":
            assert written == leaf.value or "\n" in written or "\\" in written
        assert all(
            text[line.start : line.start + len(line.text)] == line.text for line in yaml_lines.lines(source, leaf)
        )


def flat(keys: tuple[str, ...], node: Node, depth: int) -> Iterator[tuple[tuple[str, ...], Node]]:
    if len(keys) < depth and isinstance(node, Mapping) and node.items:
        for key, value in node.items:
            yield from flat((*keys, key.value), value, depth)
    else:
        yield keys, node


@given(_PIECES.map("".join), st.integers(0, 3))
@example("? {a: b, c: d}\n: e\nf: {g: h}\n", 2)
@example("a:\n  ? b: {c: d}\n    e: f\n  : {g: {h: i}}\n  j: k\n", 3)
@example("{{a: b}: c, {d: e}: {f: g}}\n", 1)
@settings(deadline=None, max_examples=600)
def test_a_walk_shows_the_same_nodes_as_the_whole_tree(text: str, depth: int) -> None:
    try:
        whole = [found for root in yaml.parse(SourceText("a.yml", text)) for found in flat((), root, depth)]
    except UnreadableError:
        return
    walked = yaml.walk(SourceText("a.yml", text), depth)
    assert [(tuple(key.value for key in keys), node) for keys, node in walked] == whole


WALKED = """\
a:
  b: {c: 1}
  d: [1]
  e: {}
f: &x {g: 1}
h: *x
i: {}
--- 3
---
- 1
"""


def test_a_walk_stops_at_the_wanted_depth_and_tells_what_ends_earlier() -> None:
    shown = [
        (".".join(key.value for key in keys), type(node).__name__)
        for keys, node in yaml.walk(SourceText("a.yml", WALKED), 2)
    ]
    assert shown == [
        ("a.b", "Mapping"),
        ("a.d", "Sequence"),
        ("a.e", "Mapping"),
        ("f.g", "Scalar"),
        ("h.g", "Scalar"),
        ("i", "Mapping"),
        ("", "Scalar"),
        ("", "Sequence"),
    ]


def test_a_walk_through_more_than_a_tree_may_hold_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "MAX_NODES", 2000)
    text = "a:\n" + "  b: {c: 1, d: 2}\n" * 500
    assert sum(1 for _ in yaml.walk(SourceText("a.yml", text), 2)) == 500
    with pytest.raises(TooLargeError):
        yaml.parse(SourceText("a.yml", text))
