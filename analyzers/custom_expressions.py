"""Regular expressions from a configuration that may be hostile: RE2, in time linear to the text.

RE2 alone is not enough: looking for match after match, each of which looks at the whole rest of the file, takes the
square of its length. So an expression sees a few lines at a time, from the line in which its match begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_LINES: Final = 5
"""A match begins in one line and ends within this many."""
_WINDOW: Final = 4000
"""…and within this many bytes; half of it is the most that counts as one line."""
MAX_LENGTH: Final = 512 * 1024
MAX_MATCHES: Final = 1000
_MAX_PROGRAM: Final = 500
_MEMORY: Final = 8 << 20


class ExpressionError(ValueError):
    """The expression cannot be used; the message says why, in half a sentence."""


def compile_expression(text: str) -> Any:  # noqa: ANN401 - RE2 has no types
    """Return the compiled expression; ``^`` and ``$`` mean the ends of lines. Raises ExpressionError."""
    try:
        import re2
    except ImportError as error:
        raise ExpressionError("needs the package google-re2, which is not installed here") from error
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        compiled = re2.compile(f"(?m){text}".encode(), options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if error.args else b""
        said = reason.decode(errors="replace") if isinstance(reason, bytes) else "is no text"
        raise ExpressionError(f"is no expression of RE2's syntax ({said.replace('(?m)', '', 1)})") from error
    if compiled.programsize > _MAX_PROGRAM:
        raise ExpressionError(f"is too large ({compiled.programsize} steps, at most {_MAX_PROGRAM}); repeat less")
    return compiled


def groups_of(compiled: Any) -> Mapping[str, int]:  # noqa: ANN401 - as above
    """Return its named groups with their numbers."""
    return {name.decode(): number for name, number in compiled.groupindex.items()}


def matches(compiled: Any, text: bytes) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield the matches in ``text``, which do not overlap, in order."""
    starts = [*_starts(text), len(text)]
    position = 0
    for index, start in enumerate(starts[:-1]):
        after = starts[index + 1]
        end = min(starts[min(index + _LINES, len(starts) - 1)], start + _WINDOW)
        position = max(position, start)
        while position < after:
            found = compiled.search(text, position, end)
            if found is None or found.start() >= after:
                break
            yield found
            position = max(found.end(), found.start() + 1)


def _starts(text: bytes) -> Iterator[int]:
    """Yield where each line begins, and each further piece of a long one."""
    start = 0
    for found in re.finditer(b"\n|\\Z", text):
        yield from range(start, max(found.end(), start + 1), _WINDOW // 2)
        start = found.end()
