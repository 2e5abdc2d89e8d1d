"""Which lines two versions of a file share, in time close to linear whatever the lines are.

Lines that stand once in both versions anchor the comparison (a patience diff). The usual algorithms find a little
more in common and take quadratic time or worse on lines that somebody chose for that purpose.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_DEEPEST = 40
"""Ranges that are still not settled after so many anchorings count as changed."""


class Block(NamedTuple):
    """Lines ``old_start:old_end`` of the old version became ``new_start:new_end`` of the new one (from 0)."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changed_blocks(old: Sequence[bytes], new: Sequence[bytes]) -> list[Block]:
    """Return what differs, in order; blocks neither touch nor overlap."""
    found: list[Block] = []
    waiting = [(Block(0, len(old), 0, len(new)), 0)]
    while waiting:
        part, depth = waiting.pop()
        part = _without_equal_ends(old, new, part)
        if part.old_start == part.old_end and part.new_start == part.new_end:
            continue
        anchors = _anchors(old, new, part) if depth < _DEEPEST else []
        if not anchors:
            found.append(part)
            continue
        waiting += [(gap, depth + 1) for gap in _gaps(old, new, part, anchors)]
    return _joined(sorted(found))


def old_line(blocks: Sequence[Block], line: int) -> int | None:
    """Return where line ``line`` of the new version (from 0) stood in the old one; None for a new line."""
    shift = 0
    for block in blocks:
        if line < block.new_start:
            break
        if line < block.new_end:
            return None
        shift = block.old_end - block.new_end
    return line + shift


def _without_equal_ends(old: Sequence[bytes], new: Sequence[bytes], part: Block) -> Block:
    a, b, c, d = part
    same = _equal_lines(old, new, part)
    a, c = a + same, c + same
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    return Block(a, b, c, d)


def _equal_lines(old: Sequence[bytes], new: Sequence[bytes], part: Block) -> int:
    """Return with how many equal lines a part begins, by comparing slices that grow, then shrink."""
    a, b, c, d = part
    most = min(b - a, d - c)
    found, size, grows = 0, 1, True
    while found < most and size:
        end = min(most, found + size)
        if old[a + found : a + end] == new[c + found : c + end]:
            found = end
        else:
            grows = False
        size = size * 2 if grows else size // 2
    return found


def _gaps(
    old: Sequence[bytes], new: Sequence[bytes], part: Block, anchors: Iterable[tuple[int, int]]
) -> Iterator[Block]:
    """Yield what lies between runs of equal lines that an anchor begins."""
    a, b, c, d = part
    for i, j in anchors:
        if i < a:
            continue  # Within the run of an earlier one.
        if i > a or j > c:
            yield Block(a, i, c, j)
        same = _equal_lines(old, new, Block(i, b, j, d))
        a, c = i + same, j + same
    if a < b or c < d:
        yield Block(a, b, c, d)


def _anchors(old: Sequence[bytes], new: Sequence[bytes], part: Block) -> list[tuple[int, int]]:
    """Return pairs of positions, rising in both, of lines that stand once in either part."""
    ours = Counter(old[part.old_start : part.old_end])
    theirs = Counter(new[part.new_start : part.new_end])
    once = {line for line, count in ours.items() if count == 1 and theirs.get(line) == 1}
    places = {old[place]: place for place in range(part.old_start, part.old_end) if old[place] in once}
    pairs = [(places[new[place]], place) for place in range(part.new_start, part.new_end) if new[place] in places]
    return _longest_rising(pairs)


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence whose first members rise; the second ones do already."""
    if all(one[0] < other[0] for one, other in pairwise(pairs)):
        return list(pairs)
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (place, _) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [index]
    chosen: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    return chosen[::-1]


def _joined(blocks: Sequence[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and (last.old_end, last.new_end) == (block.old_start, block.new_start):
            joined[-1] = Block(last.old_start, block.old_end, last.new_start, block.new_end)
        else:
            joined.append(block)
    return joined
