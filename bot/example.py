"""Examples of a frozen value, made from nothing but its types: a full one and a bare one. Pure."""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import sys
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from analyzers.model.advisory import Flaw
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.subject import SubjectKey
from bot.change import Change

_DAY: Final = date(2026, 1, 15)
_FULL: Final[Mapping[object, object]] = {
    bool: True,
    int: 3,
    float: 3.5,
    bytes: b"example",
    date: _DAY,
    datetime: datetime(2026, 1, 15, tzinfo=UTC),
    object: "example",
}
_BARE: Final[Mapping[object, object]] = {**_FULL, bool: False, int: 0, float: 0.0, bytes: b""}
# Named for checkers alone where they are used: an import there would be a circle.
_LATE: Final = {kind.__name__: kind for kind in (Change, Dependency, Flaw, Place, SubjectKey)}
_MANY: Final[Mapping[object, Callable[[Any], Any]]] = {
    collections.abc.Mapping: dict,
    dict: dict,
    collections.abc.Sequence: tuple,
    tuple: tuple,
    list: list,
    frozenset: frozenset,
}


def hints(kind: type) -> Mapping[str, Any]:
    """Return the types of a value's fields, `Annotated` and all."""
    known = vars(sys.modules[kind.__module__])
    late = {name: value for name, value in _LATE.items() if name not in known}
    return typing.get_type_hints(kind, localns=late, include_extras=True)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes examples. A full one has something everywhere, a bare one nothing where a type allows that.

    Values within values of their own kind end at the second. Raises TypeError for a type that it does not know.
    """

    full: bool

    def make(self, kind: Any, inside: tuple[object, ...] = ()) -> Any:  # noqa: ANN401 - any type, and its value
        """Return an example of ``kind``; ``inside`` are the types that it is made within."""
        origin = get_origin(kind)
        if origin is typing.Annotated:
            return self.make(get_args(kind)[0], inside)
        if origin is not None:
            return self._of(origin, get_args(kind), inside)
        plain = _FULL if self.full else _BARE
        return plain[kind] if kind in plain else self._one(kind, inside)

    def _one(self, kind: type, inside: tuple[object, ...]) -> Any:  # noqa: ANN401 - as above
        if issubclass(kind, enum.Enum):
            return next(iter(kind))
        if issubclass(kind, str):
            return kind("example" if self.full else "")
        if dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"):
            return self._value(kind, {}, inside)
        if issubclass(kind, msgspec.Struct):
            return kind()
        raise TypeError(f"no example of {kind}")

    def _of(self, origin: Any, parts: tuple[Any, ...], inside: tuple[object, ...]) -> Any:  # noqa: ANN401 - as above
        if origin is Literal:
            return parts[0]
        if origin in (Union, types.UnionType):
            return self._either(parts, inside)
        if origin is tuple and parts[-1:] != (...,):
            return tuple(self.make(part, inside) for part in parts)
        if origin in _MANY and not self._goes_on(parts, inside):
            return _MANY[origin](())
        if dataclasses.is_dataclass(origin):
            names: tuple[TypeVar, ...] = getattr(origin, "__parameters__", ())
            return self._value(origin, dict(zip(names, parts, strict=True)), inside)
        if origin in _MANY:
            found = tuple(self.make(part, inside) for part in parts if part is not ...)
            return _MANY[origin]([found] if len(found) > 1 else found)
        raise TypeError(f"no example of {origin}")

    def _either(self, parts: tuple[Any, ...], inside: tuple[object, ...]) -> Any:  # noqa: ANN401 - as above
        some = [part for part in parts if part is not types.NoneType]
        if types.NoneType in parts and not self._goes_on(some, inside):
            return None
        return self.make(some[0], inside)

    def _goes_on(self, parts: typing.Iterable[object], inside: tuple[object, ...]) -> bool:
        return self.full and not any(part in inside for part in parts)

    def _value(self, kind: Any, bound: Mapping[Any, Any], inside: tuple[object, ...]) -> Any:  # noqa: ANN401 - as above
        types_of = hints(kind)
        made = {}
        for name, default in _fields(kind).items():
            wanted = bound.get(types_of[name], types_of[name])
            if bound and get_args(wanted):
                wanted = wanted[tuple(bound[one] for one in wanted.__parameters__)] if wanted.__parameters__ else wanted
            # A function, which is always the same, is the default of its field.
            made[name] = default if callable(default) else self.make(wanted, (*inside, kind))
        return kind(**made)


def _fields(kind: Any) -> Mapping[str, object]:  # noqa: ANN401 - as above
    """Return the fields that a value is made with, and their defaults."""
    if dataclasses.is_dataclass(kind):
        return {one.name: one.default for one in dataclasses.fields(kind) if one.init}
    return dict.fromkeys(kind._fields)
