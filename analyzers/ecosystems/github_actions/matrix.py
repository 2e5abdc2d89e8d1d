"""``${{ matrix.os }}`` replaced by the literal values of ``strategy.matrix``, each traceable to where it stands.

So are ``${{ env.NAME }}`` by the value that a mapping around it sets, ``${{ inputs.name }}`` by its default, and other
expressions by the literals that they choose from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from analyzers.ecosystems.github_actions._room import Room, Values
from analyzers.ecosystems.github_actions.expressions import literals, operands
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

_EXPRESSION = re.compile(r"\$\{\{[^\n}]*\}\}")
_MATRIX = re.compile(r"\$\{\{[ \t]*matrix((?:\.[A-Za-z_][\w-]*)+)[ \t]*\}\}")
# Values of one matrix entry: GitHub itself runs at most 256 jobs.
_MAX_VALUES = 256


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: the job's matrix, the `env` mappings around it (the nearest first), the inputs.

    `room` is that of the whole file.
    """

    matrix: Node | None = None
    env: tuple[Mapping, ...] = ()
    inputs: Mapping | None = None
    room: Room = field(default_factory=Room)

    def inner(self, node: Mapping) -> Scope:
        """Return the scope inside of a job or step, which may set variables of its own."""
        return replace(self, env=(node.mapping("env"), *self.env))

    def closed(self) -> Scope:
        """Return the scope of what a matrix holds, where expressions name nothing."""
        return Scope(room=self.room)

    def named(self, kind: str, name: str) -> Scalar | None:
        """Return what ``env.name`` or ``inputs.name`` is worth where nobody sets it from outside.

        None as well where there is no room to look for it.
        """
        named = self.env if kind == "env" else (self.inputs,) if kind == "inputs" and self.inputs else ()
        if not self.room.looks_at(sum(len(mapping.items) for mapping in named)):
            return None
        if kind == "inputs":
            return self.inputs.scalar(name, "default") if self.inputs else None
        return next((value for env in self.env if (value := env.scalar(name))), None) if kind == "env" else None


def literal(source: SourceText, scalar: Scalar) -> Spliced | None:
    """Return a scalar with its expressions marked as unknown; None where the text is not the source's own."""
    if not source.is_verbatim(scalar):
        return None
    return _marked(Spliced.at(scalar.value, scalar.start))


def expand(source: SourceText, scalar: Scalar, scope: Scope) -> Iterator[Spliced | Node]:
    """Yield what a scalar stands for in each job of the scope's matrix.

    A scalar that is nothing but ``${{ matrix.os }}`` yields the matrix's nodes, which may be lists or mappings. One
    that mixes a single such expression with text yields the joined texts. Whatever is not literal is yielded as
    written, marked as unknown; a scalar whose text is not the source's own is yielded itself.
    """
    written = literal(source, scalar)
    if written is None:
        yield scalar
        return
    named = _MATRIX.search(written.text) if len(written.gaps) == 1 else None
    if named is None:
        found = _chosen(source, scalar, scope)
        if found is None:
            scope.room.left_out += 1
        yield from found or (written,)
        return
    values = _values(scope, tuple(named[1].lstrip(".").split(".")))
    if values is None or not scope.room.takes(values.size):
        scope.room.left_out += 1
        yield written
        return
    if not values.complete or not values.nodes:
        yield written
    for node in values.nodes:
        yield node if named.span() == (0, len(written.text)) else _joined(source, written, named.span(), node)


def _chosen(source: SourceText, scalar: Scalar, scope: Scope) -> tuple[Spliced | Node, ...] | None:
    """Return all that an expression may be worth and whose text stands in the file; nothing for other texts.

    None where there is no room for that.
    """
    found: list[Spliced | Node] = []
    for operand in operands(scalar.value, scalar.start):
        if isinstance(operand, Scalar):
            found.append(operand)
            continue
        kind, _, name = operand.partition(".")
        if kind == "matrix":
            values = _values(scope, tuple(name.split(".")))
            if values is None or not scope.room.takes(values.size):
                return None
            found += values.nodes
        elif value := scope.named(kind, name):
            if not scope.room.takes(scope.room.size((value,))):
                return None
            # What a variable or a default holds may be an expression itself, which is followed no further.
            found.append(literal(source, value) or value)
        elif scope.room.nodes < 0:
            return None
    return tuple(item for item in found if not isinstance(item, Scalar) or item.value)


def _joined(source: SourceText, written: Spliced, span: tuple[int, int], node: Node) -> Spliced | Node:
    value = literal(source, node) if isinstance(node, Scalar) else None
    if value is None:
        return node
    before, after = written.part(0, span[0]), written.part(span[1], len(written.text))
    return Spliced.join((before, value, after), empty_at=written.origin(0))


def _marked(written: Spliced) -> Spliced:
    """Return the text with every expression in it marked as a gap; half an expression counts to the end."""
    gaps = tuple(found.span() for found in _EXPRESSION.finditer(written.text))
    rest = written.text.find("${{", gaps[-1][1] if gaps else 0)
    return replace(written, gaps=(*gaps, (rest, len(written.text))) if rest >= 0 else gaps)


def _values(scope: Scope, path: tuple[str, ...]) -> Values | None:
    """Return what one matrix expression stands for; None where there is no room to look for it."""
    matrix, room = scope.matrix, scope.room
    if not isinstance(matrix, Mapping):
        return Values((), complete=False, size=0)
    key = (matrix.start, path)
    if key not in room.known:
        if not room.searches(matrix):
            return None
        nodes, complete = _found(matrix, path)
        room.known[key] = Values(nodes, complete, room.size(nodes))
    return room.known[key]


def _found(matrix: Mapping, path: tuple[str, ...]) -> tuple[tuple[Node, ...], bool]:
    """Return the nodes that one matrix expression stands for, and whether these are all."""
    axis, include = matrix.get(path[0]), matrix.get("include")
    found = _listed(axis)
    complete = (isinstance(axis, Sequence | None) or bool(found)) and isinstance(include, Sequence | None)
    nodes = [node for item in found if (node := _follow(item, path[1:])) is not None]
    if isinstance(include, Sequence):
        nodes += [node for item in include.items if (node := _follow(item, path)) is not None]
    excluded = _excluded(matrix, path)
    kept = [node for node in nodes if not (isinstance(node, Scalar) and node.value in excluded)]
    # Two entries of one value are two places, but an alias is the same one.
    unique = {(node.start, node.end): node for node in kept}
    return tuple(unique.values())[:_MAX_VALUES], complete


def _listed(axis: Node | None) -> list[Node]:
    """Return the values of an axis: a list, or an expression that holds literal ones (``fromJSON('["a"]')``)."""
    if isinstance(axis, Sequence):
        return list(axis.items)
    return list(literals(axis.value, axis.start)) if isinstance(axis, Scalar) else []


def _follow(node: Node, path: tuple[str, ...]) -> Node | None:
    if not path:
        return node
    return node.get(*path) if isinstance(node, Mapping) else None


def _excluded(matrix: Mapping, path: tuple[str, ...]) -> frozenset[str]:
    """Return the values that ``exclude`` takes out whatever else the matrix holds."""
    exclude = matrix.get("exclude")
    items = exclude.items if isinstance(exclude, Sequence) else ()
    alone = (item.scalar(*path) for item in items if isinstance(item, Mapping) and len(item.items) == 1)
    return frozenset(scalar.value for scalar in alone if scalar)
