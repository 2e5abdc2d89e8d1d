"""Requirements as pip reads them: one PEP 508 requirement, and the logical lines of a requirements file.

Nothing is judged here: a specifier is kept as written, valid or not, so that nothing seen is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_REQUIREMENT = re.compile(
    r"""
    \s*+(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*+(?<=[A-Za-z0-9_]))?+)
    \s*+(?:\[(?P<extras>[^\[\]]*+)\])?+
    (?:\s*+@\s*+(?P<url>\S++) | \s*+\((?P<inner>[^()]*+)\) | \s*+(?P<bare>[<>=!~][^;]*+) )?+
    \s*+(?:;(?P<marker>.*+))?+
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_PHYSICAL_LINE = re.compile(r"[^\n]*+\n?+")
# As in pip: a hash begins a comment at the line's start or behind a blank, so `#egg=` in a URL does not.
_COMMENT = re.compile(r"(?<!\S)#")
_OPTION = re.compile(r"(?<!\S)-")
_TOKEN = re.compile(r"""(?:[^\s"']++|"[^"]*+"|'[^']*+'|["'])++""")

_HASH, _QUOTES = "--hash=", ("'", '"')
_ALIASES = {
    "-r": "--requirement",
    "-c": "--constraint",
    "-e": "--editable",
    "-i": "--index-url",
    "--pypi-url": "--index-url",
    "-f": "--find-links",
    "-C": "--config-settings",
    "--config-setting": "--config-settings",
}
_WITH_VALUE = {
    *_ALIASES.values(),
    "--extra-index-url",
    "--trusted-host",
    "--no-binary",
    "--only-binary",
    "--use-feature",
    "--hash",
    "--global-option",
    "--install-option",
    "--build-option",
}
_FLAGS = {"--no-index", "--pre", "--prefer-binary", "--require-hashes", "--always-unzip"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement and the span of its specifiers (``==2.1``, ``>=1,<2``), without parentheses.

    `start` and `end` are offsets in the parsed text; without a specifier they are equal, right behind the name and
    its extras. With a `url` they span that. `marker` is what follows the semicolon, as written.
    """

    name: str
    extras: tuple[str, ...]
    specifier: str
    start: int
    end: int
    url: str | None = None
    marker: str | None = None


class Option(NamedTuple):
    """``--name value``: by its long name, with the span of the value (quotes left out). `known` to pip or not."""

    name: str
    value: str
    start: int
    end: int
    known: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A logical line: `text` before its options, which begins at the offset `start` of the file.

    `comments` are the comment behind it and the indented comment lines that follow, without their hashes.
    """

    text: str
    start: int
    options: tuple[Option, ...]
    comments: tuple[str, ...] = ()


def parse_requirement(text: str) -> Requirement | None:
    """Read one requirement (``name[extras]>=1; marker``, ``name @ url``); None where the text is none."""
    found = _REQUIREMENT.fullmatch(text)
    if not found:
        return None
    extras = tuple(extra.strip() for extra in (found["extras"] or "").split(",") if extra.strip())
    group = next((group for group in ("url", "inner", "bare") if found[group] is not None), None)
    if group:
        start, end = _stripped(text, *found.span(group))
    else:
        start = end = found.end("extras") + 1 if found["extras"] is not None else found.end("name")
    marker = (found["marker"] or "").strip() or None
    if group == "url":
        return Requirement(found["name"], extras, "", start, end, found["url"], marker)
    return Requirement(found["name"], extras, text[start:end], start, end, None, marker)


def read_lines(text: str) -> Iterator[Line]:
    """Yield the logical lines of a requirements file that say something: continued lines joined, comments apart.

    A continuation becomes blanks of the same length, so offsets within a Line are offsets within the file.
    """
    statement, start, notes = "", 0, list[str]()
    for offset, logical in _logical_lines(text):
        comment = _COMMENT.search(logical)
        said = logical[: comment.start()] if comment else logical
        note = logical[comment.end() :].strip() if comment else None
        if statement and note is not None and not said.strip() and logical[:1].isspace():
            notes.append(note)
            continue
        if statement:
            yield _line(statement, start, notes)
        statement, start, notes = said if said.strip() else "", offset, [] if note is None else [note]
    if statement:
        yield _line(statement, start, notes)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each joined line with its offset, line ends left out."""
    parts: list[str] = []
    start = 0
    for found in _PHYSICAL_LINE.finditer(text):
        raw = found[0].rstrip("\r\n")
        if not parts:
            start = found.start()
        is_comment = raw.lstrip().startswith("#")
        if raw.endswith("\\") and not is_comment:
            parts.append(raw[:-1] + " " * (len(found[0]) - len(raw) + 1))
            continue
        yield start, "".join([*parts, raw])
        parts.clear()
    if parts:
        yield start, "".join(parts)


def _line(statement: str, start: int, notes: list[str]) -> Line:
    option = _OPTION.search(statement)
    head = statement[: option.start()] if option else statement
    first, last = _stripped(head, 0, len(head))
    options = tuple(_options(statement, option.start(), start)) if option else ()
    return Line(head[first:last], start + first, options, tuple(notes))


def _options(statement: str, position: int, offset: int) -> Iterator[Option]:
    tokens = _TOKEN.finditer(statement, position)
    for token in tokens:
        if token[0].startswith(_HASH) and token[0][-1] not in _QUOTES:
            # Most tokens of a compiled file are these.
            yield Option("--hash", token[0][len(_HASH) :], offset + token.start() + len(_HASH), offset + token.end())
            continue
        name, separator, rest = _split_option(token[0])
        if name not in _WITH_VALUE:
            yield Option(name, rest, offset + token.end() - len(rest), offset + token.end(), name in _FLAGS)
            continue
        if separator or rest:
            yield _with_value(name, rest, offset + token.end() - len(rest))
            continue
        value = next(tokens, None)
        yield _with_value(name, value[0] if value else "", offset + (value.start() if value else token.end()))


def _split_option(token: str) -> tuple[str, str, str]:
    """Split ``--name=value`` and ``-rvalue``; the separator is empty where the value may be the next token."""
    if token.startswith("--"):
        name, separator, value = token.partition("=")
        return _ALIASES.get(name, name), separator, value
    return _ALIASES.get(token[:2], token), "", token[2:] if token[:2] in _ALIASES else ""


def _with_value(name: str, value: str, start: int) -> Option:
    for quote in ('"', "'"):
        if len(value) > 1 and value.startswith(quote) and value.endswith(quote):
            return Option(name, value[1:-1], start + 1, start + len(value) - 1)
    return Option(name, value, start, start + len(value))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without the blanks at its ends."""
    body = text[start:end]
    return start + len(body) - len(body.lstrip()), start + len(body.rstrip()) if body.strip() else start
