"""Where a function that a commit put in came from: what the commit took out elsewhere, or what stood in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analyzers.repository.remembered import Remembered, key_of
from analyzers.repository.span import Span
from analyzers.repository.version_lines import VersionLines, stripped
from analyzers.repository.versions import Node

_SHORTEST_MOVE = 5
_NOWHERE = -1
_ORIGIN = 4


class Put(NamedTuple):
    """A function of some `name` that a commit put in: where it stands, and what stood there before, if anything.

    `sources` are the versions that it may have been taken from.
    """

    name: str
    node: Node
    span: Span
    older: Node | None
    sources: Sequence[Node]

    @property
    def key(self) -> bytes:
        """What its origin is kept under."""
        blobs = [source.blob for source in self.sources]
        about = b"%d %d " % self.span + self.name.encode()
        return key_of(b"origin", about, self.node.blob, self.older.blob if self.older else b"", *blobs)

    def fits(self, values: Sequence[int]) -> bool:
        """Whether what was kept can be an origin: bytes, number of a source, first and last line."""
        return len(values) == _ORIGIN and _NOWHERE <= values[1] < len(self.sources) and 0 <= values[2] <= values[3]


class Origin(NamedTuple):
    """Where it was. `is_moved` is True for one whose text is the same; `compared` counts the bytes that were read."""

    place: tuple[Node, Span] | None
    is_moved: bool
    compared: int


class Origins:
    """Looks for origins, where they are not known from an earlier run. Methods raise UnreadableError."""

    def __init__(self, lines: VersionLines, remembered: Remembered) -> None:
        """Read from ``lines`` what is not ``remembered``."""
        self._lines = lines
        self._remembered = remembered

    def prepare(self, puts: Iterable[Put]) -> None:
        """Look up what is known; fetch, with one request, what a copy of ours lacks of the rest."""
        puts = list(puts)
        self._remembered.load(put.key for put in puts)
        unknown = (put for put in puts if self._remembered.get(put.key, put.fits) is None)
        self._lines.ensure(
            node.blob for put in unknown for node in (put.node, *put.sources, *([put.older] if put.older else []))
        )

    def of(self, put: Put) -> Origin:
        """Return where the function came from."""
        values = self._remembered.get(put.key, put.fits)
        if values is None:
            values = self._found(put)
            self._remembered.put(put.key, values)
        compared, number, start, end = values
        if number == _NOWHERE:
            place = (put.older, Span(start, end)) if put.older and end else None
            return Origin(place, is_moved=False, compared=compared)
        return Origin((put.sources[number], Span(start, end)), is_moved=True, compared=compared)

    def _found(self, put: Put) -> list[int]:
        """Return the bytes that were read, the number of the source, and first and last line there."""
        lines = self._lines.of(put.node.blob)[put.span.start : put.span.end]
        compared = 0
        if len(lines) >= _SHORTEST_MOVE:
            text = stripped(lines)
            for number, node in enumerate(put.sources):
                content = self._lines.stripped(node.blob)
                compared += self._lines.size(node.blob)
                found = content.find(text)
                if found >= 0:
                    start = content.count(b"\n", 0, found)
                    return [compared, number, start, start + len(lines)]
        rewritten = _by_head(self._lines.of(put.older.blob), lines, put.name) if put.older else None
        return [compared, _NOWHERE, *(rewritten or (0, 0))]


def _by_head(old: Sequence[bytes], lines: Sequence[bytes], qualified: str) -> Span | None:
    """Return where a function of the same name began, for one that was rewritten from its first line to its last."""
    name = qualified.rpartition(".")[2].encode()
    head = re.split(rb"\b" + re.escape(name) + rb"\b", lines[0].strip(), maxsplit=1)
    pattern = re.compile(re.escape(head[0]) + re.escape(name) + rb"\b")
    for number, line in enumerate(old):
        if len(head) > 1 and pattern.match(line.strip()):
            return Span(number, min(len(old), number + len(lines)))
    return None
