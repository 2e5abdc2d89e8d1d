"""Comparing two versions line by line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.repository.line_diff import Block, changed_blocks, old_line
from tests.support.pace import allowed


def lines(text: str) -> list[bytes]:
    return text.encode().split()


@pytest.mark.parametrize(
    ("old", "new", "blocks"),
    [
        ("a b c", "a b c", []),
        ("a b c", "a x c", [Block(1, 2, 1, 2)]),
        ("a b c", "a c", [Block(1, 2, 1, 1)]),
        ("a c", "a b c", [Block(1, 1, 1, 2)]),
        ("", "a", [Block(0, 0, 0, 1)]),
        ("a b c d e", "x b c y e", [Block(0, 1, 0, 1), Block(3, 4, 3, 4)]),
        ("p p a p p b p p", "p p a q p b p p", [Block(3, 4, 3, 4)]),
        ("a b", "b a", [Block(0, 0, 0, 1), Block(1, 2, 2, 2)]),
    ],
)
def test_what_differs_is_found(old: str, new: str, blocks: list[Block]) -> None:
    assert changed_blocks(lines(old), lines(new)) == blocks


def test_a_line_is_found_where_it_stood() -> None:
    blocks = changed_blocks(lines("a b c d"), lines("x a c y d"))
    assert [old_line(blocks, line) for line in range(5)] == [None, 0, 2, None, 3]


LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"f", b""]), max_size=40)


@settings(max_examples=300, deadline=None)
@given(LINES, LINES)
def test_what_is_not_changed_is_equal_and_in_order(old: list[bytes], new: list[bytes]) -> None:
    blocks = changed_blocks(old, new)
    rebuilt: list[bytes] = []
    at = 0
    for block in blocks:
        rebuilt += old[at : block.old_start] + new[block.new_start : block.new_end]
        at = block.old_end
    assert rebuilt + old[at:] == new
    kept = [(old_line(blocks, line), line) for line in range(len(new))]
    assert all(old[before] == new[after] for before, after in kept if before is not None)
    places = [before for before, _ in kept if before is not None]
    assert places == sorted(set(places))


@pytest.mark.parametrize("shape", ["same", "alternating", "reversed", "nested"])
def test_chosen_lines_take_no_longer_than_others(shape: str) -> None:
    numbers = range(40_000)
    old = {
        "same": [b"x" for _ in numbers],
        "alternating": [b"ab"[n % 2 : n % 2 + 1] for n in numbers],
        "reversed": [b"%d" % n for n in numbers],
        "nested": [b"%d" % (n ^ (n >> 1)) for n in numbers],
    }[shape]
    start = time.process_time()
    changed_blocks(old, old[::-1])
    changed_blocks(old, [line for line in old for _ in range(2)])
    assert time.process_time() - start < allowed(5)
