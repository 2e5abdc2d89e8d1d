"""Python programs as trees whose strings have spans. Parsed, never run."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError, UnsupportedSyntaxError
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText

_MAX_LENGTH = 1_000_000
_LONE_RETURN = re.compile(r"\r(?!\n)")
_OPENING = re.compile(r"[rRuUbB]{0,2}+(?P<quotes>'''|\"\"\"|'|\")")


@dataclass(frozen=True, slots=True)
class Program:
    """A parsed file. `scalar` gives a string of its tree the span that it has in `source`."""

    source: SourceText
    tree: ast.Module

    def offset(self, line: int, column: int) -> int:
        """Translate the parser's line and column (in bytes of UTF-8) to an offset of the text."""
        start = self.source.offset_of_line(line)
        # A code point has at least one byte, so these hold the wanted ones.
        head = self.source.text[start : start + column]
        return start + (column if head.isascii() else len(head.encode()[:column].decode(errors="ignore")))

    def scalar(self, node: ast.Constant) -> Scalar:
        """Return the string with the span between its quotes; of one that is put together, the span of all of it.

        Where the text of the span is not the value (escapes, adjacent strings), an edit has to be refused.
        """
        start = self.offset(node.lineno, node.col_offset)
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        opening = _OPENING.match(self.source.text, start, end)
        if opening:
            quotes = len(opening["quotes"])
            inner = self.source.text[opening.end() : end - quotes]
            if inner.replace("\r\n", "\n") == node.value:
                return Scalar(str(node.value), opening.end(), end - quotes)
        return Scalar(str(node.value), start, end)


def parse(source: SourceText) -> Program:
    """Parse a file. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    if len(source.text) > _MAX_LENGTH:
        raise TooLargeError(f"holds {len(source.text):,} characters; more than {_MAX_LENGTH:,} are not read")
    odd = _LONE_RETURN.search(source.text)
    if odd:
        raise UnsupportedSyntaxError("ends lines in carriage returns alone", line=source.line_column(odd.start())[0])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Program(source, ast.parse(source.text))
    except SyntaxError as error:
        detail = f"the Python that runs debtscan cannot parse it: {error.msg}"
        raise InvalidSyntaxError(detail, line=error.lineno) from error
    except (RecursionError, MemoryError) as error:
        raise TooDeepError("nests deeper than Python itself can parse") from error
    except ValueError as error:
        raise InvalidSyntaxError(f"is no Python source: {error}") from error
