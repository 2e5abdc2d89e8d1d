"""Where a function ends loops or goes on with them, and which loop each time: by bytes, so that no tree is too deep."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from analyzers.metrics._tree_functions import Captures, Span, span_of
from analyzers.metrics._tree_grammar import Grammar, parser_language

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_LOOP = re.compile(r"(?:enhanced_)?(?:for|foreach|while|do|loop|repeat|until)(?:_|\Z)")
_SWITCH = re.compile(r"(?:\w*_)?(?:switch|select)_")
_BREAK = ("break_statement", "break_expression")
_JUMPS = (*_BREAK, "continue_statement", "continue_expression")
_MOST = 2_000_000
"""Jumps times parts that are compared; beyond, nobody looks."""
_OUTSIDE = -1


class Jumps(NamedTuple):
    """Each jump of one function in the order of the file: where it stands, and where the loop begins that it means."""

    places: Sequence[int]
    targets: Sequence[int]

    def leave(self, start: int, end: int) -> bool:
        """Whether one of those between these bytes is about a loop around them."""
        first, last = bisect_left(self.places, start), bisect_left(self.places, end)
        return any(target < start for target in self.targets[first:last])


def jumps_of(grammar: Grammar, captures: Captures, function: Node, parts: int) -> Jumps:
    """Return the jumps of a function that has so many ``parts``."""
    from tree_sitter import QueryCursor

    query = _query(grammar)
    nodes = QueryCursor(query).captures(function).get("jump", []) if query else []
    if len(nodes) * parts > _MOST:
        return Jumps((), ())
    nodes.sort(key=lambda node: node.start_byte)
    return Jumps([node.start_byte for node in nodes], list(_targets(nodes, captures, span_of(function))))


@lru_cache(maxsize=64)
def _query(grammar: Grammar) -> Query | None:
    from tree_sitter import Query

    language = parser_language(grammar)
    known = [kind for kind in _JUMPS if language.id_for_node_kind(kind, True)]  # noqa: FBT003 - takes no name
    return Query(language, f"[{' '.join(f'({kind})' for kind in known)}] @jump") if known else None


def _targets(jumps: Sequence[Node], captures: Captures, function: Span) -> Iterator[int]:
    around = _around(captures, function)
    open_spans: list[tuple[Span, bool]] = []
    open_loops: list[tuple[Span, bool]] = []
    place = 0
    for jump in jumps:
        while place < len(around) and around[place][0][0] < jump.start_byte:
            _close(open_spans, around[place][0][0])
            open_spans.append(around[place])
            if around[place][1]:
                _close(open_loops, around[place][0][0])
                open_loops.append(around[place])
            place += 1
        _close(open_spans, jump.start_byte)
        _close(open_loops, jump.start_byte)
        # One that names its loop may mean any.
        possible = [] if jump.named_child_count else open_spans if jump.type in _BREAK else open_loops
        span, is_loop = possible[-1] if possible else ((_OUTSIDE, _OUTSIDE), True)
        # What ends a case stays where it is when the case is taken out.
        yield span[0] if is_loop else jump.start_byte


def _around(captures: Captures, function: Span) -> list[tuple[Span, bool]]:
    """Return what a jump may be about, in the order of the file: loops, and what ``break`` ends beside them."""
    found: list[tuple[Span, bool]] = []
    for node in (node for name in ("part", "block") for node in captures.get(name, ())):
        is_loop = _LOOP.match(node.type) is not None
        if function[0] < node.start_byte < function[1] and (is_loop or _SWITCH.match(node.type)):
            found.append((span_of(node), is_loop))
    return sorted(found)


def _close(spans: list[tuple[Span, bool]], position: int) -> None:
    while spans and spans[-1][0][1] <= position:
        spans.pop()
