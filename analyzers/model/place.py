"""Where something stands in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The span of the text that an upgrade would change.

    `path` is relative to the repository, with ``/``. `line` and `column` count from 1, columns in code points;
    only a line feed ends a line. `start` and `end` are byte offsets in the file as stored (a byte order mark
    counts). An empty span (`start == end`) marks a spot where text could be put in.
    """

    path: str
    line: int
    column: int
    start: int
    end: int
