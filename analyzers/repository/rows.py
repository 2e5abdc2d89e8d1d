"""Commits in columns: many of them take little room, and bytes on disk are what is in memory.

A table holds some thousand commits, newest first. The order is one that a history alone decides, however its commits
were come by: by the corrected date (a commit is later than its parents, whatever its clock said), then by name.
"""

from __future__ import annotations

import sys
from array import array
from binascii import unhexlify
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple

import msgspec

IS_MERGE = 4
"""Beside the flags of `messages`."""


class Row(NamedTuple):
    """One commit. `name` is binary; `corrected` and `time` are seconds; `author` and paths are numbers.

    `changed` holds files that the commit changed, without those that it only moved; `moved` holds old and new names in
    turn.
    """

    corrected: int
    name: bytes
    time: int
    author: int
    flags: int
    changed: Sequence[int]
    moved: Sequence[int]


class Table(msgspec.Struct, frozen=True, array_like=True):
    """Rows in columns, each an array's bytes. `paths` are the names that the numbers stand for, split by NUL."""

    width: int
    names: bytes
    corrected: bytes
    times: bytes
    authors: bytes
    flags: bytes
    changed_counts: bytes
    moved_counts: bytes
    changed: bytes
    moved: bytes
    paths: bytes

    def __len__(self) -> int:
        return len(self.flags)

    @property
    def newest(self) -> int:
        """The greatest corrected date."""
        return array_of("q", self.corrected[:8])[0]

    @property
    def oldest(self) -> int:
        """The smallest one."""
        return array_of("q", self.corrected[-8:])[0]

    def path_list(self) -> list[bytes]:
        """Return the paths by number."""
        return self.paths.split(b"\0")

    def name_list(self) -> list[bytes]:
        """Return the commits' binary names."""
        width = self.width
        return [self.names[start : start + width] for start in range(0, len(self.names), width)]

    def dates(self) -> Mapping[bytes, int]:
        """Return the corrected date by name."""
        return dict(zip(self.name_list(), array_of("q", self.corrected), strict=True))

    def rows(self) -> Iterator[Row]:
        """Yield the rows. Raises ValueError where columns do not fit together."""
        changed, moved = array_of("I", self.changed), array_of("I", self.moved)
        changed_ends = [0, *accumulate(array_of("I", self.changed_counts))]
        moved_ends = [0, *accumulate(array_of("I", self.moved_counts))]
        if changed_ends[-1] != len(changed) or moved_ends[-1] != len(moved):
            raise ValueError("a column is cut short")
        for number, (corrected, name, time, author, flags) in enumerate(
            zip(
                array_of("q", self.corrected),
                self.name_list(),
                array_of("q", self.times),
                array_of("I", self.authors),
                self.flags,
                strict=True,
            )
        ):
            yield Row(
                corrected,
                name,
                time,
                author,
                flags,
                changed[changed_ends[number] : changed_ends[number + 1]],
                moved[moved_ends[number] : moved_ends[number + 1]],
            )

    def without(self, gone: Collection[bytes]) -> Table:
        """Return the table without those commits (binary names)."""
        return table_of((row for row in self.rows() if row.name not in gone), self.path_list(), self.width)


def table_of(rows: Iterable[Row], paths: Sequence[bytes], width: int) -> Table:
    """Return the rows, which come in order, as a table; ``paths`` are those that their numbers stand for."""
    columns = list(rows)
    changed = array("I")
    moved = array("I")
    for row in columns:
        changed.extend(row.changed)
        moved.extend(row.moved)
    # Each table has its own numbers, so that it can be read without the others.
    own = {path: number for number, path in enumerate(dict.fromkeys([*changed, *moved]))}
    return Table(
        width,
        b"".join([row.name for row in columns]),
        array("q", [row.corrected for row in columns]).tobytes(),
        array("q", [row.time for row in columns]).tobytes(),
        array("I", [row.author for row in columns]).tobytes(),
        bytes([row.flags for row in columns]),
        array("I", [len(row.changed) for row in columns]).tobytes(),
        array("I", [len(row.moved) for row in columns]).tobytes(),
        array("I", [own[path] for path in changed]).tobytes(),
        array("I", [own[path] for path in moved]).tobytes(),
        b"\0".join([paths[path] for path in own]),
    )


def merged(tables: Sequence[Table]) -> Table:
    """Return one table with the rows of all."""
    paths: list[bytes] = []
    rows: list[Row] = []
    for table in tables:
        start = len(paths)
        paths += table.path_list()
        rows += (
            row._replace(changed=[start + path for path in row.changed], moved=[start + path for path in row.moved])
            for row in table.rows()
        )
    numbers: dict[bytes, int] = {}
    same = [numbers.setdefault(path, number) for number, path in enumerate(paths)]
    rows = [
        row._replace(changed=[same[path] for path in row.changed], moved=[same[path] for path in row.moved])
        for row in in_order(rows)
    ]
    return table_of(rows, paths, tables[0].width)


_by_name = itemgetter(1)
_by_date = itemgetter(0)


def in_order(rows: list[Row]) -> list[Row]:
    """Sort the rows, newest first; of two as new, by name."""
    rows.sort(key=_by_name)
    rows.sort(key=_by_date, reverse=True)
    return rows


def ordered(tables: Sequence[Table]) -> Iterator[tuple[Row, int]]:
    """Yield the rows of all tables in order, each with the number of its table."""
    by_age = sorted(range(len(tables)), key=lambda number: -tables[number].newest)
    apart = all(tables[one].oldest > tables[two].newest for one, two in pairwise(by_age))
    if apart:
        for number in by_age:
            for row in tables[number].rows():
                yield row, number
        return
    rows = [(row, number) for number in by_age for row in tables[number].rows()]
    rows.sort(key=lambda entry: entry[0].name)
    rows.sort(key=lambda entry: entry[0].corrected, reverse=True)
    yield from rows


def binary(name: bytes) -> bytes:
    """Return a commit's name in half the bytes."""
    return unhexlify(name)


def array_of(kind: str, content: bytes) -> array[int]:
    """Return the numbers of a column."""
    found: array[int] = array(kind)
    found.frombytes(content)
    return found


LAYOUT = f"rows 1, {sys.byteorder}, {array('I').itemsize}, {array('q').itemsize}"
"""What the bytes of a table depend on, besides the commits."""
