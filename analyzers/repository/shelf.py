"""Where the rows of one repository are kept: a state, and the tables of rows that it names.

Each content lies under its own digest, so what comes back is what was saved or nothing. All of a run is saved at once:
one that is killed leaves the state of the run before it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from analyzers.model.kept import Kept
from analyzers.repository.rows import Table

KIND = "history"
_DIGEST = 16


class LostError(Exception):
    """What was kept is of no use any more."""


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A table that is kept: its key, the newest corrected date in it, and how many rows it has."""

    key: bytes
    newest: int
    rows: int


class State(msgspec.Struct, frozen=True, array_like=True):
    """What was read: up to which `tip`, on what `ground`, with which list of `formatting` (its blob and its content).

    `authors` is a key, `commits` an array that says how many each of them has, `persons` one of who are the same.
    `tables` stand in the order in which they came.
    """

    ground: bytes
    tip: str
    formatting: tuple[bytes, bytes]
    authors: bytes
    commits: bytes
    persons: bytes
    tables: list[Named]

    def keys(self) -> set[bytes]:
        """Return the keys of all that the state names."""
        return {self.authors, *(table.key for table in self.tables)}


@dataclass(frozen=True, slots=True)
class Shelf:
    """One repository's part of what is kept; ``key`` tells it from others."""

    kept: Kept
    key: bytes

    def state(self) -> State | None:
        """Return the state that was saved last; None where there is none that can be read."""
        content = self.kept.load(KIND, [self.key]).get(self.key, b"")
        if content[:_DIGEST] != _digest(content[_DIGEST:]):
            return None
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(content[_DIGEST:], type=State)
        return None

    def authors(self, state: State) -> list[bytes]:
        """Return the authors by number. Raises LostError."""
        content = self._load([state.authors])[state.authors]
        return content.split(b"\0") if content else []

    def tables(self, keys: Sequence[bytes]) -> Mapping[bytes, Table]:
        """Return tables by key. Raises LostError."""
        try:
            found = self._load(keys)
            return {key: msgspec.msgpack.decode(content, type=Table) for key, content in found.items()}
        except msgspec.MsgspecError as error:
            raise LostError from error

    def save(self, state: State, content: Mapping[bytes, bytes], before: State | None) -> None:
        """Save a state and what it names that is not kept yet, then forget what only the one ``before`` named."""
        encoded = msgspec.msgpack.encode(state)
        self.kept.save(KIND, {**content, self.key: _digest(encoded) + encoded})
        gone = before.keys() - state.keys() if before else set()
        if gone:
            self.kept.drop(KIND, sorted(gone))

    def named(self, content: bytes) -> bytes:
        """Return the key of a content."""
        return self.key + _digest(content)

    def _load(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        found = self.kept.load(KIND, keys)
        if any(key not in found or self.named(found[key]) != key for key in keys):
            raise LostError
        return found


def _digest(content: bytes) -> bytes:
    return sha256(content).digest()[:_DIGEST]
