"""``setup.py``, read and never run: what the call of ``setup`` requires, as far as the text says it literally."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from analyzers.ecosystems.python import _files, _kinds, _python_source
from analyzers.ecosystems.python._bindings import Bindings
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._lines import Lines
from analyzers.ecosystems.python._rows import Context, runtime_row, without_self
from analyzers.ecosystems.python._setup_lists import (
    Setup,
    computed_note,
    entries_of,
    last_name,
    limit,
    note_list,
    text_of,
)
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest
from analyzers.syntax.text import SourceText

_LISTS = {
    "install_requires": _kinds.SETUP_PY,
    "requires": _kinds.SETUP_PY,
    "tests_require": _kinds.SETUP_PY,
    "setup_requires": _kinds.SETUP_PY_BUILD,
}
_EXTRAS = "extras_require"


def read(source: SourceText) -> Reading:
    """Read one file. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    program = _python_source.parse(source)
    setup = Setup(program, Bindings.of(program.tree), Lines(source))
    for node in ast.walk(program.tree):
        if isinstance(node, ast.Call) and last_name(node.func) == "setup":
            for key, value in _arguments(setup, node):
                _note(setup, key, value)
    return _reading(setup)


def _reading(setup: Setup) -> Reading:
    lines, name = setup.lines, setup.provides.get("name")
    manifest = Manifest(
        path=lines.source.path,
        ecosystem=ECOSYSTEM_NAME,
        format=_files.SETUP_PY,
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


def _arguments(setup: Setup, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield the keyword arguments, those of ``**mapping`` included."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg, keyword.value
        else:
            for key, value in entries_of(setup, keyword.value):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value


def _note(setup: Setup, key: str, value: ast.expr) -> None:
    if key in _LISTS:
        group = key if key == "tests_require" else None
        note_list(setup, Context(source=setup.lines.source, kind=_LISTS[key], group=group), value)
    elif key == _EXTRAS:
        _note_extras(setup, value)
    elif key == "python_requires":
        _note_runtime(setup, value)
    elif key in {"name", "version"}:
        found = text_of(setup, value)
        if found:
            setup.provides.setdefault(key, str(found.value))


def _note_extras(setup: Setup, node: ast.expr) -> None:
    for key, value in entries_of(setup, node):
        named = text_of(setup, key) if key else None
        group, _, marker = str(named.value if named else "").partition(":")
        before = len(setup.lines.rows)
        note_list(setup, Context(source=setup.lines.source, kind=_kinds.SETUP_PY, group=group or None), value)
        limit(setup, before, marker.strip())


def _note_runtime(setup: Setup, node: ast.expr) -> None:
    found = text_of(setup, node)
    if found is None:
        setup.lines.skipped.append(computed_note(setup, node, "python_requires is"))
        return
    setup.runtime = setup.program.scalar(found)
    setup.lines.rows.append(runtime_row(setup.lines.source, setup.runtime, _kinds.RUNTIME))
