"""The difference of two files as git writes it, byte for byte, so that ``git apply`` takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.line_changes import hunks

_CONTEXT = 3
_PLAIN = re.compile(rb"[ !#-\[\]-~]*")
_ESCAPES = {ord('"'): b'\\"', ord("\\"): b"\\\\", ord("\n"): b"\\n", ord("\t"): b"\\t"}


def unified(path: str, before: bytes, after: bytes) -> bytes:
    """Return the unified diff of one file, empty where nothing differs."""
    name = path.encode(errors="surrogateescape")
    old, new = _name(b"a/" + name), _name(b"b/" + name)
    # Only a line feed ends a line: what git thinks, and what keeps CRLF files whole.
    lines = list(_hunks(_lines(before), _lines(after)))
    if not lines:
        return b""
    ended = [line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines]
    return header(path) + b"--- " + _tab(old) + b"\n+++ " + _tab(new) + b"\n" + b"".join(ended)


def _hunks(old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    for hunk in hunks(old, new, _CONTEXT):
        (_, first, _, other_first, _), (_, _, last, _, other_last) = hunk[0], hunk[-1]
        yield b"@@ -%b +%b @@\n" % (_range(first, last), _range(other_first, other_last))
        for tag, start, end, other_start, other_end in hunk:
            if tag == "equal":
                yield from (b" " + line for line in old[start:end])
            else:
                yield from (b"-" + line for line in old[start:end])
                yield from (b"+" + line for line in new[other_start:other_end])


def _range(start: int, end: int) -> bytes:
    """Return lines as git counts them: from one, the line before an empty range, and no length of one."""
    length = end - start
    return b"%d" % (start + 1) if length == 1 else b"%d,%d" % (start + 1 if length else start, length)


def header(path: str) -> bytes:
    """Return the line with which git begins the difference of one file."""
    name = path.encode(errors="surrogateescape")
    return b"diff --git " + _name(b"a/" + name) + b" " + _name(b"b/" + name) + b"\n"


def is_text(content: bytes) -> bool:
    """Whether git takes the bytes for text: those of UTF-16 are none to it."""
    return b"\0" not in content


def _lines(content: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", content)


def _tab(name: bytes) -> bytes:
    # git ends a name that holds a blank with a tab, so that nobody takes the rest for a date.
    return name + b"\t" if b" " in name and not name.startswith(b'"') else name


def _name(name: bytes) -> bytes:
    """Return a path as git quotes it."""
    if _PLAIN.fullmatch(name):
        return name
    return b'"' + b"".join(_quoted(byte) for byte in name) + b'"'


def _quoted(byte: int) -> bytes:
    if byte in _ESCAPES:
        return _ESCAPES[byte]
    return bytes([byte]) if 0x20 <= byte < 0x7F else f"\\{byte:03o}".encode()  # noqa: PLR2004 - what can be seen
