"""One file that configures debtscan: its text, what stands there, and on which lines. Errors name both."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

import msgspec

from analyzers.errors import ConfigError, UnreadableError
from analyzers.syntax import node, toml
from analyzers.syntax.text import SourceText
from analyzers.typed import converted

T = TypeVar("T", bound=msgspec.Struct)
_UNKNOWN_FIELD: Final = re.compile(r"contains unknown field `([^`]*)`")
_AT: Final = re.compile(r" - at `\$([^`]*)`")


@dataclass(frozen=True)
class Written:
    """What a file says. `table` leads to the part of it that is debtscan's, `document` is that part.

    `lines` holds the line of each key there, dotted, and of each item of a list (``ignore[0]``).
    """

    source: SourceText
    document: Mapping[str, Any]
    table: tuple[str, ...] = ()
    tree: node.Mapping = field(repr=False, kw_only=True)

    @property
    def path(self) -> str:
        """The file's name for people."""
        return self.source.path

    @cached_property
    def lines(self) -> Mapping[str, int]:
        """See the class."""
        return dict(_lines(self.source, self.tree.mapping(*self.table), ()))

    def place(self, *keys: str) -> str:
        """Return ``path:line`` of the first of ``keys`` that stands there; the first line where none does."""
        line = next((self.lines[key] for key in keys if key in self.lines), 1)
        return f"{self.path}:{line}"

    def deepest(self, *keys: str) -> str:
        """Return ``path:line`` of the deepest part that stands there on the way along ``keys``."""
        return f"{self.path}:{_line_of(self.source, self.tree, (*self.table, *keys))}"

    def converted(self, kind: type[T]) -> T:
        """Return what it says as a value. Raises ConfigError with path, line and the nearest valid name."""
        try:
            return converted(self.document, kind)
        except msgspec.ValidationError as error:
            raise ConfigError(self._explained(str(error), kind)) from error

    def _explained(self, message: str, kind: type[T]) -> str:
        """Turn msgspec's sentence into ``path:line: what is wrong, and the nearest valid name``."""
        at = _AT.search(message)
        keys = [key for key in (at.group(1) if at else "").split(".") if key]
        unknown = _UNKNOWN_FIELD.search(message)
        text = message[: at.start()] if at else message
        hint = ""
        if unknown:
            names = valid_names(kind, keys)
            text = f"unknown key '{unknown.group(1)}'" + (f" in [{'.'.join(keys)}]" if keys else "")
            hint = f"; {nearest(unknown.group(1), names)}"
            keys.append(unknown.group(1))
        else:
            text = f"'{'.'.join(keys)}': {text[:1].lower()}{text[1:]}" if keys else text
        return f"{self.deepest(*keys)}: {text}{hint}"


def parsed(path: str, content: bytes, table: tuple[str, ...] = ()) -> Written:
    """Read a file's ``table``. Raises ConfigError with path and line."""
    source = SourceText(path, decoded(path, content))
    try:
        document: Any = tomllib.loads(source.text)
        tree = toml.parse(source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax_message(path, error)) from error
    except UnreadableError as error:
        raise ConfigError(f"{path}:{error.line or 1}: {error.detail}") from error
    for key in table:
        document = document.get(key, {}) if isinstance(document, dict) else {}
    return Written(source, document, table, tree=tree)


def decoded(path: str, content: bytes) -> str:
    """Return a file's text. Raises ConfigError where it is no UTF-8."""
    try:
        return SourceText.decode(path, content).text
    except UnreadableError as error:
        raise ConfigError(f"{path}: {error.detail}; write it as UTF-8") from error


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a hint for a name that is none of ``names``."""
    known = list(names)
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"valid keys are {', '.join(known)}"


def valid_names(kind: Any, keys: Iterable[str]) -> list[str]:  # noqa: ANN401 - a type as msgspec describes it
    """Return the valid keys of the table that ``keys`` (``ignore[0]``, ``hotspots``) leads to; none where to none."""
    for key in keys:
        fields = {entry.encode_name: entry.type for entry in msgspec.structs.fields(kind)}
        found = fields.get(key.partition("[")[0])
        arguments = [argument for argument in getattr(found, "__args__", ()) if isinstance(argument, type)]
        kind = arguments[0] if key.endswith("]") and arguments else found
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            return []
    return [entry.encode_name for entry in msgspec.structs.fields(kind)]


def _syntax_message(path: str, error: tomllib.TOMLDecodeError) -> str:
    line = re.search(r"at line (\d+)", str(error))
    return f"{path}:{line.group(1) if line else 1}: is not valid TOML: {error}"


def _line_of(source: SourceText, tree: node.Mapping, keys: Iterable[str]) -> int:
    """Return the line of the deepest key that exists on the way to ``keys``."""
    here: node.Node = tree
    offset = 0
    for key in keys:
        name, _, index = key.partition("[")
        if isinstance(here, node.Mapping):
            for label, value in here.items:
                if label.value == name:
                    here, offset = value, label.start
                    break
            else:
                break
        if index and isinstance(here, node.Sequence):
            position = int(index.rstrip("]")) if index.rstrip("]").isdigit() else 0
            if position < len(here.items):
                here = here.items[position]
                offset = here.start
    return source.line_column(offset)[0]


def _lines(source: SourceText, tree: node.Mapping, above: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield ``dotted.key → line`` for every value set in the file."""
    for label, value in tree.items:
        name = (*above, label.value)
        if isinstance(value, node.Mapping):
            yield from _lines(source, value, name)
        if isinstance(value, node.Sequence):
            yield from _lines_of_list(source, value, name)
        yield ".".join(name), source.line_column(label.start)[0]


def _lines_of_list(source: SourceText, listed: node.Sequence, name: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for index, item in enumerate(listed.items):
        entry = (*name[:-1], f"{name[-1]}[{index}]")
        here: node.Node = item
        if isinstance(item, node.Mapping) and item.items:
            here = item.items[0][0]
            yield from _lines(source, item, entry)
        yield ".".join(entry), source.line_column(here.start)[0]
