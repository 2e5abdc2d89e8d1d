"""Contents of the database's rows: JSON, compressed by zlib. They are bounded, whatever a row claims to hold."""

from __future__ import annotations

import zlib
from typing import Final, TypeVar

import msgspec

from analyzers.typed import from_json
from bot.service.reading.errors import DamagedError

MOST_BYTES: Final = 256 * 1024 * 1024
"""No report is larger: a scan's own limits end long before it."""

Kind = TypeVar("Kind")


def packed(content: bytes) -> bytes:
    """Return a content as rows hold it; equal contents give equal bytes."""
    return zlib.compress(content, 6)


def unpacked(content: bytes, what: str, most: int = MOST_BYTES) -> bytes:
    """Return what was packed. Raises DamagedError, which names ``what`` it was to be."""
    inflating = zlib.decompressobj()
    try:
        found = inflating.decompress(content, most)
    except zlib.error as error:
        raise _damaged(what, "it is not compressed as it should be") from error
    if inflating.unconsumed_tail:
        raise _damaged(what, f"it is larger than {most:,} bytes")
    if not inflating.eof:
        raise _damaged(what, "its end is missing")
    return found


def read(content: bytes, kind: type[Kind], what: str) -> Kind:
    """Return what a content says. Raises DamagedError."""
    return parsed(unpacked(content, what), kind, what)


def parsed(content: bytes, kind: type[Kind], what: str) -> Kind:
    """Return what JSON says. Raises DamagedError."""
    try:
        return from_json(content, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _damaged(what, str(error)) from error


def _damaged(what: str, why: str) -> DamagedError:
    return DamagedError(f"{what} cannot be read ({why}); the next scan stores it anew")
