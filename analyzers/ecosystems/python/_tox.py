"""tox: what its environments install, in ``tox.ini``, ``tox.toml``, ``setup.cfg`` and ``pyproject.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from analyzers.ecosystems.python import _files, _kinds
from analyzers.ecosystems.python._files import ECOSYSTEM_NAME
from analyzers.ecosystems.python._lines import Lines, lines_at
from analyzers.ecosystems.python._rows import Context, constrained_row, quoted_row, unread
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Manifest
from analyzers.model.skipped import Skipped
from analyzers.syntax import ini, toml
from analyzers.syntax.ini import Line, Section
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.requirement import Option
from analyzers.syntax.text import SourceText

# `py311,lint: pytest>=7`: the factors for which the line counts, before a colon and a blank.
_FACTORS = re.compile(r"[\w{}.,! -]++:(?:\s++|\Z)")
_REFERENCE = re.compile(r"\{\[(?P<section>[^\]{}]++)\](?P<option>[^{}]++)\}")
_ROOT = re.compile(r"\{(?:toxinidir|tox_root)\}[/\\]?")
# A package by its written name, with a substitution in what follows.
_SUBSTITUTED = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*+)(?:\[[^\[\]{}]*+\])?+\s*+(?P<rest>[{<>=!~][^;#\r\n]*+)"
)
_ENVIRONMENT = "testenv:"
_PLAIN_SECTIONS = ("testenv", "pkgenv", ".pkg")
_LIST_OF_FILES = "constraints"
_MAX_REFERENCES = 1000


def read_ini(source: SourceText) -> Reading:
    """Read ``tox.ini``. Raises InvalidSyntaxError."""
    lines = Lines(source)
    note(lines, ini.parse(source))
    return _reading(lines)


def read_toml(source: SourceText) -> Reading:
    """Read ``tox.toml``. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    lines = Lines(source)
    note_tables(lines, toml.parse(source))
    return _reading(lines)


def _reading(lines: Lines) -> Reading:
    return Reading(
        dependencies=tuple(lines.rows),
        manifest=Manifest(path=lines.source.path, ecosystem=ECOSYSTEM_NAME, format=_files.TOX),
        observations=tuple(lines.observations),
        includes=tuple(lines.includes),
        skipped=tuple(lines.skipped),
    )


@dataclass(slots=True)
class _Ini:
    """The sections by name, and which options were read: several environments may refer to one."""

    lines: Lines
    sections: dict[str, Section]
    seen: set[tuple[str, str]] = field(default_factory=set)


def note(lines: Lines, sections: tuple[Section, ...], *, of_setup_cfg: bool = False) -> None:
    """Add what the sections of an INI file install: ``deps`` of every environment, and tox' own ``requires``."""
    found = _Ini(lines, {section.name: section for section in sections})
    for section in sections:
        if section.name == ("tox:tox" if of_setup_cfg else "tox"):
            _note_option(found, section, "requires", None)
        elif section.name.startswith(_ENVIRONMENT) or section.name in _PLAIN_SECTIONS:
            group = section.name.removeprefix(_ENVIRONMENT)
            _note_option(found, section, "deps", group)
            _note_option(found, section, _LIST_OF_FILES, group)


def _note_option(found: _Ini, section: Section, name: str, group: str | None) -> None:
    option = section.option(name)
    if option is None or (section.name, name) in found.seen or len(found.seen) == _MAX_REFERENCES:
        return
    found.seen.add((section.name, name))
    context = Context(source=found.lines.source, kind=_kinds.TOX, group=group)
    for line in option.lines:
        for one in _split(line) if name == "requires" and not option.continued else (line,):
            _note_line(found, context, one, files=name == _LIST_OF_FILES)


def _split(line: Line) -> Iterator[Line]:
    """Split a list of one line at its commas; ``>=4,<5`` stays together."""
    for part in re.finditer(r"[^,]++(?:,\s*+[<>=!~][^,]*+)*+", line.text):
        text = part[0].strip()
        if text:
            yield Line(text, line.start + part.start() + len(part[0]) - len(part[0].lstrip()))


def _note_line(found: _Ini, context: Context, line: Line, *, files: bool) -> None:
    factors = _FACTORS.match(line.text)
    at = factors.end() if factors else 0
    text, start = line.text[at:].strip(), line.start + at
    reference = _REFERENCE.fullmatch(text)
    if reference and reference["section"] in found.sections:
        _note_option(found, found.sections[reference["section"]], reference["option"].split(":")[0], context.group)
    elif files and text:
        _include(found.lines, Option("--constraint", text, start, start + len(text)))
    else:
        before = len(found.lines.rows)
        note_entry(found.lines, context, text, start)
        if factors:
            said = factors[0].rstrip().removesuffix(":")
            rows = found.lines.rows
            rows[before:] = [replace(row, marker=row.marker or said) for row in rows[before:]]


def note_entry(lines: Lines, context: Context, text: str, start: int) -> None:
    """Add one entry of ``deps``: what pip reads on a line, with tox' substitutions in it."""
    for line in lines_at(text, start):
        paths = [option for option in line.options if option.name in {"--requirement", "--constraint"}]
        for option in paths:
            _include(lines, option)
        rest = replace(line, options=tuple(option for option in line.options if option not in paths))
        if "{" not in text:
            lines.note(context, rest)
        elif line.text or rest.options:
            _note_substituted(lines, context, text, start)


def _include(lines: Lines, option: Option) -> None:
    """Lead on to a file. tox runs pip where its configuration lies."""
    path = _ROOT.sub("", option.value)
    lines.include(option._replace(value=path), limits=option.name == "--constraint")


def _note_substituted(lines: Lines, context: Context, text: str, start: int) -> None:
    """Add an entry whose text only tox can complete: by its name where that is written, as a note otherwise."""
    editable = text.removeprefix("-e").strip()
    if _ROOT.match(editable):
        lines.note(context, next(lines_at(_ROOT.sub("./", text), start)))
        return
    found = _SUBSTITUTED.match(text)
    if found:
        first, last = start + found.start("rest"), start + len(found[0].rstrip())
        row = constrained_row(context, found["name"], first, last)
        lines.rows.append(replace(row, version=None, skip_reason="unpinned-expression"))
        return
    said = unread(lines.source, start, f"“{text[:80]}” is known to tox alone when it runs")
    lines.skipped.append(replace(said, reason="unpinned-expression"))


def note_tables(lines: Lines, tox: Mapping) -> None:
    """Add what the tables of ``tox.toml`` (or ``[tool.tox]``) install, a configuration in INI among them."""
    old = tox.scalar("legacy_tox_ini")
    if old and lines.source.text[old.start : old.end].replace("\r\n", "\n") == old.value:
        note(lines, ini.parse(lines.source, old.start, old.end))
    elif old:
        lines.skipped.append(unread(lines.source, old.start, "tox' configuration holds escapes"))
    _note_list(lines, tox.get("requires"), None)
    for name in ("env_run_base", "env_pkg_base"):
        _note_list(lines, tox.get(name, "deps"), name)
        _note_files(lines, tox.get(name, _LIST_OF_FILES))
    for key, table in (*tox.mapping("env").items, *tox.mapping("env_base").items):
        if isinstance(table, Mapping):
            _note_list(lines, table.get("deps"), key.value)
            _note_files(lines, table.get(_LIST_OF_FILES))


def _note_list(lines: Lines, node: Node | None, group: str | None) -> None:
    context = Context(source=lines.source, kind=_kinds.TOX, group=group)
    for item in _entries(node):
        if not isinstance(item, Scalar):
            lines.keep(_replaced(lines.source, item))
        elif lines.source.is_verbatim(item):
            note_entry(lines, context, item.value, item.start)
        else:
            lines.keep([quoted_row(context, item)])


def _note_files(lines: Lines, node: Node | None) -> None:
    for item in _entries(node):
        if isinstance(item, Scalar):
            _include(lines, Option("--constraint", item.value, item.start, item.end))


def _entries(node: Node | None) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    return () if node is None else (node,)


def _replaced(source: SourceText, item: Node) -> Iterator[Skipped]:
    """Yield a note for a table that computes entries; one that refers to another list adds nothing by itself."""
    word = item.scalar("replace") if isinstance(item, Mapping) else None
    if word is None or word.value != "ref":
        said = unread(source, item.start, "this entry is known to tox alone when it runs")
        yield replace(said, reason="unpinned-expression")
