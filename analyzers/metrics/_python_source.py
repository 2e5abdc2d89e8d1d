"""Python source → its tree, or why there is none; the whole of a file or one function of it."""

from __future__ import annotations

import ast
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TypeAlias

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError, UnsupportedSyntaxError
from analyzers.metrics._collector import without_collector

MAX_BYTES = 1024 * 1024
"""A tree takes several hundred bytes for each byte of dense source; honest files stay far below."""
_NEWER = (
    (re.compile(rb"^\s*(?:async\s+def|def|class)\s+\w+\s*\[|^\s*type\s+\w+\s*(?:\[.*\])?\s*="), "3.12"),
    (re.compile(rb"""\bt[rR]?['"]|\b[rR]t['"]"""), "3.14"),
    # Python 2 has a variable after the comma, 3.14 one more class.
    (re.compile(rb"^\s*except\*?\s+[\w.]+\s*,\s*(?:\w+\.|_*[A-Z])"), "3.14"),
)
_PYTHON_2 = re.compile(
    rb"^\s*print\s+[^\s(=]|^\s*exec\s+['\"\w]|^\s*except\s+[\w.()]+\s*,\s*\w+\s*:|^\s*raise\s+\w+\s*,|<>|\bur['\"]|`"
)

_FIRST_LINE = 2
"""Where a function stands that is parsed alone: a line is put before it."""
FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Parse without the garbage collector and without warnings."""
    with without_collector(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse(content: bytes) -> ast.Module:
    """Parse one file. Raises TooLargeError, TooDeepError, InvalidSyntaxError (UnsupportedSyntaxError where newer)."""
    if len(content) > MAX_BYTES:
        raise TooLargeError(f"has {len(content):,} bytes; Python files are parsed up to {MAX_BYTES:,}")
    try:
        return ast.parse(content)
    except SyntaxError as error:
        raise _invalid(content, error) from error
    except (RecursionError, MemoryError) as error:
        raise TooDeepError("nests deeper than Python itself can parse") from error
    except (ValueError, LookupError) as error:
        raise InvalidSyntaxError(f"is no Python source: {error}") from error


def _invalid(content: bytes, error: SyntaxError) -> InvalidSyntaxError:
    """Say why a file cannot be parsed, and whether a newer Python could."""
    lines = content.splitlines()
    line = lines[error.lineno - 1][:2000] if error.lineno and 0 < error.lineno <= len(lines) else b""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    said = f"Python {running}, which runs debtscan, cannot parse it: {error.msg}"
    for pattern, version in _NEWER:
        if pattern.search(line) and tuple(map(int, version.split("."))) > sys.version_info[:2]:
            advice = f"it looks like syntax of Python {version}: run debtscan with that or a newer one"
            return UnsupportedSyntaxError(f"{said}; {advice}", line=error.lineno)
    if error.msg.startswith("f-string") and sys.version_info < (3, 12):
        said += "; Python 3.12 reads more of these: run debtscan with that or a newer one"
    elif _PYTHON_2.search(line):
        said += "; it looks like Python 2"
    return InvalidSyntaxError(said, line=error.lineno)


def function_at(content: bytes, line: int, end_line: int) -> FunctionNode | None:
    """Return the function that begins at ``line`` and reaches ``end_line``, None where none does. Raises as `parse`."""
    return _from_its_lines(content, line, end_line) or _from_tree(parse(content), line, end_line)


def _from_its_lines(content: bytes, line: int, end_line: int) -> FunctionNode | None:
    """Return the function from the text of its lines alone, where these are all of it: many times quicker."""
    lines = split_lines(content) if len(content) <= MAX_BYTES else []
    if not 0 < line <= end_line <= len(lines):
        return None
    indent = lines[line - 1][: -len(lines[line - 1].lstrip())]
    following = next((text for text in lines[end_line:] if text.strip() and not text.strip().startswith(b"#")), b"")
    if following.startswith((indent + b" ", indent + b"\t")):
        return None
    try:
        encoding, _read = tokenize.detect_encoding(BytesIO(content).readline)
        text = b"\n".join(lines[line - 1 : end_line]).decode(encoding)
        body = ast.parse(f"if 1:\n{text}" if indent else f"\n{text}").body
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return None
    statements = body[0].body if indent and isinstance(body[0], ast.If) else body
    function = statements[0] if len(statements) == 1 else None
    if not isinstance(function, FUNCTIONS) or function.lineno != _FIRST_LINE:
        return None
    ast.increment_lineno(function, line - _FIRST_LINE)
    return function if function.end_lineno == end_line else None


def _from_tree(tree: ast.Module, line: int, end_line: int) -> FunctionNode | None:
    waiting: list[list[ast.stmt]] = [tree.body]
    while waiting:
        for statement in waiting.pop():
            last = statement.end_lineno or statement.lineno
            if isinstance(statement, FUNCTIONS) and statement.lineno == line and end_line <= last:
                return statement
            if statement.lineno <= line <= last:
                waiting += inner_blocks(statement)
    return None


def inner_blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a compound statement; those of an ``elif`` stand beside those of its ``if``."""
    while True:
        body = getattr(statement, "body", None)
        if isinstance(body, list):
            yield body
        for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            yield part.body
        if last := getattr(statement, "finalbody", None):
            yield last
        orelse = getattr(statement, "orelse", None)
        if not orelse:
            return
        chained = orelse[0]
        if not (isinstance(statement, ast.If) and isinstance(chained, ast.If) and len(orelse) == 1):
            yield orelse
            return
        if chained.col_offset != statement.col_offset:
            yield orelse
            return
        statement = chained


def split_lines(content: bytes) -> list[bytes]:
    """Return the lines as Python counts them."""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
