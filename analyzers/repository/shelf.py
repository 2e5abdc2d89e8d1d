"""Where the rows of one repository are kept: a state, and the tables of rows that it names.

Each content lies under its own digest, so what comes back is what was saved or nothing. All of a run is saved at once:
one that is killed leaves the state of the run before it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

import msgspec

from analyzers.model.kept import Kept
from analyzers.repository.rows import Table
from analyzers.typed import from_msgpack

KIND = "history"
_MOST_LEFT = 4096
"""Commits that could be summed up and are not. With more of them, all is summed up again."""
_Kind = TypeVar("_Kind")
_DIGEST = 16


class LostError(Exception):
    """What was kept is of no use any more."""


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A table that is kept: its key, the newest and the oldest corrected date in it, and how many rows it has."""

    key: bytes
    newest: int
    oldest: int
    rows: int


class Older(msgspec.Struct, frozen=True, array_like=True):
    """What the oldest commits amount to, all those of some `tables`, none of which is newer than `newest`.

    `authors` stand in the order in which one meets them from the newest commit on, each with the time of a newest
    commit in `last_times`. `paths`, as they were called after these commits, are split by NUL; the commits of each
    author to each path stand in `path_authors` and `path_commits`, up to where `ends` says. `formatting` are the
    commits that were listed as having changed formatting alone.
    """

    tables: frozenset[bytes]
    formatting: frozenset[str]
    newest: int
    authors: bytes
    last_times: bytes
    paths: bytes
    ends: bytes
    path_authors: bytes
    path_commits: bytes

    def fits(self, held: Sequence[Held], first: int) -> bool:
        """Whether all of it is still there, before all the rest of what is ``held``, before ``first`` (in seconds).

        And whether it holds nearly all that could be summed up.
        """
        rest = [one for one in held if one.key not in self.tables]
        return (
            len(held) - len(rest) == len(self.tables)
            and self.newest < first
            and all(one.oldest > self.newest for one in rest)
            and sum(one.rows for one in rest if one.newest < first) <= _MOST_LEFT
        )


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


@dataclass(slots=True)
class Held:
    """A table, loaded or not. One without a key is new."""

    key: bytes
    newest: int
    oldest: int
    rows: int
    table: Table | None = None

    @classmethod
    def of(cls, table: Table) -> Held:
        """Return a table that is not kept yet."""
        held = cls(b"", 0, 0, 0)
        held.put(table)
        return held

    def put(self, table: Table) -> None:
        """Hold another table."""
        self.key, self.rows, self.table = b"", len(table), table
        self.newest, self.oldest = (table.newest, table.oldest) if self.rows else (0, 0)

    def named(self) -> Named:
        """Return how a state names the table."""
        return Named(self.key, self.newest, self.oldest, self.rows)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One repository's part of what is kept; ``key`` tells it from others."""

    kept: Kept
    key: bytes

    def state(self) -> State | None:
        """Return the state that was saved last; None where there is none that can be read."""
        return self._decoded(self.key, State)

    def older(self, rules: bytes) -> Older | None:
        """Return what was summed up by those rules; None where there is nothing that can be read."""
        return self._decoded(self.named(rules), Older)

    def save_older(self, rules: bytes, older: Older) -> None:
        """Save what was summed up by those rules."""
        encoded = msgspec.msgpack.encode(older)
        self.kept.save(KIND, {self.named(rules): _digest(encoded) + encoded})

    def _decoded(self, key: bytes, kind: type[_Kind]) -> _Kind | None:
        content = self.kept.load(KIND, [key]).get(key, b"")
        if content[:_DIGEST] == _digest(content[_DIGEST:]):
            with contextlib.suppress(msgspec.MsgspecError):
                return from_msgpack(content[_DIGEST:], kind)
        return None

    def authors(self, state: State) -> list[bytes]:
        """Return the authors by number. Raises LostError."""
        content = self._load([state.authors])[state.authors]
        return content.split(b"\0") if content else []

    def tables(self, keys: Sequence[bytes]) -> Mapping[bytes, Table]:
        """Return tables by key. Raises LostError."""
        try:
            found = self._load(keys)
            return {key: from_msgpack(content, Table) for key, content in found.items()}
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
