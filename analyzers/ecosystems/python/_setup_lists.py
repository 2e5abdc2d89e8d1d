"""Lists of requirements in a program, followed through names, branches and the functions that make them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from analyzers.ecosystems.python import _python_source
from analyzers.ecosystems.python._bindings import Bindings
from analyzers.ecosystems.python._lines import Found, Lines, line_row, lines_at
from analyzers.ecosystems.python._named_files import named_files
from analyzers.ecosystems.python._rows import Context, constrained_row, quoted_row, unread
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped
from analyzers.syntax.node import Scalar
from analyzers.syntax.requirement import Option, parse_requirement

# More entries than any honest mapping of extras has.
_MAX_ENTRIES = 2000
# What only passes a list on.
_SAME = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed"})
Entry: TypeAlias = tuple[ast.expr | None, ast.expr]
"""A key and its value; the key is None where the mapping itself is computed."""
# The beginning of a text that is put together at run time may name the package.
_TEMPLATE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*+(?=[\s<>=!~\[;@])")


@dataclass(slots=True)
class Setup:
    """The program, its names, and what was found so far. `read` are the names that were followed: once is enough."""

    program: _python_source.Program
    bindings: Bindings
    lines: Lines
    read: set[str] = field(default_factory=set)
    mappings: dict[str, list[Entry]] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    runtime: Scalar | None = None
    provides: dict[str, str] = field(default_factory=dict)


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def text_of(setup: Setup, node: ast.expr) -> ast.Constant | None:
    """Return the one string that an expression stands for."""
    seen: set[str] = set()
    while isinstance(node, ast.Name) and node.id not in seen:
        seen.add(node.id)
        values = setup.bindings.values.get(node.id, [])
        if len(values) != 1:
            return None
        node = values[0]
    return node if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def entries_of(setup: Setup, node: ast.expr) -> Iterator[Entry]:
    """Yield the keys and values of a mapping; a key is None where the mapping itself is computed."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from [(key, value)] if key else entries_of(setup, value)
    elif isinstance(node, ast.Call) and last_name(node.func) == "dict":
        for keyword in node.keywords:
            key = ast.Constant(keyword.arg) if keyword.arg else None
            yield from [(key, keyword.value)] if key else entries_of(setup, keyword.value)
        for one in node.args:
            yield from entries_of(setup, one)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from entries_of(setup, node.left)
        yield from entries_of(setup, node.right)
    elif isinstance(node, ast.Name) and (node.id in setup.bindings.values or node.id in setup.bindings.entries):
        yield from _named_entries(setup, node.id)
    else:
        yield None, node


def _named_entries(setup: Setup, name: str) -> list[Entry]:
    """Return what a name maps, collected once; a mapping within itself adds nothing."""
    if name not in setup.mappings:
        setup.mappings[name] = []
        bound = setup.bindings
        values = (*bound.values.get(name, ()), *bound.parts.get(name, ()))
        found = [entry for value in values for entry in entries_of(setup, value)]
        setup.mappings[name] = [*found, *bound.entries.get(name, ())][:_MAX_ENTRIES]
    return setup.mappings[name]


def note_list(setup: Setup, context: Context, node: ast.expr) -> None:
    """Add the requirements of a list; what is not literal is followed through names, and said where that ends."""
    if isinstance(node, ast.Constant):
        _note_constant(setup, context, node)
    elif (text := _template(node)) is not None:
        _keep(setup, [_template_row(setup, context, node, text)])
    elif isinstance(node, ast.Name):
        _note_name(setup, context, node)
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        _note_subscript(setup, context, node, node.value.id)
    elif (parts := _parts(node)) is not None:
        for part in parts:
            note_list(setup, context, part)
    else:
        _note_computed(setup, context, node)


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """Return what a list is put together from; None where that is computed."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return node.elts
    if isinstance(node, (ast.Starred, ast.NamedExpr)):
        return [node.value]
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.BitOr)):
        return [node.left, node.right]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values if isinstance(node.op, ast.Or) else node.values[-1:]
    return node.args if isinstance(node, ast.Call) and last_name(node.func) in _SAME else None


def _note_constant(setup: Setup, context: Context, node: ast.Constant) -> None:
    if not isinstance(node.value, str):
        return
    scalar = setup.program.scalar(node)
    before = len(setup.lines.rows)
    raw = context.source.text[scalar.start : scalar.end]
    if "\n" in scalar.value and raw.replace("\r\n", "\n") == scalar.value:
        _keep(setup, (line_row(context, line.text, line.start) for line in lines_at(raw, scalar.start)))
    elif scalar.value.strip():
        _keep(setup, [quoted_row(context, scalar)])
    condition = setup.bindings.conditions.get(id(node))
    limit(setup, before, condition)


def limit(setup: Setup, before: int, condition: str | None) -> None:
    """Say of the rows since ``before`` under which condition they count."""
    if condition:
        rows = setup.lines.rows
        rows[before:] = [replace(row, marker=row.marker or condition) for row in rows[before:]]


def _note_name(setup: Setup, context: Context, node: ast.Name) -> None:
    values = (*setup.bindings.values.get(node.id, ()), *setup.bindings.parts.get(node.id, ()))
    if values:
        _follow(setup, context, node.id, values)
    else:
        _note_computed(setup, context, node)


def _note_subscript(setup: Setup, context: Context, node: ast.Subscript, name: str) -> None:
    """Follow ``name["key"]`` to the entry of that key."""
    wanted = text_of(setup, node.slice)
    key = f"{name}[{wanted.value!r}]" if wanted else ""
    if key in setup.read:
        return
    found = [value for one, value in _named_entries(setup, name) if wanted and _is_key(one, wanted.value)]
    if found:
        _follow(setup, context, key, found)
    else:
        _note_computed(setup, context, node)


def _is_key(node: ast.expr | None, wanted: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == wanted


def _follow(setup: Setup, context: Context, name: str, values: Iterable[ast.expr]) -> None:
    """Read what a name stands for, unless it was read before: its rows are there."""
    if name not in setup.read:
        setup.read.add(name)
        for value in values:
            note_list(setup, context, value)


def _note_computed(setup: Setup, context: Context, node: ast.expr) -> None:
    """Add the files that an expression reads, else the literal lists that it is made from, else a note."""
    reached = list(setup.bindings.reached(node))
    files = list(named_files(reached))
    for path, constant in files:
        scalar = setup.program.scalar(constant)
        setup.lines.include(Option("the file", path, scalar.start, scalar.end), limits=False)
    lists = [] if files else [found for found in reached if isinstance(found, (ast.List, ast.Tuple, ast.Set))]
    literal = [found for found in lists if _is_requirements(found.elts)]
    for found in literal:
        note_list(setup, context, found)
    if not files and not literal:
        setup.lines.skipped.append(computed_note(setup, node, "these requirements are"))


def _is_requirements(nodes: list[ast.expr]) -> bool:
    """Whether a literal list can only be one of requirements: each of its strings is one, and some have versions."""
    texts = [node.value if isinstance(node, ast.Constant) else None for node in nodes]
    found = [parse_requirement(text) if isinstance(text, str) else None for text in texts]
    return all(found) and any(one and one.specifier for one in found)


def _template(node: ast.expr) -> str | None:
    """Return the literal beginning of a string that is put together when the program runs."""
    if isinstance(node, ast.JoinedStr):
        first = node.values[0] if node.values else None
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Add)):
        first = node.left
        if isinstance(first, (ast.BinOp, ast.JoinedStr)):
            return _template(first)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        first = node.func.value
    else:
        return None
    is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return str(first.value) if is_text and isinstance(first, ast.Constant) else None


def _template_row(setup: Setup, context: Context, node: ast.expr, text: str) -> Found:
    name = _TEMPLATE_NAME.match(text)
    if name is None:
        return computed_note(setup, node, "this requirement is")
    start = setup.program.offset(node.lineno, node.col_offset)
    return replace(constrained_row(context, name[0], start, start), skip_reason="unpinned-expression")


def computed_note(setup: Setup, node: ast.expr, what: str) -> Skipped:
    start = setup.program.offset(node.lineno, node.col_offset)
    said = unread(setup.lines.source, start, f"{what} computed when the program runs")
    return replace(said, reason="unpinned-expression")


def _keep(setup: Setup, found: Iterable[Found]) -> None:
    """Add rows, each place once: several extras may name one list."""
    for row in found:
        if isinstance(row, Dependency):
            # Empty spans share no place with another package.
            if row.place in setup.places:
                continue
            setup.places.add(row.place)
        setup.lines.keep([row])
