"""What differs between two versions of a file. Contents are read only where that is not known from an earlier run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analyzers.repository.line_diff import Block, changed_blocks
from analyzers.repository.remembered import Remembered, key_of
from analyzers.repository.span import Span, loses_lines, lost_tail
from analyzers.repository.version_lines import VersionLines

NOTHING = b""
"""The older version of a file that a commit put in."""


class Pair(NamedTuple):
    """The blobs of two versions."""

    old: bytes
    new: bytes


class Comparison(NamedTuple):
    """What differs, and how many bytes both versions have."""

    size: int
    blocks: Sequence[Block]


class Comparisons:
    """Compares versions by their blobs. Methods raise UnreadableError."""

    def __init__(self, lines: VersionLines, remembered: Remembered) -> None:
        """Read from ``lines`` what is not ``remembered``."""
        self._lines = lines
        self._remembered = remembered

    def prepare(self, pairs: Iterable[Pair]) -> None:
        """Look up what is known of pairs; fetch, with one request, what a copy of ours lacks of the others."""
        pairs = list(pairs)
        self._remembered.load(map(_key, pairs))
        self._lines.ensure(self._unread(pairs))

    def expect(self, pairs: Iterable[Pair]) -> None:
        """Take note of which pairs will be asked for next, in about this order."""
        self._lines.expect(self._unread(pairs))

    def _unread(self, pairs: Iterable[Pair]) -> list[bytes]:
        unknown = (pair for pair in pairs if self._remembered.get(_key(pair), _is_comparison) is None)
        return list(dict.fromkeys(blob for pair in unknown for blob in (pair.new, pair.old) if blob != NOTHING))

    def of(self, pair: Pair) -> Comparison:
        """Return what differs."""
        values = self._remembered.get(_key(pair), _is_comparison)
        if values is None:
            new = self._lines.of(pair.new)
            blocks = [Block(0, 0, 0, len(new))]
            if pair.old != NOTHING:
                blocks = changed_blocks(self._lines.of(pair.old), new)
            size = sum(self._lines.size(blob) for blob in pair if blob != NOTHING)
            values = [size, *(number for block in blocks for number in block)]
            self._remembered.put(_key(pair), values)
        return Comparison(values[0], [Block(*numbers) for numbers in zip(*[iter(values[1:])] * 4, strict=True)])

    def tail(self, pair: Pair, span: Span, blocks: Sequence[Block]) -> int:
        """Return how many lines a function lost behind its last one, as `lost_tail` tells."""
        if not loses_lines(span, blocks):
            return 0
        key = key_of(b"tail", *pair, b"%d %d" % span)
        values = self._remembered.get(key, lambda values: len(values) == 1)
        if values is None:
            old = self._lines.of(pair.old) if pair.old != NOTHING else []
            values = [lost_tail(span, blocks, old, self._lines.of(pair.new))]
            self._remembered.put(key, values)
        return values[0]


def _is_comparison(values: Sequence[int]) -> bool:
    """Whether the numbers are a size and blocks in order, as was kept."""
    ends = [0, 0]
    for number, value in enumerate(values[1:]):
        side = number % 4 // 2
        if value < ends[side]:
            return False
        ends[side] = value
    return len(values) % 4 == 1


def _key(pair: Pair) -> bytes:
    return key_of(b"lines", *pair)
