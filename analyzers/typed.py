"""Bytes and plain values into typed ones: the only place where msgspec meets a type.

msgspec reads a type's annotations when it first meets it, and notes what it has read of them before it is through: a
thread that comes meanwhile reads fields that are not there yet, and the whole process ends with a segmentation fault
(msgspec 0.22). So types are met one after another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Final, TypeVar

import msgspec

_T = TypeVar("_T")

# Whatever a collection runs meanwhile, in the same thread, may meet one as well.
_MEETING: Final = threading.RLock()
_JSON: Final[dict[object, msgspec.json.Decoder[Any]]] = {}
_MSGPACK: Final[dict[object, msgspec.msgpack.Decoder[Any]]] = {}


def from_json(content: bytes | str, kind: type[_T]) -> _T:
    """Return JSON as a value of this type. Raises msgspec.DecodeError, UnicodeError and RecursionError."""
    decoder: msgspec.json.Decoder[_T] = _JSON.get(kind) or _met_json(kind)
    return decoder.decode(content)


def from_msgpack(content: bytes, kind: type[_T]) -> _T:
    """Return MessagePack as a value of this type. Raises msgspec.DecodeError and RecursionError."""
    return msgpack_decoder(kind).decode(content)


def msgpack_decoder(kind: type[_T]) -> msgspec.msgpack.Decoder[_T]:
    """Return the decoder of a type, for whoever decodes many; threads may share it."""
    return _MSGPACK.get(kind) or _met_msgpack(kind)


def converted(value: object, kind: type[_T], *, strict: bool = True, from_attributes: bool = False) -> _T:
    """Return a plain value as one of this type; see `msgspec.convert`. Raises msgspec.ValidationError."""
    msgpack_decoder(kind)
    return msgspec.convert(value, kind, strict=strict, from_attributes=from_attributes)


def schema(kind: type[object]) -> dict[str, Any]:
    """Return a type's JSON Schema."""
    with _MEETING:
        return msgspec.json.schema(kind)


def schema_components(
    kinds: Iterable[type[object]], template: str
) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """Return a JSON Schema for each type, and by name what these refer to; ``template`` holds ``{name}``."""
    with _MEETING:
        return msgspec.json.schema_components(kinds, ref_template=template)


def _met_json(kind: type[_T]) -> msgspec.json.Decoder[_T]:
    with _MEETING:
        return _JSON.setdefault(kind, msgspec.json.Decoder(kind))


def _met_msgpack(kind: type[_T]) -> msgspec.msgpack.Decoder[_T]:
    with _MEETING:
        return _MSGPACK.setdefault(kind, msgspec.msgpack.Decoder(kind))
