"""Reads ``git log --raw`` into rows while git writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO

from analyzers.repository.commits import tokens
from analyzers.repository.dates import corrected_dates
from analyzers.repository.messages import Messages
from analyzers.repository.rows import IS_MERGE, Row, binary, in_order

FORMAT = "--format=%m%H%n%P%n%ct%n%aN <%aE>%n%B"
_FIELDS = 5
_LATEST = 1 << 62
_LONGEST_AUTHOR = 1000
_ADDED, _DELETED = b"AD"
_EMPTY_BLOBS = frozenset(
    {
        b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        b"473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)


class LogRows:
    """What a log says. `parents`, by hexadecimal name, is in git's order; `gone` are commits on the other side.

    `authors` and `paths` number what they have seen; authors are bytes like ``Ada <ada@example.org>``.
    """

    def __init__(self, messages: Messages, authors: Iterable[bytes] = ()) -> None:
        """Start with nothing but the ``authors`` who have a number already."""
        self.authors: dict[bytes, int] = {author: number for number, author in enumerate(authors)}
        self.paths: dict[bytes, int] = {}
        self.parents: dict[bytes, list[bytes]] = {}
        self.gone: list[bytes] = []
        self._messages = messages
        self._times: dict[bytes, int] = {}
        self._facts: list[tuple[int, int, list[int], list[int]]] = []
        self._header = b""
        self._changed: list[int] = []
        self._added: dict[bytes, list[bytes]] = {}
        self._deleted: list[tuple[bytes, bytes]] = []

    def read(self, output: IO[bytes]) -> None:
        """Read to the end. A token is a header, or a change (it begins with a colon) that the path follows."""
        about = b""
        for token in tokens(output):
            if about:
                self._change(about, token)
                about = b""
            elif token.startswith((b":", b"\n:")):
                about = token
            else:
                self._finish()
                self._header = token
        self._finish()

    def rows(self, known: Mapping[bytes, int]) -> list[Row]:
        """Return the rows in order; ``known`` has the corrected dates of commits that the log stops at."""
        dates = corrected_dates(self.parents, self._times, known)
        return in_order(
            [
                Row(dates[name], binary(name), self._times[name], author, flags, changed, moved)
                for name, (author, flags, changed, moved) in zip(self.parents, self._facts, strict=True)
            ]
        )

    def _change(self, about: bytes, path: bytes) -> None:
        self._changed.append(self.paths.setdefault(path, len(self.paths)))
        status = about[-1]
        if status == _ADDED:
            self._added.setdefault(about[about.rindex(b" ", 0, -2) + 1 : -2], []).append(path)
        elif status == _DELETED:
            self._deleted.append((about.split(b" ")[2], path))

    def _finish(self) -> None:
        """Keep the commit whose changes have been read."""
        if self._header:
            if self._header[0] == b"<"[0]:
                self.gone.append(self._header[1 : self._header.index(b"\n")])
            else:
                self._keep(self._header)
        self._changed = []
        self._added.clear()
        self._deleted.clear()

    def _keep(self, header: bytes) -> None:
        fields = header.split(b"\n", _FIELDS - 1)
        mark_name, parents, time, author, message = (*fields, *[b""] * (_FIELDS - len(fields)))
        name = mark_name[1:]
        self.parents[name] = parents.split()
        self._times[name] = min(int(time), _LATEST) if time.isdigit() else 0
        flags = self._messages.judge(message) | (IS_MERGE if b" " in parents else 0)
        if len(author) > _LONGEST_AUTHOR:
            # Both ends: a name begins it, an address ends it.
            author = author[: _LONGEST_AUTHOR // 2] + author[-_LONGEST_AUTHOR // 2 :]
        number = self.authors.setdefault(author, len(self.authors))
        changed, moved = self._changed, []
        if self._deleted and self._added:
            moved = [self.paths[path] for pair in _exact_renames(self._added, self._deleted) for path in pair]
            there = set(moved)
            changed = [path for path in changed if path not in there]
        self._facts.append((number, flags, changed, moved))


def _exact_renames(
    added: Mapping[bytes, list[bytes]], deleted: Iterable[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """Return (old path, new path) of the files that a commit moved without changing them.

    ``added`` has the paths by blob, ``deleted`` blob and path.
    """
    pairs = []
    for blob, path in deleted:
        candidates = added.get(blob)
        if candidates:
            name = path.rpartition(b"/")[2]
            same = [other for other in candidates if other.rpartition(b"/")[2] == name]
            # Empty files are all alike: only the same name makes a move of them.
            if same or blob not in _EMPTY_BLOBS:
                new = (same or candidates)[0]
                candidates.remove(new)
                pairs.append((path, new))
    return pairs
