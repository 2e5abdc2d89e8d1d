"""Commits that only changed the formatting, as a repository lists them in ``.git-blame-ignore-revs``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzers.repository.blobs import BlobReader
from analyzers.repository.git import GitRepository

PLACE = ".git-blame-ignore-revs"
_MOST_BYTES = 1024 * 1024
# git takes four digits; with so few, a commit of a large repository would be taken for another.
_LISTED = re.compile(r"^[ \t]*([0-9a-f]{7,64})(?=[ \t]*(?:#|\r?$))", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Formatting:
    """The commits listed: hexadecimal names, full or cut short, by their number of digits."""

    by_length: tuple[tuple[int, frozenset[str]], ...] = ()

    def has(self, name: bytes) -> bool:
        """Whether the commit of that binary name is listed."""
        if not self.by_length:
            return False
        digits = name.hex()
        return any(digits[:length] in names for length, names in self.by_length)


def formatting_list(git: GitRepository, blob: bytes) -> bytes:
    """Return the content of a list. Raises UnreadableError."""
    return BlobReader(git).read(blob.decode(), _MOST_BYTES)


def listed(content: bytes) -> frozenset[str]:
    """Read a list: one name a line, ``#`` begins a comment."""
    return frozenset(found.lower() for found in _LISTED.findall(content.decode(errors="replace")))


def parse_formatting(content: bytes) -> Formatting:
    """Return the commits that a list names."""
    names = listed(content)
    return Formatting(
        tuple(
            (length, frozenset(name for name in names if len(name) == length))
            for length in sorted(set(map(len, names)))
        )
    )
