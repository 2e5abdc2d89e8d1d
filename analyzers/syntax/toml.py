"""TOML with spans.

The standard library says whether a file is valid; after that, finding the spans needs no grammar of errors, so a
scanner of a few linear patterns does it: exact in code points, and nothing that could disagree with the validator.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Never, TypeAlias

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

_MAX_DEPTH = 64
# People write no such file; the validator would need seconds for it.
_MAX_LENGTH = 8_000_000

# Quadratic in tomllib, so it is refused before: a dotted key with more parts than any honest one.
_LONG_KEY = re.compile(
    r"""(?<![A-Za-z0-9_"'-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){"""
    f"{_MAX_DEPTH}}}"
)
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_INLINE_BLANK = re.compile(r"[ \t]*+")
_LINE_END = re.compile(r"[ \t]*+(?:#[^\n]*+)?\r?(?:\n|\Z)")
_LINE_BREAK = re.compile(r"\r?\n")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_STRINGS = (
    # opening, pattern, whether backslashes escape; longest opening first
    ('"""', re.compile(r'"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+"{3,5}+'), True),
    ("'''", re.compile(r"'''(?:[^']++|'(?!''))*+'{3,5}+"), False),
    ('"', re.compile(r'"(?:[^"\\\n]++|\\.)*+"'), True),
    ("'", re.compile(r"'[^'\n]*+'"), False),
)
# A date and its time may stand apart; everything else unquoted ends at the first blank.
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*+|[^\s,\[\]{}#=\"']++")
_ESCAPE = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|[ \t]*\r?\n[ \t\r\n]*|(.))", re.DOTALL
)
_NAMED_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
# What lock tools write: an array over indented lines, or a table or string that fills its line.
_BULK = re.compile(r"""\[\r?\n(?:[ \t][^\n]*+\n)*+\]|\[?\{[^\r\n]*+(?:(?<=\})|(?<=\}\]))|"[^"\\\r\n]*+\"""")


@dataclass(slots=True)
class _Table:
    """A table that may still grow: TOML may come back to it under a later header."""

    start: int
    end: int
    items: dict[str, tuple[Scalar, _Growing]] = field(default_factory=dict)


@dataclass(slots=True)
class _Tables:
    """An array of tables."""

    items: list[_Table]


_Growing: TypeAlias = Scalar | Sequence | Mapping | _Table | _Tables


def parse(source: SourceText, *, skip: frozenset[str] = frozenset()) -> Mapping:
    """Return the file as a tree. A key is a Scalar as well; numbers, dates and booleans keep their text.

    ``skip`` is for lockfiles, which can be large: what stands under these keys, or under headers ending in them,
    is passed over where it has the layout that lock tools write, and the rest is not checked for duplicate keys.
    Raises InvalidSyntaxError, TooDeepError and TooLargeError.
    """
    return source.once((parse, skip), lambda: _parse(source, skip))


def _parse(source: SourceText, skip: frozenset[str]) -> Mapping:
    if skip:
        try:
            return _Scanner(source, skip).document()
        except InvalidSyntaxError:
            pass  # Not as a lock tool writes it: read it whole, and get the validator's own message.
    _validate(source)
    return _Scanner(source).document()


def _validate(source: SourceText) -> None:
    if len(source.text) > _MAX_LENGTH:
        raise TooLargeError(f"holds {len(source.text):,} characters; more than {_MAX_LENGTH:,} are not read")
    long_key = _LONG_KEY.search(source.text)
    if long_key:
        line, _ = source.line_column(long_key.start())
        raise TooDeepError(f"has a key of more than {_MAX_DEPTH} parts", line=line)
    try:
        tomllib.loads(source.text)
    except RecursionError as error:
        raise TooDeepError("nests too deeply") from error
    except ValueError as error:  # TOMLDecodeError is one; so is an integer with thousands of digits
        named = re.search(r"at line (\d+)", str(error))
        raise InvalidSyntaxError(f"is not valid TOML: {error}", line=int(named[1]) if named else None) from error


class _Scanner:
    """Walks the text once. Every pattern either matches at the position or ends the reading with an error."""

    def __init__(self, source: SourceText, skip: frozenset[str] = frozenset()) -> None:
        self._source = source
        self._text = source.text
        self._skip = skip
        self._at = 0

    def document(self) -> Mapping:
        root = _Table(0, len(self._text))
        table = root
        while True:
            self._pass(_BLANK)
            if self._at == len(self._text):
                return _frozen_table(root)
            if self._text[self._at] == "[":
                table = self._header(root)
            else:
                self._pair(table, 0)
                table.end = max(table.end, self._at)
                self._expect(_LINE_END)

    def _header(self, root: _Table) -> _Table:
        start = self._at
        brackets = 2 if self._text.startswith("[[", start) else 1
        self._at += brackets
        keys = self._keys()
        if not self._text.startswith("]" * brackets, self._at):
            self._fail()
        self._at += brackets
        self._expect(_LINE_END)
        parent = root
        for key in keys[:-1]:
            parent = self._descend(parent, key)
        table = self._append(parent, keys[-1], start) if brackets > 1 else self._descend(parent, keys[-1])
        table.end = self._at
        if keys[-1].value in self._skip:
            # Inside what lock tools write, only a header begins a line with a bracket.
            following = self._text.find("\n[", self._at - 1)
            self._at = len(self._text) if following < 0 else following + 1
        return table

    def _descend(self, table: _Table, key: Scalar) -> _Table:
        """Return the table under ``key``, made where it is missing; of an array of tables the last one."""
        if key.value not in table.items:
            table.items[key.value] = (key, _Table(key.start, key.end))
        found = table.items[key.value][1]
        if isinstance(found, _Tables):
            return found.items[-1]
        return found if isinstance(found, _Table) else self._fail()

    def _append(self, table: _Table, key: Scalar, start: int) -> _Table:
        _, found = table.items.setdefault(key.value, (key, _Tables([])))
        if not isinstance(found, _Tables):
            self._fail()
        found.items.append(_Table(start, self._at))
        return found.items[-1]

    def _pair(self, table: _Table, depth: int) -> None:
        *path, key = self._keys()
        if not self._text.startswith("=", self._at):
            self._fail()
        self._at += 1
        self._pass(_INLINE_BLANK)
        if key.value in self._skip and self._pass(_BULK):
            return
        for part in path:
            table = self._descend(table, part)
        value = self._value(depth + len(path))
        table.items[key.value] = (key, value)
        table.end = max(table.end, self._at)

    def _keys(self) -> list[Scalar]:
        """Read a dotted key with the blanks around it."""
        keys: list[Scalar] = []
        while True:
            self._pass(_INLINE_BLANK)
            keys.append(self._key())
            self._pass(_INLINE_BLANK)
            if not self._text.startswith(".", self._at):
                return keys
            if len(keys) == _MAX_DEPTH:
                self._too_deep()
            self._at += 1

    def _key(self) -> Scalar:
        start = self._at
        if self._pass(_BARE_KEY):
            return Scalar(self._text[start : self._at], start, self._at, quoted=False)
        return self._string() or self._fail()

    def _value(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            self._too_deep()
        if self._text.startswith("[", self._at):
            return self._array(depth)
        if self._text.startswith("{", self._at):
            return self._inline_table(depth)
        return self._string() or self._plain()

    def _array(self, depth: int) -> Sequence:
        start = self._at
        items: list[Node] = []
        self._listed("]", lambda: items.append(self._value(depth + 1)))
        return Sequence(tuple(items), start, self._at)

    def _inline_table(self, depth: int) -> Mapping:
        table = _Table(self._at, self._at)
        self._listed("}", lambda: self._pair(table, depth + 1))
        table.end = self._at
        return _frozen_table(table)

    def _listed(self, closing: str, read_item: Callable[[], None]) -> None:
        """Read items between commas, from the opening bracket through the closing one."""
        self._at += 1
        self._pass(_BLANK)
        while not self._text.startswith(closing, self._at):
            read_item()
            self._pass(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
                self._pass(_BLANK)
            elif not self._text.startswith(closing, self._at):
                self._fail()
        self._at += 1

    def _string(self) -> Scalar | None:
        for opening, pattern, escapes in _STRINGS:
            if self._text.startswith(opening, self._at):
                return self._quoted(opening, pattern, escapes=escapes)
        return None

    def _quoted(self, opening: str, pattern: re.Pattern[str], *, escapes: bool) -> Scalar:
        start = self._at + len(opening)
        self._expect(pattern)
        end = self._at - len(opening)
        if len(opening) > 1:
            # A line end right behind the opening is no part of the string.
            first_break = _LINE_BREAK.match(self._text, start)
            start = first_break.end() if first_break else start
        raw = self._text[start:end]
        value = _ESCAPE.sub(_unescaped, raw) if escapes and "\\" in raw else raw
        return Scalar(value.replace("\r\n", "\n") if "\r" in raw else value, start, end)

    def _plain(self) -> Scalar:
        start = self._at
        self._expect(_PLAIN)
        return Scalar(self._text[start : self._at], start, self._at, quoted=False)

    def _pass(self, pattern: re.Pattern[str]) -> bool:
        """Move behind ``pattern`` if it matches here."""
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found is not None

    def _expect(self, pattern: re.Pattern[str]) -> None:
        if not self._pass(pattern):
            self._fail()

    def _fail(self) -> Never:
        line, column = self._source.line_column(self._at)
        raise InvalidSyntaxError(f"cannot be read at line {line}, column {column}", line=line)

    def _too_deep(self) -> Never:
        line, _ = self._source.line_column(self._at)
        raise TooDeepError(f"nests deeper than {_MAX_DEPTH} levels", line=line)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"  # noqa: PLR2004 - Unicode's end
    letter: str = found[4] or ""
    return _NAMED_ESCAPES.get(letter, letter)


def _frozen_table(table: _Table) -> Mapping:
    return Mapping(tuple((key, _frozen(value)) for key, value in table.items.values()), table.start, table.end)


def _frozen(node: _Growing) -> Node:
    if isinstance(node, _Table):
        return _frozen_table(node)
    if isinstance(node, _Tables):
        tables = tuple(_frozen_table(table) for table in node.items)
        return Sequence(tables, tables[0].start, tables[-1].end)
    return node
