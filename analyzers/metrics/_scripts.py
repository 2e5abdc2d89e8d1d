"""The scripts of a component file (Vue, Svelte): all else blanked, so that every line and column stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLANK = bytes(byte if byte == ord("\n") else ord(" ") for byte in range(256))
_OPENING = re.compile(rb"<!--|<script(?=[\s/>])", re.IGNORECASE)
_IN_TAG = re.compile(rb"""[^"'>]*(?:"[^"]*"|'[^']*'|>)""")
_CLOSING = re.compile(rb"</script[\s>]", re.IGNORECASE)
_STATED = re.compile(rb"""\s(?:lang|type)\s*=\s*["']?([\w./+-]*)""", re.IGNORECASE)
_JAVASCRIPT = frozenset({"", "js", "jsx", "mjs", "javascript", "babel", "module", "text/javascript", "text/babel"})
_TYPESCRIPT = frozenset({"ts", "tsx", "typescript", "text/typescript"})
_DATA = re.compile(r"json|template|html|plain")


@dataclass(frozen=True, slots=True)
class Scripts:
    """What is left: `text` as long as the file, whether one `has_types`, and line and name of a language not known."""

    text: bytes
    has_types: bool = False
    unknown: tuple[int, str] | None = None


def scripts_of(content: bytes) -> Scripts:
    """Blank all that is no script. A comment holds none; one that is never closed goes to the end."""
    parts: list[bytes] = []
    position = kept = 0
    has_types, unknown = False, None
    while opening := _OPENING.search(content, position):
        if opening[0] == b"<!--":
            position = _after(content, b"-->", opening.end())
            continue
        start = _tag_end(content, opening.end())
        if content[start - 2 : start] == b"/>":
            position = start
            continue
        stated = _STATED.search(content, opening.end(), start)
        kind = stated[1].decode(errors="replace").lower() if stated else ""
        closing = _CLOSING.search(content, start)
        end = position = closing.start() if closing else len(content)
        if kind in _JAVASCRIPT or kind in _TYPESCRIPT:
            has_types |= kind in _TYPESCRIPT
            parts += [content[kept:start].translate(_BLANK), content[start:end]]
            kept = end
        elif not _DATA.search(kind):
            unknown = unknown or (content.count(b"\n", 0, opening.start()) + 1, kind)
        if not closing:
            break
    parts.append(content[kept:].translate(_BLANK))
    return Scripts(b"".join(parts), has_types, unknown)


def _tag_end(content: bytes, position: int) -> int:
    """Return where a tag ends; a sign within quotes ends none."""
    while part := _IN_TAG.match(content, position):
        position = part.end()
        if part[0].endswith(b">"):
            return position
    return len(content)


def _after(content: bytes, sign: bytes, position: int) -> int:
    found = content.find(sign, position)
    return len(content) if found < 0 else found + len(sign)
