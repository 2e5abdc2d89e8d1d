"""Which parts of a function are named as worth taking out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.model.language import Branch
from analyzers.splitting import MOST, worth_splitting


def part(line: int, end_line: int, kind: str, complexity: int, nesting: int = 0) -> Branch:
    return Branch(line=line, end_line=end_line, kind=kind, complexity=complexity, nesting=nesting)


def chosen(branches: list[Branch], complexity: int) -> list[tuple[int, int, str, int]]:
    found = worth_splitting(branches, complexity)
    return [(branch.line, branch.end_line, branch.kind, branch.complexity) for branch in found]


def test_the_largest_blocks_are_named_in_the_order_of_the_file() -> None:
    branches = [part(2, 20, "if", 6), part(3, 9, "for", 4, 1), part(30, 60, "while", 9)]
    assert chosen(branches, 30) == [(2, 20, "if", 6), (30, 60, "while", 9)]


def test_a_block_that_is_nearly_the_whole_function_is_looked_into() -> None:
    branches = [
        part(2, 50, "try", 18),
        part(3, 20, "for", 8, 1),
        part(21, 40, "if", 9, 1),
        part(45, 50, "except", 1, 1),
    ]
    assert chosen(branches, 20) == [(3, 20, "for", 8), (21, 40, "if", 9)]


def test_a_block_longer_than_a_screen_gives_way_to_what_lies_in_it() -> None:
    inner = [part(2, 40, "if", 8, 1), part(100, 140, "if", 8, 1)]
    assert chosen([part(1, 50, "for", 17), part(2, 22, "if", 8, 1), part(23, 50, "if", 8, 1)], 40) == [
        (1, 50, "for", 17)
    ]
    assert chosen([part(1, 160, "for", 17), *inner], 40) == [(2, 40, "if", 8), (100, 140, "if", 8)]


def test_small_blocks_that_follow_each_other_are_named_together() -> None:
    branches = [part(line, line + 3, "if", 2) for line in range(10, 50, 5)]
    assert chosen(branches, 40) == [(10, 48, "8 blocks", 16)]


def test_one_block_goes_before_a_run_that_holds_little_more() -> None:
    assert chosen([part(10, 11, "if", 1), part(12, 40, "for", 9), part(41, 44, "if", 1)], 40) == [(12, 40, "for", 9)]


def test_what_lies_in_a_block_that_goes_on_with_a_loop_around_it_may_be_easier_to_take_out() -> None:
    block, inner = part(2, 20, "if", 8), part(5, 15, "for", 5, 1)
    assert chosen([block, inner], 40) == [(2, 20, "if", 8)]
    assert chosen([replace(block, jumps=True), inner], 40) == [(5, 15, "for", 5)]
    small = [part(20, 22, "if", 2), part(24, 26, "if", 2), part(28, 32, "if", 2)]
    assert chosen(small, 40) == [(20, 32, "3 blocks", 6)]
    assert chosen([*small[:2], replace(small[2], jumps=True)], 40) != chosen(small, 40)


def test_blocks_far_from_each_other_are_no_run() -> None:
    near = [part(2, 5, "if", 3), part(12, 15, "if", 3)]
    assert chosen(near, 30) == [(2, 15, "2 blocks", 6)]
    far = [part(2, 6, "if", 3), part(22, 26, "if", 3)]
    assert chosen(far, 30) == [(2, 6, "if", 3), (22, 26, "if", 3)]


@pytest.mark.parametrize("kind", ["elif", "else", "case", "except", "catch", "arm"])
def test_arms_of_one_statement_are_never_named_together(kind: str) -> None:
    branches = [part(1, 80, "if", 16), *(part(line, line + 9, kind, 3, 1) for line in range(1, 80, 10))]
    assert all(found[2] == kind for found in chosen(branches, 18))


def test_no_run_begins_or_ends_within_an_expression() -> None:
    branches = [
        part(1, 1, "or", 2),
        part(2, 5, "if", 3),
        part(6, 6, "and", 1),
        part(7, 9, "for", 3),
        part(9, 9, "or", 1),
    ]
    assert chosen(branches, 40) == [(2, 9, "2 blocks", 7)]


def test_a_function_of_few_small_branches_has_none() -> None:
    assert worth_splitting([part(2, 3, "if", 1), part(40, 44, "if", 2)], 12) == ()
    assert worth_splitting([], 1) == ()


def test_the_result_is_quick_and_bounded_for_what_nobody_wrote_by_hand() -> None:
    flat = [part(line, line, "if", 1) for line in range(1, 60_001)]
    assert worth_splitting(flat, 60_001) == ()
    deep = [part(1, 20_000, "if", 20_000 - nesting, nesting) for nesting in range(20_000)]
    assert worth_splitting(deep, 20_001) == ()


@st.composite
def functions(draw: st.DrawFn) -> tuple[list[Branch], int]:
    """Draw parts as a language tells them: outer ones first, each within the one around it."""
    found: list[Branch] = []

    def block(first: int, nesting: int) -> tuple[int, int]:
        place = len(found)
        last, complexity = first, draw(st.integers(1, 5))
        for _ in range(draw(st.integers(0, 3)) if nesting < 4 else 0):
            last, inner = block(last + draw(st.integers(0, 30)), nesting + 1)
            complexity += inner
        last += draw(st.integers(0, 30))
        kind = draw(st.sampled_from(["if", "for", "or", "elif"]))
        found.insert(place, part(first, last, kind, complexity, nesting))
        return last, complexity

    line, total = 1, 1
    for _ in range(draw(st.integers(0, 5))):
        line, inner = block(line + 1, 0)
        total += inner
    return found, total


@settings(max_examples=60, deadline=None)
@given(functions())
def test_blocks_never_overlap_and_never_are_the_whole_function(drawn: tuple[list[Branch], int]) -> None:
    branches, complexity = drawn
    found = worth_splitting(branches, complexity)
    assert len(found) <= MOST
    assert sum(branch.complexity for branch in found) < complexity
    assert all(branch.complexity <= (complexity - 1) * 0.75 for branch in found)
    assert all(branch in branches or branch.kind.endswith(" blocks") for branch in found)
