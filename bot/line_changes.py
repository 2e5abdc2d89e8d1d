"""Which lines of two texts differ. Takes time that grows with the texts, however alike their lines are."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import Final, TypeAlias, TypeVar

Opcode: TypeAlias = tuple[str, int, int, int, int]
"""What becomes of ``old[1:2]`` and ``new[3:4]``, as difflib says it: equal, replace, delete, insert."""
Line = TypeVar("Line", str, bytes)

# Up to here lines are compared each with each. Edits change values where they stand, and hardly ever come here.
_MOST_COMPARED: Final = 500
# How often what lies between two lines that both texts have once is split again.
_DEEPEST: Final = 16
# Where no more than one line in so many differs, nothing was moved.
_FEW: Final = 4


class _Known(difflib.SequenceMatcher[str]):
    """Groups opcodes that are known already."""

    def __init__(self, found: list[Opcode]) -> None:
        super().__init__(None, "", "")
        self._found = found

    def get_opcodes(self) -> list[Opcode]:  # type: ignore[override]  # typeshed narrows the first to a Literal
        return self._found


def hunks(old: Sequence[Line], new: Sequence[Line], context: int) -> Iterator[list[Opcode]]:
    """Yield the changes with ``context`` equal lines around them, near ones together; none where nothing differs."""
    return iter(_Known(list(_opcodes(old, new))).get_grouped_opcodes(context))


def _opcodes(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Opcode]:
    if len(old) == len(new) and _is_edited(old, new):
        yield from _in_place(old, new)
    else:
        yield from _merged(_between(old, new, (0, 0), _DEEPEST))


def _is_edited(old: Sequence[Line], new: Sequence[Line]) -> bool:
    """Whether most lines stand where they stood."""
    return _FEW * sum(before != after for before, after in zip(old, new, strict=True)) <= len(old)


def _in_place(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Opcode]:
    for is_same, run in groupby(range(len(old)), key=lambda number: old[number] == new[number]):
        numbers = list(run)
        first, last = numbers[0], numbers[-1] + 1
        yield "equal" if is_same else "replace", first, last, first, last


def _alike(pairs: Iterator[tuple[Line, Line]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _between(old: Sequence[Line], new: Sequence[Line], at: tuple[int, int], depth: int) -> Iterator[Opcode]:
    """Yield what becomes of lines that begin ``at`` these numbers: split at what both have once, while that helps."""
    lead = _alike(zip(old, new, strict=False))
    most = min(len(old), len(new)) - lead
    tail = min(most, _alike(zip(reversed(old), reversed(new), strict=False)))
    ends = len(old) - tail, len(new) - tail
    yield from _placed([("equal", 0, lead, 0, lead)], at)
    before, after = old[lead : ends[0]], new[lead : ends[1]]
    inside = at[0] + lead, at[1] + lead
    if max(len(before), len(after)) <= _MOST_COMPARED:
        yield from _placed(difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes(), inside)
    else:
        anchors = _anchors(before, after) if depth else []
        yield from _split(before, after, anchors, inside, depth)
    yield from _placed([("equal", ends[0], len(old), ends[1], len(new))], at)


def _split(
    old: Sequence[Line], new: Sequence[Line], anchors: Sequence[tuple[int, int]], at: tuple[int, int], depth: int
) -> Iterator[Opcode]:
    if not anchors:
        tag = "replace" if old and new else "delete" if old else "insert"
        yield from _placed([(tag, 0, len(old), 0, len(new))], at)
        return
    # Each part ends with its anchor, which the next level takes off again.
    starts: list[tuple[int, int]] = [(0, 0), *((first + 1, other + 1) for first, other in anchors)]
    stops = [*starts[1:], (len(old), len(new))]
    for (first, other), (last, other_last) in zip(starts, stops, strict=True):
        yield from _between(old[first:last], new[other:other_last], (at[0] + first, at[1] + other), depth - 1)


def _anchors(old: Sequence[Line], new: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the places of lines that each text has once, as many as have the same order in both."""
    once, there = _once(old), _once(new)
    pairs = [(number, there[line]) for line, number in once.items() if line in there]
    # The longest rising run, by piles of which only the tops count.
    tops: list[int] = []
    chosen: list[int] = []
    before: list[int] = []
    for index, (_, number) in enumerate(pairs):
        pile = bisect_left(tops, number)
        before.append(chosen[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [number]
        chosen[pile : pile + 1] = [index]
    found = []
    at = chosen[-1] if chosen else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _once(lines: Sequence[Line]) -> dict[Line, int]:
    """Return the lines that are there once, with their numbers, in order."""
    counts = Counter(lines)
    return {line: number for number, line in enumerate(lines) if counts[line] == 1}


def _placed(found: Iterable[Opcode], at: tuple[int, int]) -> Iterator[Opcode]:
    for tag, first, last, other_first, other_last in found:
        if last > first or other_last > other_first:
            yield tag, first + at[0], last + at[0], other_first + at[1], other_last + at[1]


def _merged(found: Iterable[Opcode]) -> Iterator[Opcode]:
    """Join neighbours: equal lines with equal ones, changes with changes."""
    for is_same, run in groupby(found, key=lambda one: one[0] == "equal"):
        members = list(run)
        (_, first, _, other_first, _), (_, _, last, _, other_last) = members[0], members[-1]
        tag = "replace" if last > first and other_last > other_first else "delete" if last > first else "insert"
        yield "equal" if is_same else tag, first, last, other_first, other_last
