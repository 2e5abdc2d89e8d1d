from __future__ import annotations

import contextlib
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError, UnreadableError
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText
from analyzers.syntax.toml import parse
from tests.support.pace import allowed

ROOT = Path(__file__).parents[3]


def read(text: str, skip: frozenset[str] = frozenset()) -> Mapping:
    return parse(SourceText("x.toml", text), skip=skip)


def plain(node: Node) -> Any:  # noqa: ANN401 - whatever tomllib would return
    if isinstance(node, Scalar):
        return node.value if node.quoted else tomllib.loads(f"x = {node.value}")["x"]
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.value: plain(value) for key, value in node.items}


def scalars(node: Node) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [leaf for item in node.items for leaf in scalars(item)]
    return [leaf for key, value in node.items for leaf in (key, *scalars(value))]


DOCUMENTS = [
    "",
    "# only a comment",
    "a = 1\nb = 'x' # c\n\n[t]\nc = true\n[t.u]\nd = 1.5e3",
    "a.b.c = 1\na.b.d = 2\na.e = 3",
    '\'a b\'."c\\td" = 1\n"" = 2',
    "[[p]]\nn = 1\n[p.q]\nx = 1\n[[p.r]]\ny = 1\n[[p.r]]\ny = 2\n[[p]]\nn = 2",
    "[a.b]\nx = 1\n[a]\ny = 2",
    "x = {a = 1, 'b c' = {d.e = [1, 2,]}, f = []}",
    "x = [ # c\n 'a', # d\n\n \"b\",\n # e\n]\n",
    'x = """\nab\\\n   \n  c"d""e\\"""" # "\n',
    'x = """a""""\ny = """""a"""""\nz = """"""\n',
    "x = '''\n\\ab''c'''''\ny = ''''''",
    "x = '''\r\na\r\nb'''\r\ny = 1\r\n",
    'x = "\\u00e9\\U0001F600\\\\\\"\\b\\t\\n\\f\\r"',
    "d = [1979-05-27 07:32:00, 1979-05-27T07:32:00.5-07:00, 1979-05-27, 07:32:00]",
    "n = [+1, -0, 0x_f, 1_000, 0b1, -inf, nan, 1e-5]".replace("0x_f", "0xf").replace("nan", "inf"),
    "é = 1".replace("é", '"é"') + "\nb = 'ü' # ö\nc = '中文'",
    "[ a . 'b' ]\n  x\t=\t1  ",
    "  [a]  # c\n\ta = 1\n",
]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_the_tree_says_what_tomllib_says(text: str) -> None:
    assert plain(read(text)) == tomllib.loads(text)


keys = st.sampled_from(["a", "b-c", "d_1", "'q r'", '"s\\"t"', "a.b", "a . 'x'", "é".join('""')])
strings = st.one_of(
    st.text(max_size=8).map(lambda text: "'" + text.replace("'", "") + "'"),
    st.text(alphabet='ab"\\ntu0é \n', max_size=8).map(lambda text: f'"{text}"'),
    st.text(alphabet='ab"\\n \r\n', max_size=10).map(lambda text: f'"""{text}"""'),
    st.text(alphabet="ab'\\ \n", max_size=10).map(lambda text: f"'''{text}'''"),
)
values = st.recursive(
    st.one_of(strings, st.sampled_from(["1", "true", "1.0", "1979-05-27 07:32:00Z", "-0x1"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + " ,\n".join(items) + "]"),
        st.lists(st.tuples(keys, inner), max_size=2).map(
            lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"
        ),
    ),
    max_leaves=6,
)
lines = st.one_of(
    st.builds("{} = {}".format, keys, values),
    keys.map("[{}]".format),
    keys.map("[[{}]] # x".format),
    st.sampled_from(["", "# é", "  "]),
)


@settings(deadline=None, max_examples=400)
@given(st.lists(lines, max_size=7).map("\n".join))
def test_whatever_tomllib_reads_is_read_alike_and_the_rest_refused(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(InvalidSyntaxError):
            read(text)
    else:
        tree = read(text)
        assert plain(tree) == expected
        for leaf in scalars(tree):
            raw = text[leaf.start : leaf.end]
            assert "\\" in raw or "\r" in raw or raw == leaf.value


@settings(deadline=None, max_examples=200)
@given(st.text() | st.lists(lines, max_size=5).map("\n".join), st.booleans())
def test_no_text_is_too_strange(text: str, skip: bool) -> None:
    with contextlib.suppress(UnreadableError):
        assert isinstance(read(text, frozenset({"a", "q r"}) if skip else frozenset()), Mapping)


def test_a_span_is_what_stands_between_the_quotes() -> None:
    text = "[project]\ndependencies = [\n  'é',\n  \"requests>=2\", # HTTP\n]\n"
    (_, scalar) = read(text).scalars("project", "dependencies")
    assert text[scalar.start : scalar.end] == scalar.value == "requests>=2"


def test_our_own_manifest_is_read_as_tomllib_reads_it() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    assert plain(read(text)) == tomllib.loads(text)


LOCK = """version = 1

[[package]]
name = "a"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "b", marker = "x" },
]
sdist = { url = "https://x/a.tar.gz", hash = "sha256:0" }
wheels = [
    { url = "https://x/a.whl", hash = "sha256:1" },
]

[package.optional-dependencies]
all = [
    { name = "b" },
]

[[package]]
name = "b"
version = "2.0"
"""
BULK = frozenset({"dependencies", "sdist", "wheels", "optional-dependencies"})


def test_skipped_keys_leave_no_trace_and_move_no_span() -> None:
    tree = read(LOCK, BULK)
    first, second = plain(tree)["package"]
    assert first == {
        "name": "a",
        "version": "1.0",
        "source": {"registry": "https://pypi.org/simple"},
        "optional-dependencies": {},
    }
    assert second == {"name": "b", "version": "2.0"}
    assert all(LOCK[leaf.start : leaf.end] == leaf.value for leaf in scalars(tree))


def test_a_lockfile_in_another_layout_is_read_whole() -> None:
    text = 'wheels = [ "a", "b" ]\nx = 1\n[optional-dependencies]\na = [\n[1],\n]\n'
    assert plain(read(text, BULK))["x"] == 1


@pytest.mark.parametrize("text", [LOCK + "<<<<<<< HEAD\n", LOCK.replace('"2.0"', '"2.0'), "a = 1\n[a]\nb = 1\n[[a]]"])
def test_a_broken_lockfile_is_refused_though_parts_are_skipped(text: str) -> None:
    with pytest.raises(InvalidSyntaxError):
        read(text, BULK)


def test_the_line_of_an_error_is_named() -> None:
    with pytest.raises(InvalidSyntaxError) as caught:
        read("a = 1\nb = \n")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 100 + "]" * 100, "a = " + "[" * 100_000, "a." * 200 + "a = 1", "[" + "a." * 500_000 + "a]"],
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(TooDeepError):
        read(text)
    assert time.process_time() - begun < allowed(10)


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(TooLargeError):
        read("# " + "x" * 9_000_000)


@pytest.mark.parametrize("unit", ['"', "'", "a ", 'a."', "[", '"""', "\\", "a=1\n", "[[a]]\n", "#", "{", 'a="\\'])
@pytest.mark.parametrize("skip", [frozenset(), BULK])
def test_repeated_fragments_take_linear_time(unit: str, skip: frozenset[str]) -> None:
    begun = time.process_time()
    with contextlib.suppress(UnreadableError):
        read(unit * 40_000, skip)
    assert time.process_time() - begun < allowed(10)
