"""Dockerfiles as instructions with spans, cut into lines exactly as BuildKit's parser does it.

Directives, continued lines with comments between them, here-documents and either escape character are understood;
what an instruction means is not. Reading is linear, and no text makes it raise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from analyzers.syntax.node import Scalar
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

KEYWORDS = frozenset(
    {
        *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
        *("ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    }
)
_WITH_HEREDOC = frozenset({"ADD", "COPY", "RUN"})
_BLANK = " \t\v\f\r"
_WORD = re.compile(rf"[^{_BLANK}\n]+")
# A template's expression is one word, whatever blanks it holds.
_PLAIN_WORD = re.compile(rf"(?:\{{\{{[^{{}}\n]{{0,200}}\}}\}}|[^{_BLANK}\n])+")
_DIRECTIVE = re.compile(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(\S(?:[^\n]*\S)?)\s*$")
_HEREDOC = re.compile(r"[0-9]*<<(-?)([^<]+)$")
_DIRECTIVES = frozenset({"check", "escape", "syntax"})


class Word(NamedTuple):
    """One word of an instruction: its `text` without quotes, and as it was `written`. `is_closed`: its quotes are."""

    text: str
    written: Spliced
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `keyword` is in capitals, `arguments` what follows it on its (continued) line.

    ``start``–``end`` is the keyword as written (offsets in the source). `triggered` marks what ``ONBUILD`` puts off.
    `bodies` are its here-documents, without their delimiters.
    """

    keyword: str
    arguments: Spliced
    start: int
    end: int
    triggered: bool = False
    bodies: tuple[Spliced, ...] = ()


class Problem(NamedTuple):
    """Why BuildKit would refuse the file: one sentence, and the 1-based line."""

    detail: str
    line: int


@dataclass(slots=True)
class Dockerfile:
    """A file cut up: its `directives` by lower-case name, its `instructions` in order, the first `problem`."""

    directives: dict[str, Scalar] = field(default_factory=dict)
    instructions: list[Instruction] = field(default_factory=list)
    problem: Problem | None = None

    @property
    def escape(self) -> str:
        """The escape character: a backslash, unless a directive says that it is a backtick."""
        directive = self.directives.get("escape")
        return "`" if directive and directive.value == "`" else "\\"


def parse(source: SourceText) -> Dockerfile:
    """Cut ``source`` into directives and instructions. Never raises."""
    read = Dockerfile()
    lines = _lines(source.text)
    _read_directives(lines, read)
    index = 0
    while index < len(lines):
        logical, index = _logical_line(lines, index, read.escape)
        instruction = _instruction(logical) if logical else None
        if instruction is None:
            continue
        if instruction.keyword not in KEYWORDS:
            shown = instruction.keyword[:40]
            line = source.line_column(instruction.start)[0]
            read.problem = read.problem or Problem(f"`{shown}` is no instruction", line)
            continue
        bodies: list[Spliced] = []
        for delimiter, chomp in _heredocs(instruction):
            first, index = index, _behind_heredoc(lines, index, delimiter, chomp=chomp)
            bodies.append(_body(source, lines, first, index))
            if index > len(lines):
                read.problem = read.problem or Problem(
                    f"the here-document `{delimiter[:40]}` has no end", source.line_column(instruction.start)[0]
                )
        read.instructions.append(replace(instruction, bodies=tuple(bodies)) if bodies else instruction)
    return read


def words(arguments: Spliced, *, escape: str = "\\", limit: int | None = None) -> Iterator[Word]:
    """Yield the words of ``arguments``: parted by blanks outside quotes, quotes and escapes taken off."""
    text, index, count = arguments.text, 0, 0
    while index < len(text) and (limit is None or count < limit):
        if text[index] in _BLANK:
            index += 1
            continue
        plain, end, is_closed = _word(text, index, escape)
        yield Word(plain, arguments.part(index, end), is_closed)
        count += 1
        index = end


def plain_words(arguments: Spliced) -> Iterator[Spliced]:
    """Yield what blanks part, quotes left alone: how ``FROM`` reads its arguments."""
    for found in _PLAIN_WORD.finditer(arguments.text):
        yield arguments.part(found.start(), found.end())


def flags(instruction: Instruction, *, escape: str = "\\") -> Iterator[tuple[str, Spliced]]:
    """Yield name and value of each ``--name=value`` in front of the instruction's arguments."""
    for word in words(instruction.arguments, escape=escape):
        if not word.text.startswith("--") or word.text == "--":
            return
        name, equals, _ = word.text[2:].partition("=")
        at = word.written.text.find("=")
        if equals and at >= 0:
            yield name, word.written.part(at + 1, len(word.written.text))


def _lines(text: str) -> list[tuple[str, int]]:
    """Return every line without its end, and where it begins."""
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append((line.rstrip("\r"), start))
        start += len(line) + 1
    if lines[-1][0] == "":
        lines.pop()
    return lines


def _read_directives(lines: list[tuple[str, int]], read: Dockerfile) -> None:
    """Read the ``# name=value`` lines on top: any other line ends them, an unknown name does not."""
    for line, start in lines:
        found = _DIRECTIVE.match(line.strip(_BLANK))
        if not found or found.group(1).lower() in read.directives:
            return
        if found.group(1).lower() in _DIRECTIVES:
            shift = start + len(line) - len(line.lstrip(_BLANK))
            value = Scalar(found.group(2), shift + found.start(2), shift + found.end(2), quoted=False)
            read.directives[found.group(1).lower()] = value


def _logical_line(lines: list[tuple[str, int]], index: int, escape: str) -> tuple[Spliced | None, int]:
    """Return the instruction that begins at ``index`` as one line (None: a comment), and where the next begins."""
    line, start = lines[index]
    index += 1
    stripped = line.lstrip(_BLANK)
    if not stripped or stripped.startswith("#"):
        return None, index
    parts: list[Spliced] = []
    line, start = stripped, start + len(line) - len(stripped)
    while True:
        content = line.rstrip(" \t")
        continued = content.endswith(escape) and not content.endswith(escape * 2)
        parts.append(Spliced.at(content[:-1] if continued else line, start))
        # Inside a continued line, comments and empty lines are as if they were not there.
        while continued and index < len(lines) and lines[index][0].lstrip(_BLANK)[:1] in {"", "#"}:
            index += 1
        if not continued or index >= len(lines):
            return parts[0] if len(parts) == 1 else Spliced.join(parts, empty_at=start), index
        line, start = lines[index]
        index += 1


def _instruction(line: Spliced, *, triggered: bool = False) -> Instruction | None:
    found = _WORD.search(line.text)
    if not found:
        return None
    keyword = line.part(found.start(), found.end())
    rest = line.text[found.end() :]
    begin = len(line.text) - len(rest.lstrip(_BLANK))
    end = max(len(line.text.rstrip(_BLANK)), begin)
    return Instruction(keyword.text.upper(), line.part(begin, end), keyword.origin(0), keyword.end(), triggered)


def triggered(instruction: Instruction) -> Instruction | None:
    """Return what an ``ONBUILD`` puts off, None for any other instruction."""
    if instruction.keyword != "ONBUILD":
        return None
    inner = _instruction(instruction.arguments, triggered=True)
    return replace(inner, bodies=instruction.bodies) if inner else None


def _word(text: str, index: int, escape: str) -> tuple[str, int, bool]:
    """Return the word that begins at ``index``, without quotes and escapes, where it ends, and if its quotes do."""
    plain: list[str] = []
    quote = ""
    while index < len(text):
        character = text[index]
        if character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        elif character == escape and quote != "'" and index + 1 < len(text):
            index += 1
            plain.append(text[index])
        elif not quote and character in _BLANK:
            break
        else:
            plain.append(character)
        index += 1
    return "".join(plain), index, not quote


def _heredocs(instruction: Instruction) -> list[tuple[str, bool]]:
    """Return delimiter and whether tabs are chomped, of each here-document that begins on the line."""
    inner = triggered(instruction) or instruction
    text = inner.arguments.text
    if "<<" not in text or inner.keyword not in _WITH_HEREDOC or _is_json(text):
        return []
    found: list[tuple[str, bool]] = []
    for word in words(inner.arguments):
        if not word.is_closed:
            return []
        match = _HEREDOC.match(word.written.text)
        names = list(words(Spliced.at(match.group(2), 0))) if match else []
        if match and len(names) == 1:
            found.append((names[0].text, bool(match.group(1))))
    return found


def _body(source: SourceText, lines: list[tuple[str, int]], first: int, behind: int) -> Spliced:
    """Return the lines from ``first`` up to the delimiter, which is the last one before ``behind``."""
    start = lines[first][1] if first < len(lines) else len(source.text)
    end = lines[behind - 1][1] if behind <= len(lines) else len(source.text)
    return Spliced.at(source.text[start:end], start)


def _is_json(text: str) -> bool:
    """Whether the arguments are in exec form, in which nothing is a here-document."""
    if not (text.startswith("[") and text.endswith("]")):
        return False
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(parts, list) and all(isinstance(part, str) for part in parts)


def _behind_heredoc(lines: list[tuple[str, int]], index: int, delimiter: str, *, chomp: bool) -> int:
    """Return the index of the line after the delimiter, one past the number of lines where it is missing."""
    while index < len(lines):
        line = lines[index][0]
        index += 1
        if (line.lstrip("\t") if chomp else line) == delimiter:
            return index
    return len(lines) + 1
