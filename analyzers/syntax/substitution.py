"""``$NAME`` and ``${NAME:-default}`` in Dockerfiles and compose files, replaced without losing where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analyzers.syntax.spliced import Spliced

# Far longer than any image reference; longer words, and deeper nesting, count as expressions of unknown value.
MAX_LENGTH = 1024
_MAX_DEPTH = 8
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-+?]")
# What no variable, quote or escape character can begin in stays as it is.
_PLAIN = re.compile(r"[^$'\"\\`]+")


def expand(word: Spliced, values: Mapping[str, Spliced], *, escape: str = "", depth: int = 0) -> Spliced:
    """Return ``word`` with every variable replaced: by its value, or by the default written beside it.

    What has neither stays as written, marked as a gap. With ``escape`` (a backslash or a backtick) quotes and escapes
    are taken off as a Dockerfile does; without, ``$$`` is a dollar sign as in a compose file. Linear, never raises.
    """
    if len(word.text) > MAX_LENGTH or depth > _MAX_DEPTH:
        return word.unknown()
    parts: list[Spliced] = []
    quote, index, text = "", 0, word.text
    while index < len(text):
        character = text[index]
        if escape and character == quote:
            quote, taken = "", 1
        elif escape and not quote and character in "'\"":
            quote, taken = character, 1
        elif escape and quote != "'" and character == escape:
            parts.append(word.part(index + 1, index + 2))
            taken = 2
        elif character == "$" and quote != "'":
            part, taken = _variable(word, index, values, escape, depth)
            parts.append(part)
        else:
            plain = _PLAIN.match(text, index)
            taken = plain.end() - index if plain else 1
            parts.append(word.part(index, index + taken))
        index += taken
    whole = Spliced.join(parts, empty_at=word.origin(0))
    return whole if len(whole.text) <= MAX_LENGTH else word.unknown()


def _variable(word: Spliced, index: int, values: Mapping[str, Spliced], escape: str, depth: int) -> tuple[Spliced, int]:
    """Return what stands for the variable at ``index``, and how many characters it takes."""
    text = word.text
    if not escape and text.startswith("$$", index):
        return word.part(index, index + 1), 2
    if not text.startswith("${", index):
        name = _NAME.match(text, index + 1)
        if not name:
            return word.part(index, index + 1), 1
        as_written = word.part(index, name.end()).unknown()
        return values.get(name.group(), as_written), name.end() - index
    end = _closing_brace(text, index)
    if end is None:
        return word.part(index, len(text)).unknown(), len(text) - index
    return _braced(word, index, end, values, escape, depth), end + 1 - index


def _braced(word: Spliced, index: int, end: int, values: Mapping[str, Spliced], escape: str, depth: int) -> Spliced:
    """Return what stands for ``${…}`` between ``index`` and its closing brace at ``end``."""
    as_written = word.part(index, end + 1).unknown()
    name = _NAME.match(word.text, index + 2, end)
    if not name:
        return as_written
    value = values.get(name.group())
    if name.end() == end:
        return value or as_written
    operator = _OPERATOR.match(word.text, name.end(), end)
    if not operator:
        return as_written
    is_set = value is not None and (bool(value.text) or not operator.group().startswith(":"))
    kind = operator.group()[-1]
    if kind == "+" and not is_set:
        return word.part(index, index)
    if kind == "+" or (kind == "-" and not is_set):
        return expand(word.part(operator.end(), end), values, escape=escape, depth=depth + 1)
    return value if value and is_set else as_written


def _closing_brace(text: str, index: int) -> int | None:
    """Return where the ``${`` at ``index`` is closed, None where it is not."""
    depth = 0
    for offset in range(index, len(text)):
        if text.startswith("${", offset):
            depth += 1
        elif text[offset] == "}":
            depth -= 1
            if not depth:
                return offset
    return None
