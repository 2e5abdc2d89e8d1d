"""The functions among the nodes that a query captured: where they stand, what they are called, how complex they are.

Nodes are met in the order of the file and told apart by their bytes alone: no tree is walked, so none is too deep.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from analyzers.metrics._tree_grammar import Grammar, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

Captures: TypeAlias = "Mapping[str, Sequence[Node]]"
Span: TypeAlias = tuple[int, int]
ANONYMOUS = "(anonymous)"
_COUNTED = ("part", "decision", "operator")
_LONGEST_NAME = 80
_LONGEST_PATH = 240
_EXPRESSION = re.compile(r"[^\w$#.*~@\[\]-]")
_QUOTES = frozenset("\"'`")
_END = 1 << 62


class Found(NamedTuple):
    """A function: its node, name and numbers. `inner` are the functions directly in it, which count for themselves."""

    node: Node
    name: str
    complexity: int
    nesting: int
    inner: tuple[Span, ...]


class Counter:
    """Counts what adds one to the complexity, by where it begins."""

    def __init__(self, captures: Captures) -> None:
        """Sort what was captured."""
        self._starts = sorted(node.start_byte for name in _COUNTED for node in captures.get(name, ()))

    def within(self, span: Span, without: Sequence[Span] = ()) -> int:
        """Count from the first byte of ``span`` up to its end, less what lies in the spans ``without``."""
        return self._all(span) - sum(map(self._all, without))

    def _all(self, span: Span) -> int:
        return bisect_left(self._starts, span[1]) - bisect_left(self._starts, span[0])


class _Kind(IntEnum):
    """What is met; of two nodes with the same bytes the smaller kind is around the other."""

    SCOPE = 0
    FUNCTION = 1
    BLOCK = 2


_Mark: TypeAlias = "tuple[int, int, _Kind, int, Node]"
"""Start and negative end (so that marks sort as they open), kind, a number that ends every tie, node."""


@dataclass(slots=True)
class _Open:
    """What is open where the sweep is. `depth` counts the blocks since the innermost function began."""

    span: Span
    prefix: str
    depth: int
    function: _Open | None
    node: Node | None = None
    name: str = ""
    deepest: int = 0
    inner: list[Span] = field(default_factory=list)


def functions_in(grammar: Grammar, captures: Captures, content: bytes) -> list[Found]:
    """Return every function in the order of the file."""
    sweep = _Sweep(grammar, captures, content)
    for mark in _marks(captures):
        sweep.enter(mark)
    sweep.close(_END)
    return sorted(sweep.found, key=lambda found: (found.node.start_byte, -found.node.end_byte))


def span_of(node: Node) -> Span:
    """Return the bytes of a node."""
    return node.start_byte, node.end_byte


def _marks(captures: Captures) -> list[_Mark]:
    chained = {node.id for node in captures.get("chained", ())}
    kinds = {"scope": _Kind.SCOPE, "function": _Kind.FUNCTION, "part": _Kind.BLOCK, "block": _Kind.BLOCK}
    nodes = ((kind, node) for name, kind in kinds.items() for node in captures.get(name, ()))
    marks = [
        (node.start_byte, -node.end_byte, kind, number, node)
        for number, (kind, node) in enumerate(nodes)
        if node.id not in chained
    ]
    return sorted(marks)


class _Sweep:
    """Goes through the marks of a file, and keeps what is open."""

    def __init__(self, grammar: Grammar, captures: Captures, content: bytes) -> None:
        self.found: list[Found] = []
        self._grammar = grammar
        self._content = content
        self._counter = Counter(captures)
        self._names = _bound_names(captures, content)
        self._open = [_Open((0, _END), "", 0, None)]

    def enter(self, mark: _Mark) -> None:
        start, end, kind, _, node = mark
        self.close(start)
        outer = self._open[-1]
        opened = _Open((start, -end), outer.prefix, outer.depth, outer.function)
        if kind is _Kind.BLOCK:
            opened.depth += 1
            if outer.function:
                outer.function.deepest = max(outer.function.deepest, opened.depth)
        elif kind is _Kind.SCOPE:
            opened.prefix = _joined(outer.prefix, _scope_name(self._grammar, node, self._content))
        else:
            own = _own_name(self._grammar.name(node, self._content)) or self._names.get(node.id, "")
            opened.node, opened.name = node, f"{outer.prefix}{own or ANONYMOUS}"
            opened.prefix = _joined(outer.prefix, own)
            opened.depth, opened.function = 0, opened
            if outer.function:
                outer.function.inner.append(opened.span)
        self._open.append(opened)

    def close(self, position: int) -> None:
        """Close what ends up to ``position``."""
        while len(self._open) > 1 and self._open[-1].span[1] <= position:
            done = self._open.pop()
            if done.node is not None:
                complexity = 1 + self._counter.within(done.span, done.inner)
                self.found.append(Found(done.node, done.name, complexity, done.deepest, tuple(done.inner)))


def _joined(prefix: str, name: str) -> str:
    """Return what goes before the names in a scope; of a very long one the end."""
    joined = f"{prefix}{name}." if name else prefix
    return joined if len(joined) <= _LONGEST_PATH else f"…{joined[1 - _LONGEST_PATH :]}"


def _scope_name(grammar: Grammar, node: Node, content: bytes) -> str:
    for name in grammar.scope_fields:
        stated = node.child_by_field_name(name)
        if stated is not None:
            # Of a generic type the arguments are no part of the name.
            return _plain(text_of(stated, content).partition("<")[0])
    return ""


def _bound_names(captures: Captures, content: bytes) -> dict[int, str]:
    """Return by a function's id the name that its surroundings give it.

    A pattern captures both or neither, and between the two there is no other function: so their orders are the same.
    """
    by_start = attrgetter("start_byte")
    pairs = zip(
        sorted(captures.get("bound_name", ()), key=by_start),
        sorted(captures.get("bound", ()), key=by_start),
        strict=True,
    )
    return {function.id: _plain(text_of(name, content)) for name, function in pairs}


def _plain(text: str) -> str:
    """Return what a name is called by: a string's content, no ``this.``; nothing for an expression."""
    if text[:1] in _QUOTES:
        return _own_name(text)
    return "" if _EXPRESSION.search(text) else _shortened(text.removeprefix("this."))


def _own_name(text: str) -> str:
    """Return a name as it is stated, or the content of a string; nothing for what cannot be shown."""
    if text[:1] in _QUOTES:
        text = " ".join(text.strip("\"'`").split())
    return _shortened(text) if text.isprintable() else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
