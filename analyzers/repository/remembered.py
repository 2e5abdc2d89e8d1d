"""Small results that contents alone decide, kept from run to run: what was compared once is not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeAlias

import msgspec

from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.repository.own_code import digest_of
from analyzers.typed import msgpack_decoder

_KIND = "compared"
_KEY_SIZE = 16
_CODE = ("comparisons", "line_diff", "origins", "renames", "span", "version_lines")

Values: TypeAlias = list[int]


class Remembered:
    """Lists of numbers by the names of the contents that they were worked out from."""

    def __init__(self, kept: Kept) -> None:
        """Take from ``kept`` what is asked for, and give it what is new with `save`."""
        self._kept = kept if _edition() else NOTHING_KEPT
        self._known: dict[bytes, Values] = {}
        self._new: dict[bytes, Values] = {}
        self._asked: set[bytes] = set()
        self._decoder = msgpack_decoder(Values)

    def load(self, keys: Iterable[bytes]) -> None:
        """Look up many at once."""
        wanted = set(keys) - self._asked
        self._asked |= wanted
        for key, packed in self._kept.load(_KIND, wanted).items():
            try:
                self._known[key] = self._decoder.decode(packed)
            except msgspec.DecodeError:
                # Damaged is as good as lost.
                continue

    def get(self, key: bytes, fits: Callable[[Values], bool] = bool) -> Values | None:
        """Return what is known, None for nothing or where that is not what ``fits``."""
        if key not in self._known:
            self.load((key,))
        values = self._known.get(key)
        return values if values is not None and fits(values) else None

    def put(self, key: bytes, values: Values) -> None:
        """Take note of something new."""
        self._known[key] = self._new[key] = values

    def save(self) -> None:
        """Keep what is new."""
        self._kept.save(_KIND, {key: msgspec.msgpack.encode(values) for key, values in self._new.items()})
        self._new.clear()


def key_of(*parts: bytes) -> bytes:
    """Return what a result is kept under: what it is, and the names of all that decides it."""
    return sha256(b"\0".join([_edition(), *parts])).digest()[:_KEY_SIZE]


def _edition() -> bytes:
    """Return a digest of the code that compares."""
    return digest_of(*_CODE)
