"""The parts of Python functions: what stands where, and that their sums are radon's numbers."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from pathlib import Path
from textwrap import dedent

import pytest

from analyzers.errors import InvalidSyntaxError, TooLargeError, UnreadableError
from analyzers.metrics._python_branches import branches_of
from analyzers.metrics._python_source import MAX_BYTES
from analyzers.metrics._radon import CountingVisitor
from analyzers.metrics.python import branches, complexity_at, measure
from analyzers.model.language import Branch
from tests.support.branches import are_nested

STDLIB = Path(sysconfig.get_path("stdlib"))
SAMPLE = sorted(
    path for path in STDLIB.rglob("*.py") if not {"test", "tests", "site-packages", "lib2to3"} & set(path.parts)
)[::24]


def parts(source: str) -> list[tuple[int, int, str, int, int]]:
    """Return line, last line, kind, complexity and nesting of the parts of the first function of ``source``."""
    content = dedent(source).encode()
    function = measure("a.py", content).functions[0]
    found = branches(content, function.line, function.end_line)
    assert 1 + sum(branch.complexity for branch in found if not branch.nesting) == function.complexity
    return [(branch.line, branch.end_line, branch.kind, branch.complexity, branch.nesting) for branch in found]


def test_a_chain_is_one_part_and_its_arms_are_parts_of_it() -> None:
    source = """\
    def f(a):
        if a and a.b:
            for x in a:
                pass
        elif a:
            pass
        else:
            return [x for x in a if x]
        return 1 if a else 2
    """
    assert parts(source) == [
        (2, 8, "if", 6, 0),
        (2, 4, "if", 3, 1),
        (2, 2, "and", 1, 2),
        (3, 4, "for", 1, 2),
        (5, 6, "elif", 1, 1),
        (8, 8, "else", 2, 1),
        (8, 8, "comprehension", 2, 2),
        (9, 9, "conditional expression", 1, 0),
    ]


def test_an_if_within_else_is_no_elif() -> None:
    source = "def f(a):\n if a:\n  pass\n else:\n  if a:\n   pass\n"
    assert [part[2:] for part in parts(source)] == [("if", 2, 0), ("if", 1, 1), ("else", 1, 1), ("if", 1, 2)]


def test_try_and_loops_have_their_ways_out_as_parts() -> None:
    source = """\
    async def f(a):
        try:
            while a:
                pass
            else:
                a = a or 1
        except (A if a else B):
            pass
        except C:
            pass
        else:
            pass
        finally:
            async for x in a:
                pass
    """
    assert parts(source) == [
        (2, 15, "try", 8, 0),
        (3, 6, "while", 3, 1),
        (6, 6, "else", 2, 2),
        (6, 6, "or", 1, 3),
        (7, 8, "except", 2, 1),
        (7, 7, "conditional expression", 1, 2),
        (9, 10, "except", 1, 1),
        (12, 12, "else", 1, 1),
        (14, 15, "for", 1, 1),
    ]


def test_the_case_that_takes_what_is_left_adds_nothing_itself() -> None:
    source = """\
    def f(a):
        match a:
            case 1 if a:
                pass
            case [x]:
                if x:
                    pass
            case _:
                assert a
    """
    assert parts(source) == [
        (2, 9, "match", 4, 0),
        (3, 4, "case", 1, 1),
        (5, 7, "case", 2, 1),
        (6, 7, "if", 1, 2),
        (8, 9, "case", 1, 1),
        (9, 9, "assert", 1, 2),
    ]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("return g(key=a or b, *c, **d)", ["or"]),
        ("return lambda x=a or b: x and y", ["or", "and"]),
        ("return {k: v for k in a for v in k if v and k}", ["comprehension", "and"]),
        ("return f'{a or b}'", ["or"]),
        ("with a if b else c: pass", ["with", "conditional expression"]),
        ("with a: pass", []),
        ("return any(x for x in a)", ["generator expression"]),
        ("return (x if y else z)[a and b]", ["conditional expression", "and"]),
        ("assert a or b", ["assert"]),
    ],
)
def test_expressions_are_parts_in_the_order_of_the_line(line: str, kinds: list[str]) -> None:
    assert [part[2] for part in parts(f"def f():\n {line}\n")] == kinds


def test_functions_and_classes_inside_are_counted_on_their_own() -> None:
    source = """\
    def f(a):
        @decorated(a or b)
        def g(x=a or b):
            if x:
                pass
        class C:
            if a:
                pass
        if a:
            def h():
                return a or b
    """
    assert parts(source) == [(9, 11, "if", 1, 0)]


def test_a_part_that_goes_on_with_a_loop_around_it_jumps() -> None:
    source = b"""\
def f(a):
    for x in a:
        if x:
            continue
        elif a:
            pass
        while x:
            if a:
                break
        else:
            break
        try:
            assert a
        except A:
            with x if a else a:
                break
        if a:
            def g():
                for y in a:
                    break
"""
    found = branches(source, 1, 20)
    assert [(branch.line, branch.kind) for branch in found if branch.jumps] == [
        (3, "if"),
        (3, "if"),
        (7, "while"),
        (8, "if"),
        (11, "else"),
        (12, "try"),
        (14, "except"),
        (15, "with"),
    ]
    assert len(found) == 13


def test_the_function_is_told_by_its_first_line() -> None:
    content = b"class A:\n @x\n def f(self):\n  def g():\n   return 1 or 2\n  if g:\n   return 1 and 2\n"
    assert [branch.kind for branch in branches(content, 4, 5)] == ["or"]
    assert [branch.kind for branch in branches(content, 3, 7)] == ["if", "and"]
    for line, end_line in ((1, 7), (2, 7), (6, 7), (3, 8), (99, 100)):
        assert branches(content, line, end_line) == ()


LINES = b"if 1:\n def f(a):\n  a or 1\n  # or\n\n  a and 1\n # and\nx or y\n"


@pytest.mark.parametrize("end_line", [3, 4, 5, 6])
def test_lines_that_are_not_all_of_the_function_are_measured_as_all_of_it(end_line: int) -> None:
    assert complexity_at(LINES, 2, end_line) == 3


@pytest.mark.parametrize(("line", "end_line"), [(1, 6), (2, 7), (2, 8), (3, 6), (0, 6), (-1, 6), (8, 8), (9, 9)])
def test_other_lines_are_no_function(line: int, end_line: int) -> None:
    assert complexity_at(LINES, line, end_line) is None


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("coding", [b"", b"\xef\xbb\xbf", b"# coding: latin-1\n"])
def test_one_function_is_read_as_its_file_is(coding: bytes, end: bytes) -> None:
    content = coding + b'class A:\n  def f(a):\n    """\n"""\n    return "\xc3\xa4" or a\n\n\nx = 1'
    content = content.replace(b"\n", end)
    (function,) = measure("a.py", content).functions
    (found,) = branches(content, function.line, function.end_line)
    assert (found.line, found.kind) == (function.end_line, "or")


def test_what_cannot_be_parsed_says_why() -> None:
    with pytest.raises(InvalidSyntaxError, match="cannot parse"):
        branches(b"def f(:\n", 1, 1)
    with pytest.raises(TooLargeError):
        branches(b"x = 1\n" * (MAX_BYTES // 6 + 1), 1, 1)


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b" if a:\n  pass\n" + b" elif a:\n  pass\n" * 400, 402),
        (b" return " + b"a and (b or " * 60 + b"c" + b")" * 60, 120),
        (b" a or b\n" * 5_000, 5_000),
        (b"".join(b" " * depth + b"if a:\n" for depth in range(1, 90)) + b" " * 90 + b"pass\n", 89),
    ],
)
def test_long_and_deep_functions_are_told_apart(body: bytes, number: int) -> None:
    assert len(branches(b"def f(a):\n" + body, 1, 2)) == number


@pytest.mark.parametrize(
    "body", [b" return " + b"not " * 50_000 + b"1", b" if a:\n  pass\n" + b" elif a:\n  pass\n" * 3000]
)
def test_what_nests_too_deep_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        branches(b"def f(a):\n" + body, 1, 2)


def of_file(content: bytes) -> dict[int, tuple[Branch, ...]]:
    """Return the parts of every function of a file by its line, from one parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(content)
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            visitor = CountingVisitor.from_ast(ast.Module(body=node.body, type_ignores=[]))
            found[node.lineno] = tuple(branches_of(node, visitor.counts))
    return found


def test_parts_of_real_functions_add_up_to_radons_numbers_and_lie_within_each_other() -> None:
    seen = 0
    for path in SAMPLE:
        content = path.read_bytes()
        if len(content) > MAX_BYTES:
            continue
        found = of_file(content)
        for function in measure("a.py", content).functions:
            where = f"{path}:{function.line}"
            told = found[function.line]
            assert 1 + sum(branch.complexity for branch in told if not branch.nesting) == function.complexity, where
            if function.complexity > 8:
                assert branches(content, function.line, function.end_line) == told, where
                assert complexity_at(content, function.line, function.end_line) == function.complexity, where
            assert are_nested(told), where
            seen += len(told)
    assert seen > 500
