"""Bytes and plain values into typed ones: the only place where msgspec meets a type.

msgspec reads a type's annotations when it first meets it, and notes what it has read of them before it is through: a
thread that comes meanwhile reads fields that are not there yet, and the whole process ends with a segmentation fault
(msgspec 0.22). So types are met one after another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any, Final, TypeVar, overload

import msgspec

_T = TypeVar("_T")

# Whatever a collection runs meanwhile, in the same thread, may meet one as well.
_MEETING: Final = threading.RLock()
_JSON: Final[dict[object, msgspec.json.Decoder[Any]]] = {}
_MSGPACK: Final[dict[object, msgspec.msgpack.Decoder[Any]]] = {}


@overload
def from_json(content: bytes | str, kind: type[_T]) -> _T: ...
@overload
def from_json(content: bytes | str, kind: Any) -> Any: ...  # noqa: ANN401 - a union is no type to the checker
def from_json(content: bytes | str, kind: Any) -> Any:
    """Return JSON as a value of this type. Raises msgspec.DecodeError, UnicodeError and RecursionError."""
    return (_JSON.get(kind) or _met_json(kind)).decode(content)


@overload
def from_msgpack(content: bytes, kind: type[_T]) -> _T: ...
@overload
def from_msgpack(content: bytes, kind: Any) -> Any: ...  # noqa: ANN401 - as above
def from_msgpack(content: bytes, kind: Any) -> Any:
    """Return MessagePack as a value of this type. Raises msgspec.DecodeError and RecursionError."""
    return msgpack_decoder(kind).decode(content)


@overload
def msgpack_decoder(kind: type[_T]) -> msgspec.msgpack.Decoder[_T]: ...
@overload
def msgpack_decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]: ...  # noqa: ANN401 - as above
def msgpack_decoder(kind: Any) -> Any:
    """Return the decoder of a type, for whoever decodes many; threads may share it."""
    return _MSGPACK.get(kind) or _met_msgpack(kind)


@overload
def converted(value: object, kind: type[_T], *, strict: bool = True, from_attributes: bool = False) -> _T: ...
@overload
def converted(value: object, kind: Any, *, strict: bool = True, from_attributes: bool = False) -> Any: ...  # noqa: ANN401 - as above
def converted(value: object, kind: Any, *, strict: bool = True, from_attributes: bool = False) -> Any:
    """Return a plain value as one of this type; see `msgspec.convert`. Raises msgspec.ValidationError."""
    msgpack_decoder(kind)
    return msgspec.convert(value, kind, strict=strict, from_attributes=from_attributes)


def schema(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return a type's JSON Schema."""
    with _MEETING:
        return msgspec.json.schema(kind)


def schema_components(kinds: Iterable[Any], template: str) -> tuple[tuple[dict[str, Any], ...], dict[str, Any]]:
    """Return a JSON Schema for each type, and by name what these refer to; ``template`` holds ``{name}``."""
    with _MEETING:
        return msgspec.json.schema_components(kinds, ref_template=template)


def _met_json(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - as above
    with _MEETING:
        return _JSON.setdefault(kind, msgspec.json.Decoder(kind))


def _met_msgpack(kind: Any) -> msgspec.msgpack.Decoder[Any]:  # noqa: ANN401 - as above
    with _MEETING:
        return _MSGPACK.setdefault(kind, msgspec.msgpack.Decoder(kind))
