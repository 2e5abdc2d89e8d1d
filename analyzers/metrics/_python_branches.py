"""The parts of a Python function that make it complex, each with how much of radon's number lies in it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from analyzers.metrics._python_source import FunctionNode
from analyzers.model.language import Branch

_KINDS: Mapping[type[ast.AST], str] = {
    ast.If: "if",
    ast.For: "for",
    ast.AsyncFor: "for",
    ast.While: "while",
    ast.Try: "try",
    ast.TryStar: "try",
    ast.With: "with",
    ast.AsyncWith: "with",
    ast.Match: "match",
    ast.Assert: "assert",
    ast.IfExp: "conditional expression",
    ast.ListComp: "comprehension",
    ast.SetComp: "comprehension",
    ast.DictComp: "comprehension",
    ast.GeneratorExp: "generator expression",
}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _Arm(NamedTuple):
    """One way through a statement, which no node stands for: `own` is what taking it adds to what lies in `nodes`."""

    kind: str
    line: int
    nodes: Sequence[ast.AST]
    own: int


class _Around(NamedTuple):
    """A statement, and the next one around it up to a loop."""

    statement: ast.AST
    around: _Around | None


_Piece: TypeAlias = ast.AST | _Arm


def branches_of(function: FunctionNode, counts: Mapping[ast.AST, int]) -> Iterator[Branch]:
    """Yield the parts in the order of the file, outer ones first. ``counts`` says what each node adds.

    The outermost parts add up to the function's complexity less one. A statement of several arms is followed by them
    (``if``, ``elif``, ``else``, ``except``, ``case``), one level deeper. Functions and classes inside are no parts:
    they are counted on their own.
    """
    jumping = _jumping(function)
    # No recursion: ``elif`` and operators nest as deep as anybody wants.
    waiting: list[tuple[_Piece, int]] = [(statement, 0) for statement in reversed(function.body)]
    while waiting:
        piece, nesting = waiting.pop()
        complexity = _complexity(piece, counts)
        if not complexity:
            continue
        if kind := _kind(piece):
            line, end_line = _lines(piece)
            jumps = not jumping.isdisjoint(piece.nodes if isinstance(piece, _Arm) else [piece])
            yield Branch(line=line, end_line=end_line, kind=kind, complexity=complexity, nesting=nesting, jumps=jumps)
            nesting += 1
        inner = [part for part in _inner(piece) if _complexity(part, counts)]
        waiting += [(part, nesting) for part in sorted(inner, key=_position, reverse=True)]


def _complexity(piece: _Piece, counts: Mapping[ast.AST, int]) -> int:
    if isinstance(piece, _Arm):
        return piece.own + sum(counts.get(node, 0) for node in piece.nodes)
    return counts.get(piece, 0)


def _kind(piece: _Piece) -> str:
    if isinstance(piece, _Arm):
        return piece.kind
    if isinstance(piece, ast.BoolOp):
        return "and" if isinstance(piece.op, ast.And) else "or"
    return _KINDS.get(type(piece), "")


def _lines(piece: _Piece) -> tuple[int, int]:
    if isinstance(piece, _Arm):
        return piece.line, max(_lines(node)[1] for node in piece.nodes)
    first = getattr(piece, "lineno", 1)
    return first, getattr(piece, "end_lineno", None) or first


def _position(piece: _Piece) -> tuple[int, int]:
    if isinstance(piece, _Arm):
        return piece.line, -1
    if isinstance(piece, ast.expr | ast.stmt):
        return piece.lineno, piece.col_offset
    # A clause of a comprehension or of ``with`` has no place of its own.
    return min(map(_position, ast.iter_child_nodes(piece)), default=(0, 0))


def _inner(piece: _Piece) -> Iterable[_Piece]:
    if isinstance(piece, _Arm):
        return piece.nodes
    if isinstance(piece, ast.If):
        arms = list(_chain(piece))
        return arms if len(arms) > 1 else arms[0].nodes
    if isinstance(piece, ast.Try | ast.TryStar):
        return _of_try(piece)
    if isinstance(piece, ast.Match):
        return (piece.subject, *map(_case, piece.cases))
    if isinstance(piece, ast.For | ast.AsyncFor | ast.While):
        return _of_loop(piece)
    # Visiting a call goes to the values of its keywords, so that the keywords themselves have no count.
    return (child.value if isinstance(child, ast.keyword) else child for child in ast.iter_child_nodes(piece))


def _chain(statement: ast.If) -> Iterator[_Arm]:
    """Yield ``if``, each ``elif`` and ``else`` of one statement."""
    kind = "if"
    while True:
        yield _Arm(kind, statement.lineno, [statement.test, *statement.body], 1)
        rest = statement.orelse
        # An ``elif`` begins where its ``if`` does; an ``if`` inside ``else`` is further right.
        if len(rest) == 1 and isinstance(rest[0], ast.If) and rest[0].col_offset == statement.col_offset:
            statement, kind = rest[0], "elif"
            continue
        if rest:
            yield _Arm("else", rest[0].lineno, rest, 0)
        return


def _of_try(statement: ast.Try | ast.TryStar) -> Iterator[_Piece]:
    # radon counts no ``except*`` and no ``else`` after one.
    own = 1 if isinstance(statement, ast.Try) else 0
    yield from statement.body
    for handler in statement.handlers:
        yield _Arm("except", handler.lineno, [node for node in (handler.type, *handler.body) if node], own)
    if statement.orelse:
        yield _Arm("else", statement.orelse[0].lineno, statement.orelse, own)
    yield from statement.finalbody


def _of_loop(statement: ast.For | ast.AsyncFor | ast.While) -> Iterator[_Piece]:
    yield from (statement.test,) if isinstance(statement, ast.While) else (statement.target, statement.iter)
    yield from statement.body
    if statement.orelse:
        yield _Arm("else", statement.orelse[0].lineno, statement.orelse, 1)


def _case(case: ast.match_case) -> _Arm:
    # radon leaves out the case that is taken by whatever is left.
    own = 0 if getattr(case.pattern, "pattern", False) is None else 1
    return _Arm("case", case.pattern.lineno, [node for node in (case.guard, *case.body) if node], own)


def _jumping(function: FunctionNode) -> frozenset[ast.AST]:
    """Return each ``break`` and ``continue``, and the statements that hold one of a loop around them."""
    found: set[ast.AST] = set()
    waiting: list[tuple[ast.AST, _Around | None]] = [(statement, None) for statement in function.body]
    while waiting:
        statement, around = waiting.pop()
        if isinstance(statement, ast.Break | ast.Continue):
            found.add(statement)
            while around and around.statement not in found:
                found.add(around.statement)
                around = around.around
            continue
        if isinstance(statement, _SCOPES):
            continue
        inside = _Around(statement, around)
        is_loop = isinstance(statement, ast.For | ast.AsyncFor | ast.While)
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            # A jump in the body of a loop is its own; one behind its ``else`` is of the loop around.
            waiting += [(inner, None if is_loop and name == "body" else inside) for inner in _list(statement, name)]
    return frozenset(found)


def _list(statement: ast.AST, name: str) -> Sequence[ast.AST]:
    found = getattr(statement, name, ())
    return found if isinstance(found, list) else ()
