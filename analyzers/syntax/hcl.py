"""HCL (Terraform, OpenTofu, Terragrunt) as blocks and attributes with spans.

Expressions are not evaluated: a string without interpolation, an object and a tuple are read, everything else is
passed over as one piece. Linear in the text and iterative where the text decides how deep it goes; a grammar library
needs 70 bytes of memory and more for each byte of a hostile file, and takes invalid files for valid ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Never

from analyzers.errors import TooDeepError, TooLargeError
from analyzers.syntax._hcl_cursor import Cursor
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

MAX_DEPTH: Final = 64
# People write no such file, and what tools write is far smaller.
MAX_LENGTH: Final = 2_000_000

_COMMENT: Final = r"#[^\n]*+|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_BLANK: Final = re.compile(rf"(?:[ \t\r\n]++|{_COMMENT})*+")
_INLINE_BLANK: Final = re.compile(r"(?:[ \t]++|\r(?=\n)|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_IDENTIFIER: Final = re.compile(r"[^\W\d][\w-]*+")
# What a value may be followed by and still be the whole value.
_AFTER_VALUE: Final = re.compile(r"[\n,}\])#]|//|\Z")
_STRING: Final = re.compile(r'"((?:[^"\\$%\n]++|\\[^\n]|\$\$\{|%%\{|[$%](?!\{))*+)"')
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|([$%])[$%](?=\{)", re.DOTALL)
_NAMED_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t"}

_NOTHING: Final = Mapping((), 0, 0)


@dataclass(frozen=True, slots=True)
class Block:
    """``keyword "label" { … }``; the file itself is one without keyword and labels.

    In `attributes`, a quoted Scalar is a string whose value is known; any other Scalar is an expression, as written.
    """

    keyword: str = ""
    labels: tuple[Scalar, ...] = ()
    attributes: Mapping = _NOTHING
    blocks: tuple[Block, ...] = ()
    start: int = 0
    end: int = 0

    def named(self, *keywords: str) -> tuple[Block, ...]:
        """Return the blocks directly inside that have one of these keywords."""
        return tuple(block for block in self.blocks if block.keyword in keywords)


@dataclass(slots=True)
class _Open:
    """A block whose end has not been reached."""

    keyword: str
    labels: tuple[Scalar, ...]
    start: int
    body: int
    attributes: list[tuple[Scalar, Node]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def closed(self, end: int) -> Block:
        attributes = Mapping(tuple(self.attributes), self.body, end)
        return Block(self.keyword, self.labels, attributes, tuple(self.blocks), self.start, end)


def parse(source: SourceText) -> Block:
    """Return the file as one block. Raises InvalidSyntaxError, TooDeepError and TooLargeError."""
    if len(source.text) > MAX_LENGTH:
        raise TooLargeError(f"holds {len(source.text):,} characters; more than {MAX_LENGTH:,} are not read")
    return _Reader(source).file()


class _Reader(Cursor):
    """Walks the text once; whatever does not match ends the reading with an error."""

    def file(self) -> Block:
        stack = [_Open("", (), 0, 0)]
        while True:
            self._pass(_BLANK)
            if self._at == len(self._text):
                return stack.pop().closed(self._at) if len(stack) == 1 else self._fail("a block is not closed")
            if self._text[self._at] == "}" and len(stack) > 1:
                self._at += 1
                block = stack.pop().closed(self._at)
                stack[-1].blocks.append(block)
                continue
            self._item(stack)

    def _item(self, stack: list[_Open]) -> None:
        """Read one attribute, or a block as far as its opening brace."""
        start = self._at
        name = self._identifier() or self._fail("an attribute or a block has to begin here")
        self._pass(_INLINE_BLANK)
        if self._text.startswith("=", self._at) and not self._text.startswith("==", self._at):
            self._at += 1
            stack[-1].attributes.append((name, self._value(len(stack))))
            return
        labels = []
        while not self._text.startswith("{", self._at):
            labels.append(self._label() or self._fail("a block's label or its opening brace has to stand here"))
            self._pass(_INLINE_BLANK)
        self._at += 1
        if len(stack) > MAX_DEPTH:
            self._too_deep()
        stack.append(_Open(name.value, tuple(labels), start, self._at))

    def _label(self) -> Scalar | None:
        return self._literal() or self._identifier()

    def _identifier(self) -> Scalar | None:
        found = _IDENTIFIER.match(self._text, self._at)
        if not found:
            return None
        self._at = found.end()
        return Scalar(found[0], found.start(), found.end(), quoted=False)

    def _literal(self) -> Scalar | None:
        """Read a string without interpolation."""
        found = _STRING.match(self._text, self._at)
        if not found:
            return None
        self._at = found.end()
        raw = found[1]
        value = _ESCAPE.sub(_unescaped, raw) if "\\" in raw or "${" in raw or "%{" in raw else raw
        return Scalar(value, found.start(1), found.end(1))

    def _value(self, depth: int, *, in_tuple: bool = False) -> Node:
        """Read one value: where it turns out to be part of a larger expression, that expression as written.

        Inside a tuple a line end is a blank like any other.
        """
        if depth > MAX_DEPTH:
            self._too_deep()
        self._pass(_INLINE_BLANK)
        start = self._at
        value = self._whole(depth)
        if value is not None:
            end = self._at
            self._pass(_BLANK if in_tuple else _INLINE_BLANK)
            if _AFTER_VALUE.match(self._text, self._at):
                return value
            self._at = end
        self._skip_expression(stops=",}])" if in_tuple else "\n,}])")
        written = self._text[start : self._at].rstrip()
        if not written:
            self._fail("a value has to stand here")
        return Scalar(written, start, start + len(written), quoted=False)

    def _whole(self, depth: int) -> Node | None:
        if self._text.startswith('"', self._at):
            return self._literal()
        if self._text.startswith("[", self._at):
            return self._tuple(depth)
        if self._text.startswith("{", self._at):
            return self._object(depth)
        return None

    def _tuple(self, depth: int) -> Sequence | None:
        start = self._at
        self._at += 1
        if self._is_comprehension():
            self._at = start
            return None
        items: list[Node] = []
        while not self._closes("]"):
            items.append(self._value(depth + 1, in_tuple=True))
            self._pass(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
            elif not self._text.startswith("]", self._at):
                self._fail("a comma or a bracket has to stand here")
        return Sequence(tuple(items), start, self._at)

    def _object(self, depth: int) -> Mapping | None:
        start = self._at
        self._at += 1
        if self._is_comprehension():
            self._at = start
            return None
        items: list[tuple[Scalar, Node]] = []
        while not self._closes("}"):
            key = self._key()
            self._pass(_BLANK)
            if not self._text.startswith(("=", ":"), self._at):
                self._fail("an object's key needs a value")
            self._at += 1
            self._pass(_BLANK)
            items.append((key, self._value(depth + 1)))
            self._pass(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
        return Mapping(tuple(items), start, self._at)

    def _is_comprehension(self) -> bool:
        self._pass(_BLANK)
        found = _IDENTIFIER.match(self._text, self._at)
        return found is not None and found[0] == "for"

    def _closes(self, bracket: str) -> bool:
        self._pass(_BLANK)
        if not self._text.startswith(bracket, self._at):
            return False
        self._at += 1
        return True

    def _key(self) -> Scalar:
        start = self._at
        key = self._label()
        if key:
            end = self._at
            self._pass(_BLANK)
            if self._text.startswith(("=", ":"), self._at):
                return key
            self._at = end
        self._skip_expression(stops="=:\n,}])")
        written = self._text[start : self._at].rstrip()
        if not written:
            self._fail("an object's key has to stand here")
        return Scalar(written, start, start + len(written), quoted=False)

    def _too_deep(self) -> Never:
        line, _ = self._source.line_column(self._at)
        raise TooDeepError(f"nests deeper than {MAX_DEPTH} levels", line=line)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        number = int(code, 16)
        is_character = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF  # noqa: PLR2004 - Unicode's end, surrogates
        return chr(number) if is_character else "\N{REPLACEMENT CHARACTER}"
    if found[4]:
        return str(found[4])
    letter: str = found[3]
    return _NAMED_ESCAPES.get(letter, letter)
