"""The parts of one function that make it complex, from what was captured in its tree."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from analyzers.metrics._tree_functions import Captures, Counter, Found, Span, span_of
from analyzers.metrics._tree_grammar import Grammar, arms_query
from analyzers.metrics._tree_jumps import jumps_of
from analyzers.model.language import Branch

if TYPE_CHECKING:
    from tree_sitter import Node

_ALTERNATIVE = "alternative"
_FAR = 1 << 62


class _Piece(NamedTuple):
    """Bytes of a part, and the lines (from 0) on which it begins and ends."""

    start: int
    end: int
    kind: str
    first: int
    last: int


def branches_of(grammar: Grammar, captures: Captures, found: Found) -> Iterator[Branch]:
    """Yield the parts in the order of the file, outer ones first.

    The outermost parts add up to the function's complexity less one. A statement of several arms is followed by them
    (``if``, ``else if``, ``else``, ``case``), one level deeper. Functions inside are no parts: they count on
    their own.
    """
    counter = Counter(captures)
    open_ends: list[int] = []
    pieces = _pieces(grammar, captures, found)
    jumps = jumps_of(grammar, captures, found.node, len(pieces))
    for piece in pieces:
        first, last = (bisect_left(found.inner, (position,)) for position in (piece.start, piece.end))
        complexity = counter.within((piece.start, piece.end), found.inner[first:last])
        while open_ends and open_ends[-1] <= piece.start:
            open_ends.pop()
        if complexity:
            yield Branch(
                line=piece.first + 1,
                end_line=piece.last + 1,
                kind=piece.kind,
                complexity=complexity,
                nesting=len(open_ends),
                jumps=jumps.leave(piece.start, piece.end),
            )
            open_ends.append(piece.end)


def _pieces(grammar: Grammar, captures: Captures, found: Found) -> list[_Piece]:
    start, end = span_of(found.node)
    chained = {node.id for node in captures.get("chained", ())}
    every = [node for name in ("part", "decision", "block") for node in captures.get(name, ())]
    pieces: list[_Piece] = []
    for node in [*every, *_arms(grammar, found.node)]:
        if start < node.start_byte < end and node.is_named and not _lies_in(node, found.inner):
            pieces += _of_statement(grammar, node, is_chained=node.id in chained)
    for operator in captures.get("operator", ()):
        if start < operator.start_byte < end and not _lies_in(operator, found.inner):
            pieces += _of_operator(operator)
    # Of two with the same bytes, the statement is around its first arm.
    return sorted(pieces, key=lambda piece: (piece.start, -piece.end))


def _arms(grammar: Grammar, function: Node) -> Sequence[Node]:
    from tree_sitter import QueryCursor

    return QueryCursor(arms_query(grammar)).captures(function).get("arm", []) if grammar.arms else []


def _lies_in(node: Node, spans: Sequence[Span]) -> bool:
    """Return whether a node lies in one of the spans, which are in order."""
    before = bisect_right(spans, (node.start_byte, _FAR))
    return before > 0 and node.start_byte < spans[before - 1][1]


def _of_statement(grammar: Grammar, node: Node, *, is_chained: bool) -> Iterator[_Piece]:
    """Yield a statement, and where it has an alternative each of its own arms; one in a chain is only an arm."""
    kind = grammar.words.get(node.type) or node.type.rpartition("_")[0].replace("_", " ") or node.type
    alternative = node.child_by_field_name(_ALTERNATIVE) if kind == "if" else None
    if not is_chained:
        yield _piece(node, node, kind)
    elif alternative is None:
        yield _piece(node, node, f"else {kind}")
    if alternative is not None:
        before = alternative.prev_named_sibling or node
        yield _piece(node, before, f"else {kind}" if is_chained else kind)
        inner = alternative.named_child(0) if alternative.type == "else_clause" else alternative
        if inner is not None and inner.type != node.type:
            yield _piece(alternative, alternative, "else")


def _of_operator(operator: Node) -> Iterator[_Piece]:
    """Yield the expression of an operator; ``a && b && c`` is one."""
    whole = operator.parent
    if whole is None:
        return
    above = whole.parent
    if above is None or above.type != whole.type or operator.type not in {child.type for child in above.children}:
        yield _piece(whole, whole, operator.type.removesuffix("="))


def _piece(first: Node, last: Node, kind: str) -> _Piece:
    end = last.end_point
    # Some nodes hold the end of their last line, and end where the next one begins.
    row = end.row - (end.column == 0 and end.row > first.start_point.row)
    return _Piece(first.start_byte, last.end_byte, kind, first.start_point.row, row)
