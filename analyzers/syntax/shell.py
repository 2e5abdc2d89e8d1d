"""Scripts, as far as needed to tell code from comments: POSIX shells, PowerShell, cmd, and Python alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_HEREDOC = re.compile(r"(?<!<)<<-?[ \t]*(['\"]?)([A-Za-z_]\w*)\1")
# What makes the next character an ordinary one.
_ESCAPES = {"pwsh": "`", "powershell": "`", "cmd": "^"}


def without_comments(lines: Iterable[str], shell: str = "bash") -> Iterator[str]:
    """Yield each line up to its comment, one for one. ``shell`` is its name as workflows spell it.

    Quotes may span lines, and what stands in a here-document is text, not code: no comment begins in either.
    Linear in the text; an unbalanced quote at worst takes a comment for code.
    """
    escape = _ESCAPES.get(shell, "\\")
    quote, terminator = "", ""
    for line in lines:
        if terminator:
            terminator = "" if line.strip() == terminator else terminator
            yield line
            continue
        end, quote = (_cmd_end(line), "") if shell == "cmd" else _code_end(line, quote, escape)
        code = line[:end]
        opened = None if quote else _HEREDOC.search(code)
        terminator = opened[2] if opened else ""
        yield code


def _code_end(line: str, quote: str, escape: str) -> tuple[int, str]:
    """Return where the comment begins (the line's end without one), and the quote that is open there."""
    index = 0
    while index < len(line):
        character = line[index]
        if character == escape and quote != "'":
            index += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#" and (index == 0 or line[index - 1] in " \t;&|("):
            return index, ""
        index += 1
    return len(line), quote


def _cmd_end(line: str) -> int:
    """In cmd a comment is a whole line: ``REM``, or a label that nobody jumps to (``::``)."""
    words = line.lstrip(" \t@").lower()
    return 0 if words.startswith("::") or re.match(r"rem(?:\s|$)", words) else len(line)
