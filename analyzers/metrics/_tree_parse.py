"""Parsing by tree-sitter within bounds: bytes, depth, steps, seconds and memory.

A grammar is ambiguous in places, and following every reading of ``a<a<a<…``, or mending a file that is none of the
language, takes time and memory that grow with the square of the size. Honest files stay far below each bound.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING

from analyzers.errors import TooDeepError, TooLargeError

if TYPE_CHECKING:
    from tree_sitter import Language, Point, Tree

if sys.platform == "win32":

    def _memory() -> int:
        return 0

else:
    import resource

    _UNIT = 1 if sys.platform == "darwin" else 1024

    def _memory() -> int:
        """Return the most bytes that this process ever held."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


MAX_BYTES = 1024 * 1024
"""A tree takes about ten times its source and up to a hundred times where that is dense."""
_MOST_DEPTH = 1_000
"""Of brackets, wherever they stand. Also what one statement may hold of a sign that a grammar bounds.

At the end of a file the parser goes through all that is open in one step, which nothing can stop.
"""
_DELTAS = [0] * 256
for _open, _close in (b"()", b"[]", b"{}"):
    _DELTAS[_open], _DELTAS[_close] = 1, -1
_NO_BRACKETS = bytes(byte for byte in range(256) if not _DELTAS[byte])
_STATEMENTS = bytes.maketrans(b"{}", b";;")
_STEPS_A_CALL = 100
_STEPS_A_BYTE = 10
"""Honest files take one to two."""
_STEPS_ANYWAY = 100_000
_SECONDS = 10.0
"""Of the processor's time; an honest file of the largest size takes less than half a second."""
_MOST_MEMORY = 512 * 1024 * 1024
_CALLS_A_LOOK = 16
_MARK = b"\xef\xbb\xbf"


def parse(language: Language, content: bytes, *, bound: bytes = b"") -> Tree:
    """Return the tree of ``content``, which may hold errors. Raises TooLargeError, TooDeepError.

    ``bound`` is a sign of which one statement may hold only so many, since the grammar follows more than one reading of
    each until the end.
    """
    from tree_sitter import Parser

    if len(content) > MAX_BYTES:
        raise TooLargeError(f"has {len(content):,} bytes; code is parsed up to {MAX_BYTES:,}")
    if _depth(content) > _MOST_DEPTH or (bound and _in_a_statement(content, bound) > _MOST_DEPTH):
        raise TooDeepError("nests deeper than any honest file")
    source = memoryview(content)

    def read(position: int, _point: Point) -> memoryview:
        return source[position:]

    try:
        return Parser(language).parse(read, progress_callback=_stopping(len(content)))
    except ValueError as error:
        raise TooDeepError("takes more time or memory to parse than any honest file") from error


def without_mark(content: bytes) -> bytes:
    """Put blanks in the place of a byte-order mark, which is an error to some grammars: no position moves."""
    return b"   " + content[3:] if content.startswith(_MARK) else content


def _depth(content: bytes) -> int:
    brackets = content.translate(None, _NO_BRACKETS)
    return max(accumulate(map(_DELTAS.__getitem__, brackets)), default=0) if len(brackets) > _MOST_DEPTH else 0


def _in_a_statement(content: bytes, sign: bytes) -> int:
    kept = sign + b";{}"
    signs = content.translate(_STATEMENTS, bytes(byte for byte in range(256) if byte not in kept))
    return max(map(len, signs.split(b";")))


def _stopping(size: int) -> Callable[[int, bool], bool]:
    """Return what the parser calls after every so many steps, and which says whether to stop."""
    calls = next_look = 0
    most_calls = (size * _STEPS_A_BYTE + _STEPS_ANYWAY) // _STEPS_A_CALL
    latest = time.process_time() + _SECONDS
    most_memory = _memory() + _MOST_MEMORY

    def stop(_position: int, _has_error: object) -> bool:
        nonlocal calls, next_look
        calls += 1
        if calls < next_look:
            return False
        next_look = calls + _CALLS_A_LOOK
        return calls > most_calls or time.process_time() > latest or _memory() > most_memory

    return stop
