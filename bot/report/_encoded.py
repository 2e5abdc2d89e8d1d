"""Values as JSON that any program can read and that deceives no terminal."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from analyzers.typed import converted, schema
from bot.report._parts import Part

To = TypeVar("To")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Characters that are legal in JSON and can still deceive a terminal or an editor. In JSON's text they stand inside
# strings only, so that escaping them changes nothing for a program.
_DECEIVING = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def encoded(value: Part) -> str:
    """Return a document as JSON, indented, with a line feed at its end."""
    try:
        content = msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A name that is no UTF-8 holds half a surrogate pair, which JSON cannot carry.
        content = msgspec.json.encode(_encodable(msgspec.to_builtins(value)))
    text = msgspec.json.format(content, indent=2).decode()
    return _DECEIVING.sub(lambda match: f"\\u{ord(match.group()):04x}", text) + "\n"


def schema_of(document: type[Part], title: str) -> str:
    """Return the JSON Schema of a document."""
    stated = {"$schema": _DIALECT, "title": title, **schema(document)}
    return msgspec.json.format(msgspec.json.encode(stated, order="sorted"), indent=2).decode() + "\n"


def same(value: object, to: type[To]) -> To:
    """Return the value as the part of the document that has the same fields."""
    return converted(value, to, from_attributes=True)


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encodable(member) for member in value]
    return value
