"""The stream of a raw diff ended by NUL (``-z``), commit by commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

_CHUNK = 1 << 18
_LONGEST = 1 << 20
PLAIN_DIFF = ("--no-color", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
"""What every comparison is asked with: nothing that costs time, depends on settings, or runs a program."""
PLAIN_LOG = (*PLAIN_DIFF, "--no-decorate", "--no-notes", "--no-show-signature", "--encoding=UTF-8")
"""The same for every log."""


class Change(NamedTuple):
    """One file in one commit: ``A`` added, ``D`` deleted, ``M`` or ``T`` changed; blobs before and after."""

    status: bytes
    path: bytes
    old: bytes
    new: bytes


class Commit(NamedTuple):
    """What one commit changed."""

    name: bytes
    changes: Sequence[Change]


def read_commits(output: IO[bytes]) -> Iterator[Commit]:
    """Yield commits whose format is ``%H``.

    A token is a name, or a change (it begins with a colon) that the path follows.
    """
    header: bytes | None = None
    about: bytes | None = None
    changes: list[Change] = []
    for token in tokens(output):
        if about is not None:
            changes.extend(_changes(about, token))
            about = None
        elif token.startswith((b":", b"\n:")):
            # git puts a line feed between a header and its first change.
            about = token
        elif token:
            # Nothing at all stands where a merge has no changes.
            if header is not None:
                yield Commit(header, changes)
            header, changes = token, []
    if header is not None:
        yield Commit(header, changes)


def _changes(about: bytes, path: bytes) -> Iterator[Change]:
    """Yield one change, or for a merge (as many colons as parents) one for each parent."""
    parents = about.count(b":")
    fields = about.split(b" ")
    new = fields[-2]
    if parents == 1:
        yield Change(fields[-1], path, fields[-3], new)
        return
    for old in fields[parents + 1 : -2]:
        yield Change(b"M", path, old, new)


def tokens(output: IO[bytes]) -> Iterator[bytes]:
    """Yield what NUL ends, as it comes; of what is longer than anything honest, the beginning."""
    rest = b""
    while chunk := output.read(_CHUNK):
        first, *others = chunk.split(b"\0")
        if len(rest) < _LONGEST:
            rest += first
        if others:
            yield rest[:_LONGEST]
            *whole, rest = others
            yield from whole
