"""Where the lines of a function stood before a commit changed their file."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from analyzers.repository.line_diff import Block, old_line


class Span(NamedTuple):
    """Lines ``start:end`` of a version, from 0."""

    start: int
    end: int


def around(span: Span, blocks: Sequence[Block]) -> Sequence[Block]:
    """Return those of the blocks, which are in order, that tell something of a span; the last one before it does."""
    first = bisect_left(blocks, span.start, key=attrgetter("new_end"))
    return blocks[max(0, first - 1) : bisect_right(blocks, span.end, key=attrgetter("new_start"))]


def is_rewritten(span: Span, blocks: Iterable[Block]) -> bool:
    """Whether none of the lines stood there before."""
    return any(block.new_start <= span.start and block.new_end >= span.end for block in blocks if _has_new(block))


def is_touched(span: Span, blocks: Iterable[Block]) -> bool:
    """Whether lines of the span are new, or lines were taken out from between them."""
    return any(
        block.new_start < span.end and block.new_end > span.start
        if _has_new(block)
        else span.start < block.new_start < span.end
        for block in blocks
    )


def loses_lines(span: Span, blocks: Iterable[Block]) -> bool:
    """Whether lines were taken out right behind the last one."""
    return _behind(span, blocks) is not None


def _behind(span: Span, blocks: Iterable[Block]) -> Block | None:
    return next((block for block in blocks if block.new_start == block.new_end == span.end), None)


def lost_tail(span: Span, blocks: Iterable[Block], old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """Return how many lines were taken out behind the last one that belonged to the same function.

    They stand deeper than its first line. Where a bracket ends a function, that one stays, and there are none.
    """
    gone = _behind(span, blocks)
    if gone is None or not span.start < span.end <= len(new):
        return 0
    depth, tail = _depth(new[span.start]), 0
    for count, line in enumerate(old[gone.old_start : gone.old_end], 1):
        if not line.strip():
            continue
        if _depth(line) <= depth:
            break
        tail = count
    return tail


def before(span: Span, blocks: Sequence[Block], tail: int = 0) -> Span | None:
    """Return where the span stood in the older version, with ``tail`` lines that it lost; None for one that is new.

    Lines in place of which others stand now belonged to it as these do: of a change that goes on beyond the span, as
    many as there are now.
    """
    if is_rewritten(span, blocks):
        return None
    return Span(_start_before(span.start, blocks), _end_before(span.end, blocks) + tail)


def _start_before(start: int, blocks: Sequence[Block]) -> int:
    kept = old_line(blocks, start)
    if kept is not None:
        return kept
    block = next(one for one in blocks if one.new_start <= start < one.new_end)
    if block.new_start == start:
        return block.old_start
    return max(block.old_start, block.old_end - (block.new_end - start))


def _end_before(end: int, blocks: Sequence[Block]) -> int:
    kept = old_line(blocks, end - 1)
    if kept is not None:
        return kept + 1
    block = next(one for one in blocks if one.new_start < end <= one.new_end)
    return block.old_end if block.new_end == end else min(block.old_end, block.old_start + end - block.new_start)


def _has_new(block: Block) -> bool:
    return block.new_start < block.new_end


def _depth(line: bytes) -> int:
    """Return how far a line is indented."""
    return len(line) - len(line.lstrip())
