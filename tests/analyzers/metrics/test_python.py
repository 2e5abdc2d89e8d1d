"""Python metrics: radon's numbers, on our own parse."""

from __future__ import annotations

import ast
import gc
import sys
import sysconfig
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from radon.complexity import add_inner_blocks
from radon.visitors import ComplexityVisitor

from analyzers.errors import InvalidSyntaxError, TooLargeError, UnreadableError, UnsupportedSyntaxError
from analyzers.metrics._python_source import MAX_BYTES
from analyzers.metrics.python import count, measure

STDLIB = Path(sysconfig.get_path("stdlib"))
# Every ninth file, which is about 150 with the packages' own tests left out, and the ones with the oddest code.
SAMPLE = sorted(
    path for path in STDLIB.rglob("*.py") if not {"test", "tests", "site-packages", "lib2to3"} & set(path.parts)
)[::5]


def expected(source: bytes) -> set[tuple[int, int]]:
    """Return line and complexity of every function that radon itself reports, closures included."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visitor: Any = ComplexityVisitor.from_ast(ast.parse(source))
    blocks = add_inner_blocks(visitor.blocks)
    return {(block.lineno, block.complexity) for block in blocks if not hasattr(block, "real_complexity")}


def names(source: str) -> list[tuple[str, int]]:
    return [(function.name, function.complexity) for function in measure("a.py", source.encode()).functions]


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: str(path.relative_to(STDLIB)))
def test_every_number_equals_radons_own(path: Path) -> None:
    source = path.read_bytes()
    if len(source) > MAX_BYTES:
        with pytest.raises(TooLargeError):
            measure("a.py", source)
        return
    mine = {(function.line, function.complexity) for function in measure("a.py", source).functions}
    missing = expected(source) - mine
    assert not missing


def test_radons_own_module_is_left_as_it_is() -> None:
    assert not hasattr(ComplexityVisitor, "visit_Name")


def test_names_are_qualified_and_nothing_is_left_out() -> None:
    source = """
class Outer:
    class Inner:
        def method(self): pass
    def method(self):
        def closure():
            class Hidden:
                def deep(self, a):
                    return a if a else 0
        return closure
if True:
    async def top(): pass
"""
    assert names(source) == [
        ("Outer.Inner.method", 1),
        ("Outer.method", 1),
        ("Outer.method.closure", 1),
        ("Outer.method.closure.Hidden.deep", 2),
        ("top", 1),
    ]


def test_a_function_knows_its_lines_nesting_and_parameters() -> None:
    source = '''
@decorator
def f(a, /, b, *rest, c=1, **more):
    """Say something.

    At length.
    """
    # a comment

    if a:
        for x in b:
            pass
    elif b:
        pass
    elif c:
        with d:
            pass
    else:
        if e:
            while f:
                pass
    return x
'''
    (function,) = measure("a.py", source.encode()).functions
    assert (function.line, function.end_line) == (3, 22)
    assert function.lines == 14
    assert function.nesting == 3
    assert function.parameters == 5


@pytest.mark.parametrize(("head", "parameters"), [("self, a", 1), ("cls", 0), ("a, self", 2), ("self=None", 0)])
def test_the_object_itself_is_no_parameter(head: str, parameters: int) -> None:
    (function,) = measure("a.py", f"def f({head}): pass".encode()).functions
    assert function.parameters == parameters


def test_lines_of_code_are_neither_blank_nor_comment_nor_docstring() -> None:
    source = b'"""Module."""\n\nimport a  # why\n# comment\nclass B:\n    """Doc."""\n\n    x = """\nkept\n"""\n'
    assert measure("a.py", source).code_lines == 5


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
def test_line_ends_do_not_matter(end: bytes) -> None:
    source = end.join([b"# c", b"def f():", b"    return 1", b"", b"x = 2"])
    measured = measure("a.py", source)
    assert measured.code_lines == 3
    assert [(function.line, function.lines) for function in measured.functions] == [(2, 2)]


def test_imports_are_top_level_names_from_elsewhere() -> None:
    source = b"""
import os.path, yaml as y
from google.cloud import storage
from . import sibling
from .other import thing
def late():
    try:
        import requests
    except ImportError:
        from attr import s
"""
    assert measure("a.py", source).imports == ("attr", "google", "os", "requests", "yaml")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"def f(:\n", "line 1"),
        (b"print 'hello'\n", "Python 2"),
        (b"try:\n    pass\nexcept A, e:\n    pass\n", "Python 2" if sys.version_info < (3, 14) else "cannot parse"),
        (b"x = 1\0\n", "null bytes"),
        (b"# coding: nonsense\nx = 1\n", "encoding"),
        (b"x = '\xff'\n", "cannot parse"),
        (b"\xff\xfex\0=\0", "cannot parse|null bytes"),
    ],
)
def test_what_cannot_be_parsed_says_why(source: bytes, words: str) -> None:
    with pytest.raises(InvalidSyntaxError) as caught:
        measure("a.py", source)
    said = f"line {caught.value.line}: {caught.value.detail}"
    assert any(word in said for word in words.split("|")), said


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads it")
@pytest.mark.parametrize("source", [b"def f[T](x: T): pass\n", b"class A[T]: pass\n", b"type X = int\n"])
def test_newer_syntax_names_the_python_that_reads_it(source: bytes) -> None:
    with pytest.raises(UnsupportedSyntaxError, match=r"Python 3\.12"):
        measure("a.py", source)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python reads it")
@pytest.mark.parametrize("caught", [b"A, B", b"ValueError, socket.error", b"a.B, C, d.E", b"* A, _B"])
def test_several_exceptions_without_parentheses_are_no_python_2(caught: bytes) -> None:
    with pytest.raises(UnsupportedSyntaxError, match=r"Python 3\.14"):
        measure("a.py", b"try:\n    pass\nexcept%s:\n    pass\n" % (caught if caught[:1] == b"*" else b" " + caught))


@pytest.mark.parametrize(
    "source",
    [
        b"-" * 100_000 + b"1",
        b"a." * 100_000 + b"a",
        b"+".join([b"1"] * 100_000),
        b"if a:\n pass\n" + b"elif a:\n pass\n" * 3000,
        b"lambda:" * 50_000 + b"1",
        b"not " * 50_000 + b"1",
    ],
)
def test_what_nests_too_deep_is_refused(source: bytes) -> None:
    with pytest.raises(UnreadableError):
        measure("a.py", source)


def test_long_chains_that_radon_alone_gives_up_on_are_measured() -> None:
    source = b"def f(a):\n if a:\n  pass\n" + b" elif a:\n  pass\n" * 400
    (function,) = measure("a.py", source).functions
    assert function.complexity == 402
    assert function.nesting == 1


def test_a_huge_file_is_counted_and_not_parsed() -> None:
    source = b"x = 1\n" * (MAX_BYTES // 6 + 1)
    with pytest.raises(TooLargeError):
        measure("a.py", source)
    assert count(source) == MAX_BYTES // 6 + 1


def test_warnings_of_the_measured_code_and_the_collector_are_left_alone() -> None:
    measure("a.py", rb"x = '\d' is 'a'")
    assert gc.isenabled()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="def f():\n\t ifa=1[]{}'\"\\#@:", max_size=80).map(str.encode))
def test_any_bytes_are_measured_or_refused(source: bytes) -> None:
    try:
        measured = measure("a.py", source)
    except UnreadableError:
        assert count(source) >= 0
    else:
        assert measured.code_lines <= source.count(b"\n") + source.count(b"\r") + 1


@pytest.mark.parametrize("source", ["def f(): pass", "def f():\n  return '''\n\n'''", "def f():\n x\n\n\n"])
def test_ranges_never_leave_the_file(source: str) -> None:
    (function,) = measure("a.py", source.encode()).functions
    assert 1 == function.line <= function.end_line <= source.count("\n") + 1
