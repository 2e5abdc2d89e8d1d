"""Scripts, as far as needed to tell code from comments: POSIX shells, PowerShell, cmd, and Python alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEREDOC = re.compile(r"<<-?[ \t]*(['\"]?)([A-Za-z_]\w*)\1")
# What makes the next character an ordinary one, where that is no backslash.
_ESCAPES = {"pwsh": "`", "powershell": "`", "cmd": "^"}
_POSIX = frozenset({"bash", "sh", "dash", "zsh", "ksh"})


@dataclass(slots=True)
class _State:
    """What goes on from one line to the next: an open quote, or the word that ends a here-document."""

    quote: str = ""
    terminator: str = ""


def without_comments(lines: Iterable[str], shell: str = "bash") -> Iterator[str]:
    """Yield each line up to its comment, one for one. ``shell`` is its name as workflows spell it.

    Quotes may span lines, and what stands in a here-document is text, not code: no comment begins in either.
    Linear in the text; an unbalanced quote at worst takes a comment for code.
    """
    state = _State()
    for line in lines:
        if shell == "cmd":
            yield line[: _cmd_end(line)]
        elif state.terminator:
            state.terminator = "" if line.strip() == state.terminator else state.terminator
            yield line
        else:
            yield line[: _code_end(line, state, shell)]


def _code_end(line: str, state: _State, shell: str) -> int:
    """Return where the comment begins (the line's end without one); the state is that behind the line."""
    escape = _ESCAPES.get(shell, "\\")
    index = 0
    while index < len(line):
        character = line[index]
        if character == escape and state.quote != "'":
            index += 1
        elif state.quote:
            state.quote = "" if character == state.quote else state.quote
        elif character in "'\"":
            state.quote = character
        elif character == "#" and (index == 0 or line[index - 1] in " \t;&|("):
            return index
        elif character == "<" and line.startswith("<<", index):
            index = _past_heredoc(line, index, state, shell) - 1
        index += 1
    return len(line)


def _past_heredoc(line: str, index: int, state: _State, shell: str) -> int:
    """Return where to go on behind the ``<<`` at ``index``, with its here-document noted if it opens one."""
    if line.startswith("<<<", index):
        return index + 3
    found = _HEREDOC.match(line, index)
    # Inside of double parentheses it shifts bits.
    if not found or shell not in _POSIX or line.rfind("((", 0, index) > line.rfind("))", 0, index):
        return index + 2
    state.terminator = found[2]
    return found.end()


def _cmd_end(line: str) -> int:
    """In cmd a comment is a whole line: ``REM``, or a label that nobody jumps to (``::``)."""
    words = line.lstrip(" \t@").lower()
    return 0 if words.startswith("::") or re.match(r"rem(?:\s|$)", words) else len(line)
