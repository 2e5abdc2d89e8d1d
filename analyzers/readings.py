"""What sources read in answers, packed: an answer that has not changed since need not be read again.

A reading is named by all that decides it beside the answer itself: the questions, the addresses in use, the code that
reads, and the packages that this code stands on. So none outlives an upgrade.
"""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from analyzers.model.exchange import Addresses, Source
from analyzers.model.facts import Answer, FactValue, Known, Unknown
from analyzers.model.question import Question
from analyzers.typed import from_msgpack

# What sources are made of, in this folder. A test holds that they import nothing else of it.
READERS = ("config.py", "errors.py", "model", "registries", "syntax", "typed.py", "versions")
_LEVEL = 1  # speed counts more than the last bytes
_MOST_UNPACKED = 64 * 1024 * 1024
_NAME_SIZE = 16


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """One answer: the value of a Known in the type of its source, or an Unknown."""

    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    known_since: date | None = None
    bundled: bool = False
    unknown: Unknown | None = None


@dataclass(slots=True)
class Readings:
    """Names, packs and unpacks the answers to the questions of one exchange. Not safe to call from many threads."""

    addresses: Addresses
    _common: bytes = b""

    def name(self, asked: Sequence[Question]) -> bytes:
        """Return what a reading for these questions is kept under; nothing where the code cannot be told apart."""
        if not revision():
            return b""
        self._common = self._common or revision() + msgspec.json.encode(self.addresses, order="sorted")
        digest = hashlib.sha256(self._common)
        digest.update(msgspec.json.encode(asked))
        return digest.digest()[:_NAME_SIZE]

    def pack(self, answers: Sequence[Answer]) -> bytes:
        """Return the answers as bytes."""
        return zlib.compress(msgspec.msgpack.encode([_row(answer) for answer in answers]), _LEVEL)

    def unpack(self, source: Source, asked: Sequence[Question], packed: bytes) -> Mapping[Question, Answer] | None:
        """Return what `pack` packed, None where that is damaged."""
        try:
            rows = from_msgpack(zlib.decompressobj().decompress(packed, _MOST_UNPACKED), list[_Row])
            return dict(zip(asked, [self._answer(source, row) for row in rows], strict=True))
        except (ValueError, zlib.error):
            return None

    def _answer(self, source: Source, row: _Row) -> Answer:
        if row.unknown is not None:
            return row.unknown
        value: FactValue = from_msgpack(row.value, source.value)
        return Known(value, known_since=row.known_since, bundled=row.bundled)


def _row(answer: Answer) -> _Row:
    if isinstance(answer, Unknown):
        return _Row(unknown=answer)
    return _Row(msgspec.Raw(msgspec.msgpack.encode(answer.value)), answer.known_since, answer.bundled)


@cache
def revision() -> bytes:
    """Return a digest of the code that reads answers, and of which packages are installed beside it.

    Empty where the code lies in no folder that can be looked into.
    """
    digest = hashlib.sha256(sys.version.encode())
    try:
        for path in reader_files():
            digest.update(path.name.encode() + path.read_bytes())
        for name in sorted(os.listdir(Path(msgspec.__file__).parents[1])):  # noqa: PTH208 - names are all that is wanted
            if name.endswith((".dist-info", ".egg-info")):
                digest.update(name.encode())
    except OSError:
        return b""
    return digest.digest()


def reader_files() -> list[Path]:
    """Return the files that sources are made of, sorted."""
    here = Path(__file__).parent
    tops = [here / name for name in READERS]
    return sorted(file for top in tops for file in (top.rglob("*.py") if top.is_dir() else [top]))
