"""The page of what templates are given, printed from the types of it. Pure."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Literal, get_args, get_origin

from analyzers.model.edit import Edit
from analyzers.model.inventory import Inventory
from analyzers.scan import ScanResult
from bot.example import hints

# What debtscan works on, and not what it says: it changes with any release.
_CLOSED: Final = frozenset({Edit, Inventory, ScanResult})
_PLAIN: Final = {
    "str": "text",
    "int": "number",
    "float": "number",
    "bool": "yes or no",
    "Raw": "Markdown",
    "NoneType": "none",
    "object": "anything",
}


def templates_page(kinds: Mapping[str, type]) -> str:
    """Return what each template is given, and then every type that is in it."""
    parts = [part for name, kind in kinds.items() for part in _template(name, kind)]
    parts.append("## Types")
    for kind in sorted(_reached(kinds.values()), key=lambda one: one.__name__):
        parts += _type(kind)
    return "\n" + "\n\n".join(parts) + "\n"


def _template(name: str, kind: type) -> Iterator[str]:
    yield f"## {name}"
    yield _prose(kind)
    yield _table(kind, "value")


def _type(kind: type) -> Iterator[str]:
    yield f"### {kind.__name__}"
    yield _prose(kind) if kind not in _CLOSED else f"{_prose(kind)} What is in it is not promised."
    if kind not in _CLOSED:
        yield _table(kind, "member")


def _table(kind: type, head: str) -> str:
    types = hints(kind)
    rows = [_row(name, types[name], default) for name, default in _fields(kind)]
    rows += [
        (f"`{name}`", _named(typing.get_type_hints(found.fget)["return"]), _prose(found))
        for name, found in inspect.getmembers(kind, lambda one: isinstance(one, property))
    ]
    # Most types tell of their members in their own docstring.
    columns = 3 if any(row[2] for row in rows) else 2
    table = [(head, "type", "meaning"), ("---",) * 3, *sorted(rows)]
    return "\n".join(f"| {' | '.join(row[:columns])} |" for row in table)


def _fields(kind: Any) -> Iterable[tuple[str, object]]:  # noqa: ANN401 - a type of values
    if dataclasses.is_dataclass(kind):
        return [(field.name, field.default) for field in dataclasses.fields(kind)]
    return [(name, None) for name in kind._fields]


def _row(name: str, kind: object, default: object) -> tuple[str, str, str]:
    plain, meaning = _split(kind)
    function = default if inspect.isfunction(default) else _call(plain)
    if function is None:
        return f"`{name}`", _named(plain), meaning
    taken = ", ".join(_argument(one) for one in inspect.signature(function).parameters.values() if one.name != "self")
    told = default if inspect.isfunction(default) else plain
    return f"`{name}({taken})`", _named(typing.get_type_hints(function)["return"]), _prose(told)


def _call(kind: object) -> Callable[..., object] | None:
    """Return the function of a frozen value that is one: its class says what it returns."""
    found = vars(kind).get("__call__") if isinstance(kind, type) else None
    return found if inspect.isfunction(found) else None


def _argument(one: inspect.Parameter) -> str:
    return one.name if one.default is inspect.Parameter.empty else f"{one.name}={one.default!r}"


def _split(kind: object) -> tuple[Any, str]:
    if get_origin(kind) is typing.Annotated:
        plain, meaning, *_ = get_args(kind)
        return plain, meaning if isinstance(meaning, str) else ""
    return kind, ""


def _named(kind: object) -> str:
    """Return a type in words: ``list of Row, or none``."""
    kind, _meaning = _split(kind)
    origin, parts = get_origin(kind), [part for part in get_args(kind) if part is not ...]
    if origin is Literal:
        return "one of " + ", ".join(f"`{part}`" if part else "nothing" for part in parts)
    if dataclasses.is_dataclass(origin):
        return f"{_link(origin)} of {_named(parts[0])}"
    if origin in _WORDS:
        return f"{_WORDS[origin]} {' to '.join(map(_named, parts))}"
    if origin is not None:
        return " or ".join(dict.fromkeys(map(_named, parts)))
    return _link(kind)


_WORDS: Final[Mapping[object, str]] = {
    get_origin(Mapping[str, str]): "mapping of",
    dict: "mapping of",
    get_origin(typing.Sequence[str]): "list of",
    tuple: "list of",
    list: "list of",
    frozenset: "set of",
}


def _link(kind: object) -> str:
    name = getattr(kind, "__name__", str(kind))
    if _is_value(kind):
        return f"[{name}](#{name.lower()})"
    return _PLAIN.get(name, name)


def _is_value(kind: object) -> bool:
    return isinstance(kind, type) and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"))


def _reached(kinds: Iterable[type]) -> Iterable[type]:
    """Return every type of the values of templates, and of theirs."""
    found: dict[type, None] = {}
    waiting = [entry for values in kinds for entry in _parts(values)]
    while waiting:
        kind = waiting.pop()
        waiting += [get_origin(kind), *get_args(kind)] if get_origin(kind) else []
        if isinstance(kind, type) and _is_value(kind) and not _call(kind) and kind not in found:
            found[kind] = None
            waiting += _parts(kind) if kind not in _CLOSED else ()
    return found


def _parts(kind: type) -> list[object]:
    """Return the types of a value's members, and what its functions return."""
    functions = [default for _name, default in _fields(kind) if inspect.isfunction(default)]
    return [*hints(kind).values(), *(typing.get_type_hints(one)["return"] for one in functions)]


def _prose(of: object) -> str:
    """Return a docstring on one line; two blanks between its paragraphs are one."""
    text = re.sub(r"\s+", " ", inspect.getdoc(of) or "").strip()
    pieces = text.replace("``", "`").replace("|", "\\|").split("`")
    # What is no code, every second piece, must not be taken for HTML.
    return "`".join(piece if index % 2 else piece.replace("<", "&lt;") for index, piece in enumerate(pieces))
