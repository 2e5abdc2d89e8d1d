"""``setup.py``, read and never run: what the call of ``setup`` requires, as far as the text says it literally."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from analyzers.ecosystems.python import _kinds, _python_source
from analyzers.ecosystems.python._bindings import Bindings
from analyzers.ecosystems.python._lines import Found, Lines, line_row, lines_at
from analyzers.ecosystems.python._named_files import named_files
from analyzers.ecosystems.python._rows import (
    ECOSYSTEM_NAME,
    Context,
    constrained_row,
    quoted_row,
    runtime_row,
    unread,
    without_self,
)
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped
from analyzers.syntax.node import Scalar
from analyzers.syntax.requirement import Option, parse_requirement
from analyzers.syntax.text import SourceText

FORMAT_NAME = "setup-py"
_LISTS = {
    "install_requires": _kinds.SETUP_PY,
    "requires": _kinds.SETUP_PY,
    "tests_require": _kinds.SETUP_PY,
    "setup_requires": _kinds.SETUP_PY_BUILD,
}
_EXTRAS = "extras_require"
# What only passes a list on.
_MAX_ENTRIES = 2000
_SAME = frozenset({"list", "tuple", "set", "frozenset", "sorted", "reversed"})
# A text that only runs out when the program does: its beginning may name the package.
_Entry: TypeAlias = tuple[ast.expr | None, ast.expr]
_TEMPLATE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*+(?=[\s<>=!~\[;@])")


@dataclass(slots=True)
class _Setup:
    """The program, its names, and what was found so far. `read` are the names that were followed: once is enough."""

    program: _python_source.Program
    bindings: Bindings
    lines: Lines
    read: set[str] = field(default_factory=set)
    mappings: dict[str, list[_Entry]] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    runtime: Scalar | None = None
    provides: dict[str, str] = field(default_factory=dict)


def read(source: SourceText) -> Reading:
    """Read one file. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    program = _python_source.parse(source)
    setup = _Setup(program, Bindings.of(program.tree), Lines(source))
    for node in ast.walk(program.tree):
        if isinstance(node, ast.Call) and _named(node.func) == "setup":
            for key, value in _arguments(setup, node):
                _note(setup, key, value)
    return _reading(setup)


def _reading(setup: _Setup) -> Reading:
    lines, name = setup.lines, setup.provides.get("name")
    manifest = Manifest(
        path=lines.source.path,
        ecosystem=ECOSYSTEM_NAME,
        format=FORMAT_NAME,
        runtime=setup.runtime.value if setup.runtime else None,
        application=False,
    )
    return Reading(
        dependencies=tuple(without_self(lines.rows, name)),
        manifest=manifest if name or lines.rows or lines.includes else None,
        includes=tuple(lines.includes),
        provides=(name, setup.provides.get("version", "")) if name else None,
        skipped=tuple(dict.fromkeys(lines.skipped)),
    )


def _named(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _arguments(setup: _Setup, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keyword arguments, those of ``**mapping`` included."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg, keyword.value
        else:
            for key, value in _entries(setup, keyword.value):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value


def _note(setup: _Setup, key: str, value: ast.expr) -> None:
    if key in _LISTS:
        group = key if key == "tests_require" else None
        _note_list(setup, Context(source=setup.lines.source, kind=_LISTS[key], group=group), value)
    elif key == _EXTRAS:
        _note_extras(setup, value)
    elif key == "python_requires":
        _note_runtime(setup, value)
    elif key in {"name", "version"}:
        found = _text(setup, value)
        if found:
            setup.provides.setdefault(key, str(found.value))


def _text(setup: _Setup, node: ast.expr) -> ast.Constant | None:
    """Return the one string that an expression stands for."""
    seen: set[str] = set()
    while isinstance(node, ast.Name) and node.id not in seen:
        seen.add(node.id)
        values = setup.bindings.values.get(node.id, [])
        if len(values) != 1:
            return None
        node = values[0]
    return node if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _entries(setup: _Setup, node: ast.expr) -> Iterator[_Entry]:
    """Yield the keys and values of a mapping; a key is None where the mapping itself is computed."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from [(key, value)] if key else _entries(setup, value)
    elif isinstance(node, ast.Call) and _named(node.func) == "dict":
        for keyword in node.keywords:
            key = ast.Constant(keyword.arg) if keyword.arg else None
            yield from [(key, keyword.value)] if key else _entries(setup, keyword.value)
        for one in node.args:
            yield from _entries(setup, one)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _entries(setup, node.left)
        yield from _entries(setup, node.right)
    elif isinstance(node, ast.Name) and (node.id in setup.bindings.values or node.id in setup.bindings.entries):
        yield from _named_entries(setup, node.id)
    else:
        yield None, node


def _named_entries(setup: _Setup, name: str) -> list[_Entry]:
    """Return what a name maps, collected once; a mapping within itself adds nothing."""
    if name not in setup.mappings:
        setup.mappings[name] = []
        bound = setup.bindings
        values = (*bound.values.get(name, ()), *bound.parts.get(name, ()))
        found = [entry for value in values for entry in _entries(setup, value)]
        setup.mappings[name] = [*found, *bound.entries.get(name, ())][:_MAX_ENTRIES]
    return setup.mappings[name]


def _note_extras(setup: _Setup, node: ast.expr) -> None:
    for key, value in _entries(setup, node):
        named = _text(setup, key) if key else None
        group, _, marker = str(named.value if named else "").partition(":")
        before = len(setup.lines.rows)
        _note_list(setup, Context(source=setup.lines.source, kind=_kinds.SETUP_PY, group=group or None), value)
        _limit(setup, before, marker.strip())


def _note_runtime(setup: _Setup, node: ast.expr) -> None:
    found = _text(setup, node)
    if found is None:
        setup.lines.skipped.append(_computed_note(setup, node, "python_requires is"))
        return
    setup.runtime = setup.program.scalar(found)
    setup.lines.rows.append(runtime_row(setup.lines.source, setup.runtime, _kinds.RUNTIME))


def _note_list(setup: _Setup, context: Context, node: ast.expr) -> None:
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
            _note_list(setup, context, part)
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
    return node.args if isinstance(node, ast.Call) and _named(node.func) in _SAME else None


def _note_constant(setup: _Setup, context: Context, node: ast.Constant) -> None:
    if not isinstance(node.value, str):
        return
    scalar = setup.program.scalar(node)
    before = len(setup.lines.rows)
    if "\n" in scalar.value and context.source.text[scalar.start : scalar.end] == scalar.value:
        _keep(setup, (line_row(context, line.text, line.start) for line in lines_at(scalar.value, scalar.start)))
    elif scalar.value.strip():
        _keep(setup, [quoted_row(context, scalar)])
    condition = setup.bindings.conditions.get(id(node))
    _limit(setup, before, condition)


def _limit(setup: _Setup, before: int, condition: str | None) -> None:
    """Say of the rows since ``before`` under which condition they count."""
    if condition:
        rows = setup.lines.rows
        rows[before:] = [replace(row, marker=row.marker or condition) for row in rows[before:]]


def _note_name(setup: _Setup, context: Context, node: ast.Name) -> None:
    values = (*setup.bindings.values.get(node.id, ()), *setup.bindings.parts.get(node.id, ()))
    if values:
        _follow(setup, context, node.id, values)
    else:
        _note_computed(setup, context, node)


def _note_subscript(setup: _Setup, context: Context, node: ast.Subscript, name: str) -> None:
    """Follow ``name["key"]`` to the entry of that key."""
    wanted = _text(setup, node.slice)
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


def _follow(setup: _Setup, context: Context, name: str, values: Iterable[ast.expr]) -> None:
    """Read what a name stands for, unless it was read before: its rows are there."""
    if name not in setup.read:
        setup.read.add(name)
        for value in values:
            _note_list(setup, context, value)


def _note_computed(setup: _Setup, context: Context, node: ast.expr) -> None:
    """Add the files that an expression reads, else the literal lists that it is made from, else a note."""
    reached = list(setup.bindings.reached(node))
    files = list(named_files(reached))
    for path, constant in files:
        scalar = setup.program.scalar(constant)
        setup.lines.include(Option("the file", path, scalar.start, scalar.end), limits=False)
    lists = [] if files else [found for found in reached if isinstance(found, (ast.List, ast.Tuple, ast.Set))]
    literal = [found for found in lists if _is_requirements(found.elts)]
    for found in literal:
        _note_list(setup, context, found)
    if not files and not literal:
        setup.lines.skipped.append(_computed_note(setup, node, "these requirements are"))


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


def _template_row(setup: _Setup, context: Context, node: ast.expr, text: str) -> Found:
    name = _TEMPLATE_NAME.match(text)
    if name is None:
        return _computed_note(setup, node, "this requirement is")
    start = setup.program.offset(node.lineno, node.col_offset)
    return replace(constrained_row(context, name[0], start, start), skip_reason="unpinned-expression")


def _computed_note(setup: _Setup, node: ast.expr, what: str) -> Skipped:
    start = setup.program.offset(node.lineno, node.col_offset)
    said = unread(setup.lines.source, start, f"{what} computed when the program runs")
    return replace(said, reason="unpinned-expression")


def _keep(setup: _Setup, found: Iterable[Found]) -> None:
    """Add rows, each place once: several extras may name one list."""
    for row in found:
        if isinstance(row, Dependency):
            # Empty spans share no place with another package.
            if row.place in setup.places:
                continue
            setup.places.add(row.place)
        setup.lines.keep([row])
