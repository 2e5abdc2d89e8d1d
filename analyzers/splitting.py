"""Which parts of a complicated function are worth taking out of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from analyzers.model.language import Branch

MOST = 4
"""More than a few blocks are no advice."""
_LARGEST_SHARE = 75
"""Percent of a function's branches above which taking a block out only renames the function."""
_LEAST_SHARE = 10
_LEAST_COMPLEXITY = 3
_FEWEST_LINES = 5
_MOST_LINES = 60
_RUN = 80
"""Percent of a block's worth that several blocks in a row have: what they do together is harder to name."""
_JUMPING = 60
"""The same of a block that goes on with a loop around it, which has to be told by what its function returns."""
_LEAST_WORTH = 100
_MOST_IN_A_RUN = 20
_LONGEST_GAP = 15
"""Lines between two blocks of a run: what stands further apart does not belong together."""
_ARMS_OF_A_TABLE = 5
_MOST_BRANCHES = 5_000
"""Beyond, only single blocks are weighed: runs of them take time, and nobody wrote such a function by hand."""

# Words of all languages; an unknown one is taken for a statement.
_EXPRESSIONS = frozenset(
    {"and", "or", "&&", "||", "??", "?", "?:", "ternary", "conditional", "conditional expression", "comprehension"}
    | {"generator expression", "default value"}
)
_ARMS = frozenset(
    {"elif", "elsif", "elseif", "else", "else if", "except", "rescue", "catch", "finally", "ensure"}
    | {"case", "when", "in", "arm", "default"}
)


def worth_splitting(branches: Sequence[Branch], complexity: int) -> tuple[Branch, ...]:
    """Return the few blocks that take most out of a function of that ``complexity``, in the order of the file.

    ``branches`` come as a language tells them, outer ones first. None of the result lies within another, and none is
    (nearly) the whole function. Blocks that fit on a screen are preferred, one block before several that follow each
    other, which are told as one of the kind ``3 blocks``. A function whose branches are small and few has none.
    """
    limits = _limits(branches, complexity)
    # From the last part to the first, what lies in a part has been seen before the part itself.
    waiting: dict[int, list[_Part]] = {}
    for branch in reversed(branches):
        inner = _inner(waiting, branch.nesting)
        waiting.setdefault(branch.nesting, []).append(_Part(branch, _of_siblings(inner, limits)))
    best = max(_of_siblings(_inner(waiting, -1), limits), key=_by_worth)
    return tuple(sorted(best.branches, key=lambda branch: (branch.line, branch.end_line)))


def large_table(branches: Sequence[Branch], complexity: int) -> Branch | None:
    """Return the innermost part that holds nearly the whole function in many arms, each too small to take out."""
    limits = _limits(branches, complexity)
    arms = Counter(_parents(branches))
    found = [
        branch
        for place, branch in enumerate(branches)
        if branch.complexity > limits.most and arms[place] >= _ARMS_OF_A_TABLE
    ]
    return found[-1] if found else None


def _parents(branches: Sequence[Branch]) -> Iterator[int]:
    """Yield for each part that lies in another the place of that one."""
    around: list[int] = []
    for place, branch in enumerate(branches):
        del around[branch.nesting :]
        if around:
            yield around[-1]
        around.append(place)


class _Limits(NamedTuple):
    least: int
    most: int
    longest_run: int


def _limits(branches: Sequence[Branch], complexity: int) -> _Limits:
    return _Limits(
        least=max(_LEAST_COMPLEXITY, (complexity * _LEAST_SHARE + 99) // 100),
        most=(complexity - 1) * _LARGEST_SHARE // 100,
        longest_run=_MOST_IN_A_RUN if len(branches) <= _MOST_BRANCHES else 1,
    )


class _Choice(NamedTuple):
    worth: int
    branches: tuple[Branch, ...]


_Choices = tuple[_Choice, ...]
"""The best choice of no block, of at most one, of at most two, …"""
_NOTHING: _Choices = (_Choice(0, ()),)


class _Part(NamedTuple):
    branch: Branch
    inner: _Choices


def _inner(waiting: dict[int, list[_Part]], nesting: int) -> list[_Part]:
    """Take out what lies deeper than ``nesting``, in the order of the file."""
    return [part for depth in sorted(waiting) if depth > nesting for part in reversed(waiting.pop(depth))]


def _of_siblings(parts: Sequence[_Part], limits: _Limits) -> _Choices:
    """Return the best choices among parts that follow each other, and what lies in them."""
    best: list[_Choices] = [_NOTHING]
    for end, part in enumerate(parts, start=1):
        choices = _both(best[-1], part.inner)
        for start, block in _blocks(parts, end, limits):
            choices = _better(choices, _both(best[start], (*_NOTHING, _Choice(_worth(block), (block,)))))
        best.append(choices)
    return best[-1]


def _blocks(parts: Sequence[_Part], end: int, limits: _Limits) -> Iterator[tuple[int, Branch]]:
    """Yield the blocks worth taking out whose last part stands before ``end``, with where they start."""
    last = parts[end - 1].branch
    if _is_worth_it(last, limits):
        yield end - 1, last
    if last.kind in _EXPRESSIONS:
        return
    complexity, blocks, reached, jumps = 0, 0, last.line, False
    for start in range(end - 1, max(0, end - limits.longest_run) - 1, -1):
        first = parts[start].branch
        # Arms of one statement are alternatives: they follow each other on the page alone.
        is_far = last.end_line - first.line >= _MOST_LINES or reached - first.end_line > _LONGEST_GAP
        if first.kind in _ARMS or is_far:
            return
        reached = first.line
        complexity += first.complexity
        blocks += first.kind not in _EXPRESSIONS
        jumps = jumps or first.jumps
        run = replace(first, end_line=last.end_line, kind=f"{blocks} blocks", complexity=complexity, jumps=jumps)
        if blocks > 1 and first.kind not in _EXPRESSIONS and _is_worth_it(run, limits):
            yield start, run


def _is_worth_it(block: Branch, limits: _Limits) -> bool:
    return limits.least <= block.complexity <= limits.most and _worth(block) >= _LEAST_WORTH


def _worth(block: Branch) -> int:
    """Return hundredths of branches: what a function of its own costs is taken off, and what does not fit a screen."""
    lines = block.end_line - block.line + 1
    fit = 50 if lines < _FEWEST_LINES else min(100, 100 * _MOST_LINES // lines)
    # A block of several screens would only be the next function to split.
    fit = min(fit, fit * 2 * _MOST_LINES // lines)
    ease = (_RUN if block.kind.endswith(" blocks") else 100) * (_JUMPING if block.jumps else 100)
    return block.complexity * fit * ease // 10_000 - 100


def _both(one: _Choices, other: _Choices) -> _Choices:
    """Return the best choices from two lists of parts that do not overlap."""
    if len(one) == 1 or len(other) == 1:
        return one if len(other) == 1 else other
    return tuple(
        max(
            (
                _Choice(one[own].worth + other[number - own].worth, one[own].branches + other[number - own].branches)
                for own in range(max(0, number - len(other) + 1), min(number, len(one) - 1) + 1)
            ),
            key=_by_worth,
        )
        for number in range(min(MOST, len(one) + len(other) - 2) + 1)
    )


def _better(one: _Choices, other: _Choices) -> _Choices:
    """Return the better choice of each number of blocks; the first where they are alike."""
    return tuple(max(filter(None, pair), key=_by_worth) for pair in zip_longest(one, other))


def _by_worth(choice: _Choice) -> int:
    return choice.worth
