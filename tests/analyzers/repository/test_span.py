"""What changed around the lines of a function."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzers.repository.line_diff import changed_blocks
from analyzers.repository.span import Span, around, before, is_rewritten, is_touched, loses_lines

LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"f", b"g"]), max_size=14)


@given(old=LINES, new=LINES, start=st.integers(0, 12), size=st.integers(1, 5))
def test_blocks_further_away_tell_nothing(old: list[bytes], new: list[bytes], start: int, size: int) -> None:
    span = Span(start, min(start + size, len(new)))
    if span.start < span.end:
        every = changed_blocks(old, new)
        near = around(span, every)
        for told in (is_rewritten, is_touched, loses_lines, before):
            assert told(span, near) == told(span, every)


def test_of_many_blocks_few_are_near() -> None:
    old, new = ([b"%d" % line if line % 2 else side for line in range(1000)] for side in (b"old", b"new"))
    every = changed_blocks(old, new)
    assert len(every) == 500
    assert len(around(Span(500, 502), every)) <= 4
