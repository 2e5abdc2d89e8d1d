"""The methods of `bot.github.host.Host` as messages: what the protocol states can be called, and nothing else."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_type_hints

import msgspec

from analyzers.typed import from_msgpack
from bot.github.errors import HostError
from bot.github.host import Host
from bot.service.child.wire import JunkError


@dataclass(frozen=True, slots=True)
class Method:
    """One method: the type of its arguments (a struct of them by name), and the one of its result."""

    name: str
    signature: inspect.Signature
    arguments: type[msgspec.Struct]
    result: Any = field(repr=False)

    def encode(self, *given: object, **named: object) -> msgspec.Raw:
        """Return the arguments of a call. Raises HostError for text that cannot be sent."""
        bound = self.signature.bind(None, *given, **named).arguments
        arguments = {name: value for name, value in bound.items() if name != "self"}
        try:
            return msgspec.Raw(msgspec.msgpack.encode(arguments))
        except UnicodeEncodeError as error:
            raise HostError("a name in it is no UTF-8, which GitHub does not take") from error

    def call(self, host: Host, arguments: msgspec.Raw) -> msgspec.Raw:
        """Call it with what was encoded; return its result likewise. Raises JunkError, and what the method raises."""
        try:
            decoded = from_msgpack(arguments, self.arguments)
        except (ValueError, RecursionError) as error:
            raise JunkError(f"arguments of {self.name} that it does not take: {error}") from error
        named = {name: getattr(decoded, name) for name in self.arguments.__struct_fields__}
        return msgspec.Raw(msgspec.msgpack.encode(getattr(host, self.name)(**named)))

    def decode(self, result: msgspec.Raw) -> Any:  # noqa: ANN401 - as the method states
        """Return what `call` returned."""
        return from_msgpack(result, self.result)


@cache
def methods() -> Mapping[str, Method]:
    """Return all methods of the protocol by their names."""
    found = inspect.getmembers(Host, inspect.isfunction)
    return {name: _method(name, function) for name, function in found if not name.startswith("_")}


def _method(name: str, function: Any) -> Method:  # noqa: ANN401 - a function of any signature
    hints, signature = get_type_hints(function), inspect.signature(function)
    fields: list[Any] = [
        (one.name, hints[one.name]) if one.default is one.empty else (one.name, hints[one.name], one.default)
        for one in signature.parameters.values()
        if one.name != "self"
    ]
    arguments = msgspec.defstruct(f"{name}_arguments", fields, kw_only=True, forbid_unknown_fields=True)
    return Method(name, signature, arguments, hints["return"])
