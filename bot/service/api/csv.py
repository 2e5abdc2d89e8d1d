"""Rows as CSV (RFC 4180), of which no cell can become a formula in a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from bot.markup import visible
from bot.report._parts import Part

# What spreadsheets take for the beginning of a formula, full-width forms included, where a cell begins: also after a
# semicolon, which parts cells where the comma is a decimal sign, and after the quotation marks that go around a cell.
# Tabs and line ends are written out by then.
_BEGINS: Final = re.compile(r'(^|;)(?=[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20|%])')


def rows_as_csv(kind: type[Part], rows: Iterable[Part]) -> str:
    """Return a head with the fields of ``kind``, and a line a row. What is nested has its path as its name."""
    fields = tuple(_fields(kind, ""))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(name for name, _path in fields)
    for row in rows:
        plain = msgspec.to_builtins(row)
        writer.writerow(cell(_at(plain, path)) for _name, path in fields)
    return written.getvalue()


def cell(value: object) -> str:
    """Return what stands in a cell; before what would be a formula stands an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return _BEGINS.sub(r"\1'", visible(_plain(value)))


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_plain(inner)}" for name, inner in value.items() if inner is not None)
    return " ".join(map(_plain, value)) if isinstance(value, (list, tuple)) else str(value)


def _fields(kind: type[msgspec.Struct], before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the columns: their names, and the keys that lead to each."""
    for field in msgspec.structs.fields(kind):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            for name, path in _fields(field.type, f"{before}{field.name}_"):
                yield name, (field.name, *path)
        else:
            yield f"{before}{field.name}", (field.name,)


def _at(value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    for key in path:
        value = value[key]
    return value
