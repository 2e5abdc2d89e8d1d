"""Strict JSON with the place of every key and value, and a fast way through big files that need few places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NoReturn

from analyzers.errors import InvalidSyntaxError, TooDeepError, TooLargeError
from analyzers.syntax.node import Mapping, Node, Scalar, Sequence
from analyzers.syntax.text import SourceText

# Far more than any manifest nests, and far below Python's recursion limit wherever the caller stands.
MAX_DEPTH: Final = 200
# A node takes some fifty times the memory of the two bytes that it may be written in.
MAX_ITEMS: Final = 1_000_000

# JSON knows these four spaces only; ``\s`` would accept more.
_space: Final = re.compile(r"[ \t\n\r]*").match
_separator: Final = re.compile(r"[ \t\n\r]*([,}\]])[ \t\n\r]*").match
# Strings without escapes, which is nearly all of them, in one match each; the others go through the decoder.
_simple: Final = re.compile(
    r'"([^"\\\x00-\x1f]*)"|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)'
).match
_simple_key: Final = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*').match

# Texts are matched to be passed over; what is not closed ends with the file, and is refused by the parser.
_TEXT: Final = r'"(?:[^"\\]++|\\.)*+"?'
_COMMENT: Final = re.compile(rf"{_TEXT}|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?", re.DOTALL)
_TRAILING: Final = re.compile(rf"{_TEXT}|,(?=[ \t\n\r]*+[}}\]])", re.DOTALL)
_NO_BLANK: Final = re.compile(r"[^ \t\n\r]")


def parse(source: SourceText) -> Node:
    """Return the whole document as nodes; numbers, ``true`` and ``null`` are unquoted scalars.

    Raises InvalidSyntaxError (with the line) for anything that is not strict JSON, TooDeepError beyond `MAX_DEPTH`
    and TooLargeError beyond about `MAX_ITEMS` values.
    """
    return source.once(parse, lambda: _parse(source))


def _parse(source: SourceText) -> Node:
    if source.text.count(",") > MAX_ITEMS:
        raise TooLargeError(f"holds more than {MAX_ITEMS} values")
    try:
        node, end = _value(source.text, _skip(source.text, 0), 0)
    except ValueError as error:
        raise _invalid(source, error) from error
    _refuse_rest(source, end)
    return node


def members(source: SourceText, *keys: str) -> Iterator[tuple[Scalar, object]]:
    """Yield key (with its span) and plain value of each member of the object at ``keys``.

    The values are Python's own (numbers as their text), read without places and therefore at the speed of the
    standard library. Nothing is yielded where there is no object. Raises as `parse` does; reading stops at the end
    of the wanted object, so what follows it is not checked.
    """
    try:
        yield from _members(source.text, _skip(source.text, 0), keys)
    except RecursionError as error:
        raise TooDeepError("nests too deeply to be read") from error
    except ValueError as error:
        raise _invalid(source, error) from error


def plain(source: SourceText) -> object:
    """Return the whole document as plain values (numbers as their text). Raises as `parse` does."""
    text = source.text
    try:
        value, end = _decoder.raw_decode(text, _skip(text, 0))
    except RecursionError as error:
        raise TooDeepError("nests too deeply to be read") from error
    except ValueError as error:
        raise _invalid(source, error) from error
    _refuse_rest(source, end)
    return value


def relaxed(source: SourceText) -> SourceText:
    """Return JSON with comments and trailing commas as strict JSON of the same length: blanks stand in their stead.

    Offsets of nodes are those of ``source``, which has to give their places: bytes may differ. What is no JSON with
    comments either is refused by `parse` (but for a lone comma between brackets).
    """
    bare = _COMMENT.sub(_blanked, source.text)
    return SourceText(source.path, _TRAILING.sub(_blanked, bare), source.encoding, source.mark)


def _blanked(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith('"') else _NO_BLANK.sub(" ", found[0])


def _refuse_rest(source: SourceText, end: int) -> None:
    end = _skip(source.text, end)
    if end != len(source.text):
        raise _invalid(source, _expected("the end of the file", source.text, end))


def _value(text: str, at: int, depth: int) -> tuple[Node, int]:
    """Return the node that begins at ``at`` and the offset behind it."""
    found = _simple(text, at)
    if found:
        value = found[1]
        if value is not None:
            return Scalar(value, at + 1, at + 1 + len(value)), found.end()
        return Scalar(found[2], at, found.end(), quoted=False), found.end()
    first = text[at : at + 1]
    if first in ("{", "["):
        if depth >= MAX_DEPTH:
            raise TooDeepError(f"nests deeper than {MAX_DEPTH} levels", line=text.count("\n", 0, at) + 1)
        return (_mapping if first == "{" else _sequence)(text, at, depth + 1)
    if first == '"':
        return _string(text, at)
    raise _expected("a value", text, at)


def _string(text: str, at: int) -> tuple[Scalar, int]:
    _expect('"', text, at)
    value, end = _decoder.raw_decode(text, at)
    return Scalar(value, at + 1, end - 1), end


def _mapping(text: str, start: int, depth: int) -> tuple[Mapping, int]:
    items: list[tuple[Scalar, Node]] = []
    at, more = _first(text, start + 1, "}")
    while more:
        key, at = _key(text, at)
        value, at = _value(text, at, depth)
        items.append((key, value))
        at, more = _next(text, at, "}")
    return Mapping(tuple(items), start, at), at


def _sequence(text: str, start: int, depth: int) -> tuple[Sequence, int]:
    items: list[Node] = []
    at, more = _first(text, start + 1, "]")
    while more:
        value, at = _value(text, at, depth)
        items.append(value)
        at, more = _next(text, at, "]")
    return Sequence(tuple(items), start, at), at


def _first(text: str, at: int, close: str) -> tuple[int, bool]:
    """Return the offset of the first item and True, or that behind ``close`` and False."""
    at = _skip(text, at)
    return (at + 1, False) if text[at : at + 1] == close else (at, True)


def _next(text: str, at: int, close: str) -> tuple[int, bool]:
    """Step over a comma: return the offset of the next item and True, or that behind ``close`` and False."""
    found = _separator(text, at)
    if not found:
        raise _expected(f"',' or {close!r}", text, _skip(text, at))
    if found[1] == ",":
        return found.end(), True
    if found[1] != close:
        raise _expected(f"',' or {close!r}", text, found.start(1))
    return found.end(1), False


def _key(text: str, at: int) -> tuple[Scalar, int]:
    """Return the key at ``at`` and the offset of its value."""
    found = _simple_key(text, at)
    if found:
        return Scalar(found[1], at + 1, found.end(1)), found.end()
    key, at = _string(text, at)
    return key, _skip(text, _expect(":", text, _skip(text, at)))


def _members(text: str, at: int, keys: tuple[str, ...]) -> Iterator[tuple[Scalar, object]]:
    """Yield the members of the object at ``at``, or of the one that ``keys`` lead to from there."""
    if text[at : at + 1] != "{":
        return
    at, more = _first(text, at + 1, "}")
    while more:
        key, at = _key(text, at)
        if keys and key.value == keys[0]:
            # The first of two equal keys counts here. npm writes none twice.
            yield from _members(text, at, keys[1:])
            return
        value, at = _decoder.raw_decode(text, at)
        if not keys:
            yield key, value
        at, more = _next(text, at, "}")


def _skip(text: str, at: int) -> int:
    found = _space(text, at)
    return found.end() if found else at


def _expect(character: str, text: str, at: int) -> int:
    """Return the offset behind ``character``, which has to stand at ``at``."""
    if text[at : at + 1] != character:
        raise _expected(repr(character), text, at)
    return at + 1


def _expected(what: str, text: str, at: int) -> json.JSONDecodeError:
    return json.JSONDecodeError(f"Expected {what}", text, at)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _invalid(source: SourceText, error: ValueError) -> InvalidSyntaxError:
    if isinstance(error, json.JSONDecodeError):
        return InvalidSyntaxError(f"is not valid JSON: {error.msg} in line {error.lineno}", line=error.lineno)
    return InvalidSyntaxError(f"is not valid JSON: {error} ({source.path})")


# Numbers stay text: nothing here computes with them, and ``int`` refuses more than 4300 digits.
_decoder: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_no_constant)
