"""INI files as Python's configparser reads them, with spans: sections, options, and the lines of their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from analyzers.errors import InvalidSyntaxError
from analyzers.syntax.text import SourceText

_PHYSICAL_LINE = re.compile(r"[^\n]+|\n")
_OPTION = re.compile(r"[^=:]*+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a value that says something, without the blanks at its ends; `start` is its offset."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Option:
    """``name = value``. The value's `lines` leave out blank ones and comments.

    `continued` says that the value goes on below the line of its name.
    """

    name: str
    start: int
    lines: tuple[Line, ...]
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """``[name]`` with its options in order; names stay as written."""

    name: str
    start: int
    options: tuple[Option, ...]

    def option(self, *names: str) -> Option | None:
        """Return the last option of one of these names."""
        return next((found for found in reversed(self.options) if found.name in names), None)


@dataclass(slots=True)
class _Open:
    """An option whose value may go on."""

    name: str
    start: int
    indent: int
    lines: list[Line] = field(default_factory=list)
    continued: bool = False

    def closed(self) -> Option:
        return Option(self.name, self.start, tuple(self.lines), self.continued)


def parse(source: SourceText, start: int = 0, end: int | None = None) -> tuple[Section, ...]:
    """Return the sections of ``source.text[start:end]``, each as often as it stands there.

    A line that is indented deeper than its option's name belongs to the value; comments are whole lines that begin
    with ``#`` or ``;``. Nothing is interpolated. Raises InvalidSyntaxError.
    """
    sections: list[tuple[str, int, list[_Open]]] = []
    for raw, offset in _lines(source.text, start, len(source.text) if end is None else end):
        text = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        here = offset + indent
        current = sections[-1][2][-1] if sections and sections[-1][2] else None
        if text.startswith(("#", ";")) or not text:
            continue
        if current and indent > current.indent:
            current.continued = True
            current.lines.append(Line(text, here))
        elif text.startswith("[") and "]" in text:
            sections.append((text[1 : text.rindex("]")], here, []))
        elif sections:
            sections[-1][2].append(_opened(source, text, here, indent))
        else:
            raise InvalidSyntaxError("has an option before the first section", line=source.line_column(here)[0])
    return tuple(Section(name, at, tuple(one.closed() for one in found)) for name, at, found in sections)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    for found in _PHYSICAL_LINE.finditer(text, start, end):
        yield found[0], found.start()


def _opened(source: SourceText, text: str, start: int, indent: int) -> _Open:
    """Return the option that this line opens; a name alone has no value (``allow_no_value``)."""
    found = _OPTION.match(text)
    name = found[0].rstrip() if found else ""
    if not name:
        raise InvalidSyntaxError("has a value without a name", line=source.line_column(start)[0])
    opened = _Open(name, start, indent)
    rest = text[len(found[0]) + 1 :] if found else ""
    value = rest.strip()
    if value:
        opened.lines.append(Line(value, start + len(text) - len(rest.lstrip())))
    return opened
