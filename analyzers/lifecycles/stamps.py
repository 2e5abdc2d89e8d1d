"""What every bundled table says of itself."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from analyzers.typed import from_json

FOLDER = Path(__file__).parent


class TableDate(NamedTuple):
    """How old a bundled table is, and where it comes from."""

    name: str
    source: str
    date: date


class Stamp(msgspec.Struct, frozen=True):
    """What every bundled table says of itself."""

    source: str = msgspec.field(name="_source")
    date: date = msgspec.field(name="_date")
    licence: str = msgspec.field(name="_licence", default="")


@cache
def table_dates() -> tuple[TableDate, ...]:
    """Return name, source and date of every bundled table (each JSON file of this folder), by name."""
    stamps = ((path.stem, from_json(path.read_bytes(), Stamp)) for path in FOLDER.glob("*.json"))
    return tuple(sorted(TableDate(name, stamp.source, stamp.date) for name, stamp in stamps))
