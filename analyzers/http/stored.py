"""The tables of the cache: answers, their bodies, and what was read in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analyzers.cache_file import Schema, first_of
from analyzers.http.bodies import Keep, unpacked
from analyzers.model.exchange import Response
from analyzers.typed import from_json

TABLES = ("answers", "bodies", "readings")
# Bodies stand apart: what is asked of an answer most often is how old it is and what was read in it.
# `mark` is another one each time an answer is stored, so that nothing is kept beside an answer that has gone.
_STATEMENTS = (
    """create table answers (
        key blob primary key, mark blob not null, status integer not null, headers blob not null,
        size integer not null, packed integer not null, checked real not null, used real not null
    )""",
    "create index answers_used on answers (used)",
    "create table bodies (key blob primary key, body blob not null)",
    "create table readings (key blob primary key, reading blob not null, value blob not null)",
    """create trigger answers_gone after delete on answers begin
        delete from bodies where key = old.key;
        delete from readings where key = old.key;
    end""",
)
SCHEMA = Schema(version=2, tables=TABLES, statements=_STATEMENTS)
_FOUND = "select status, headers, size, checked, mark, used"


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored answer. `checked` is when the host last confirmed it (seconds since the epoch).

    `read` is what was read in it, as it was asked for; `packed` is then left empty. `mark` is what tells it from
    answers stored under the same key before and after.
    """

    status: int
    headers: Mapping[str, str]
    packed: bytes
    size: int
    checked: float
    read: bytes | None = None
    mark: bytes = field(default=b"", compare=False)

    def response(self, keep: Keep | None = None) -> Response:
        """Return it as a response. Raises zlib.error where its bytes are damaged."""
        if self.read is not None:
            return Response(self.status, self.headers, b"", self.read, keep)
        return unpacked(self.status, self.headers, self.packed, self.size, keep)


def read_row(database: sqlite3.Connection, key: bytes, reading: bytes) -> tuple[Stored, float] | None:
    """Return an answer with what was read in it in place of its body, and when it was used last."""
    row = database.execute(
        f"{_FOUND}, value from answers join readings using (key) where key = ? and reading = ?", (key, reading)
    ).fetchone()
    return None if row is None else (_stored(row, b"", row[6]), row[5])


def whole_row(database: sqlite3.Connection, key: bytes) -> tuple[Stored, float] | None:
    """Return an answer with its body, and when it was used last."""
    row = database.execute(f"{_FOUND}, body from answers join bodies using (key) where key = ?", (key,)).fetchone()
    return None if row is None else (_stored(row, row[6], None), row[5])


def _stored(row: tuple[Any, ...], packed: bytes, read: bytes | None) -> Stored:
    status, headers, size, checked, mark = row[:5]
    return Stored(status, from_json(headers, dict[str, str]), packed, size, checked, read, mark)


def total_size(database: sqlite3.Connection) -> int:
    """Return the bytes of all bodies and readings."""
    (packed,) = database.execute("select coalesce(sum(packed), 0) from answers").fetchone()
    (read,) = database.execute("select coalesce(sum(length(value)), 0) from readings").fetchone()
    return int(packed) + int(read)


def forget(database: sqlite3.Connection, excess: int) -> None:
    """Delete the least recently used answers until ``excess`` bytes are gone."""
    lengths = "select answers.key, packed + coalesce(length(value), 0) from answers left join readings using (key)"
    doomed = first_of(database.execute(f"{lengths} order by used, answers.key"), excess)
    database.executemany("delete from answers where key = ?", doomed)
