"""The difference of two files that git takes for binary, as ``git diff --binary`` writes it, with the lines in words.

Format: https://git-scm.com/docs/git-apply and git's ``diff.c``: each side whole, deflated, in base 85, 52 bytes a line.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterator

from analyzers.errors import UnreadableError
from analyzers.syntax.text import SourceText
from bot.diff import header
from bot.line_changes import hunks

_A_LINE = 52
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHA_256 = 64


def binary(path: str, before: bytes, after: bytes, commit: str | None) -> bytes:
    """Return the patch of one file, empty where nothing differs. ``commit`` tells which hashes the repository has.

    What precedes it, for people, is no patch to git: the lines that change, in UTF-8 and marked as comments.
    """
    if before == after:
        return b""
    old, new = (_blob(content, commit) for content in (before, after))
    return b"".join(
        (
            *_remarks(path, before, after),
            header(path),
            b"index " + old + b".." + new + b"\nGIT binary patch\n",
            *_literal(after),
            *_literal(before),
        )
    )


def _blob(content: bytes, commit: str | None) -> bytes:
    """Return the name of the file's object, by which git makes sure that it patches the right one."""
    told = b"blob %d\0" % len(content) + content
    if commit and len(commit) == _SHA_256:
        return hashlib.sha256(told).hexdigest().encode()
    return hashlib.sha1(told, usedforsecurity=False).hexdigest().encode()


def _literal(content: bytes) -> Iterator[bytes]:
    deflated = zlib.compress(content)
    yield b"literal %d\n" % len(content)
    for start in range(0, len(deflated), _A_LINE):
        part = deflated[start : start + _A_LINE]
        yield _LETTERS[len(part) - 1 : len(part)] + base64.b85encode(part, pad=True) + b"\n"
    yield b"\n"


def _remarks(path: str, before: bytes, after: bytes) -> Iterator[bytes]:
    try:
        old, new = SourceText.decode(path, before), SourceText.decode(path, after)
    except UnreadableError:
        return
    lines, changed = old.text.split("\n"), new.text.split("\n")
    yield f"# in {old.encoding}, which git takes for binary; what changes is:\n".encode()
    for hunk in hunks(lines, changed, 0):
        for _, start, end, other_start, other_end in hunk:
            yield from (f"# -{line}".rstrip().encode() + b"\n" for line in lines[start:end])
            yield from (f"# +{line}".rstrip().encode() + b"\n" for line in changed[other_start:other_end])
