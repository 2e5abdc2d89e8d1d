"""Which lines of two texts differ. Takes time that grows with the texts, however alike their lines are."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile
from typing import Final, TypeAlias, TypeVar

Opcode: TypeAlias = tuple[str, int, int, int, int]
"""What becomes of ``old[1:2]`` and ``new[3:4]``, as difflib says it: equal, replace, delete, insert."""
Line = TypeVar("Line", str, bytes)

# Up to here lines are compared each with each. Edits change values where they stand, and hardly ever come here.
_MOST_COMPARED: Final = 500


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
    if len(old) == len(new):
        yield from _in_place(old, new)
        return
    lead = _alike(zip(old, new, strict=False))
    most = min(len(old), len(new)) - lead
    tail = min(most, _alike(zip(reversed(old), reversed(new), strict=False)))
    if lead:
        yield "equal", 0, lead, 0, lead
    middle = old[lead : len(old) - tail], new[lead : len(new) - tail]
    for tag, first, last, other_first, other_last in _between(*middle):
        yield tag, first + lead, last + lead, other_first + lead, other_last + lead
    if tail:
        yield "equal", len(old) - tail, len(old), len(new) - tail, len(new)


def _in_place(old: Sequence[Line], new: Sequence[Line]) -> Iterator[Opcode]:
    for is_same, run in groupby(range(len(old)), key=lambda number: old[number] == new[number]):
        numbers = list(run)
        first, last = numbers[0], numbers[-1] + 1
        yield "equal" if is_same else "replace", first, last, first, last


def _alike(pairs: Iterator[tuple[Line, Line]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _between(old: Sequence[Line], new: Sequence[Line]) -> Sequence[Opcode]:
    if old and new and max(len(old), len(new)) <= _MOST_COMPARED:
        return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    tag = "replace" if old and new else "delete" if old else "insert"
    return [(tag, 0, len(old), 0, len(new))]
