"""Sums up the commits before a window, so that a later run need not read them to know who knows what."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate

from analyzers.repository.filters import CommitFilters, TodaysNames
from analyzers.repository.rows import ordered
from analyzers.repository.shelf import Held, Older


def split(held: Iterable[Held], first: int) -> tuple[Sequence[Held], Sequence[Held]]:
    """Return the tables to walk through, and those whose commits are all older than them and than ``first``."""
    tables = sorted(held, key=lambda one: one.newest, reverse=True)
    oldest = list(accumulate((one.oldest for one in tables), min))
    for number, one in enumerate(tables):
        if one.newest < first and (number == 0 or oldest[number - 1] > one.newest):
            return tables[:number], tables[number:]
    return tables, ()


def sum_up(held: Sequence[Held], filters: CommitFilters, formatting: frozenset[str]) -> Older:
    """Return what the commits of the tables, the newest first, amount to without those of ``formatting``."""
    tables = [one.table for one in held if one.table]
    names = TodaysNames(table.path_list() for table in tables)
    last_times: dict[int, int] = {}
    commits: dict[int, dict[int, int]] = {}
    for row, table in ordered(tables):
        numbers, today, author = names.numbers[table], names.today, row.author
        last = last_times.setdefault(author, 0)
        if row.time > last and not filters.is_bot(row):
            last_times[author] = row.time
        if not filters.reason(row):
            for path in row.changed:
                by = commits.setdefault(today[numbers[path]], {})
                by[author] = by.get(author, 0) + 1
        if row.moved:
            names.move([numbers[path] for path in row.moved])
    return Older(
        frozenset(one.key for one in held),
        formatting,
        held[0].newest,
        array("I", last_times).tobytes(),
        array("q", last_times.values()).tobytes(),
        b"\0".join([names.paths[path] for path in commits]),
        array("I", accumulate(map(len, commits.values()))).tobytes(),
        array("I", [author for by in commits.values() for author in by]).tobytes(),
        array("I", [count for by in commits.values() for count in by.values()]).tobytes(),
    )
