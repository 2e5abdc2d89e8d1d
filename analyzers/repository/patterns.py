"""Path patterns in the manner of ``.gitignore``, in time linear to the path.

A pattern comes from a scanned repository, so it must not be able to cost more than it is worth: the usual
translation of ``*a*a*a*b`` to a regular expression backtracks for minutes on one long name. Here every star
is resolved once and for all (atomic groups), segment by segment, which is right because the leftmost match of
a star leaves the most room for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_LENGTH = 1024
"""Longer patterns match nothing: no honest one comes near."""

_BRACKET = re.compile(r"\[[!^]?\]?(?:\[:\w+:\]|[^\\\]]|\\.)*\]", re.DOTALL)
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """One pattern. `negated` is a leading ``!``; `whole` matches the path itself, `inside` anything below it."""

    text: str
    negated: bool
    whole: re.Pattern[str]
    inside: re.Pattern[str]

    def covers(self, path: str) -> bool:
        """Whether the pattern names the file at ``path`` or a folder above it, as in ``.gitignore``."""
        return self.inside.match(path) is not None

    def names(self, path: str) -> bool:
        """Whether the pattern names the file at ``path`` itself, as in ``.gitattributes``."""
        return self.whole.match(path) is not None


@lru_cache(maxsize=4096)
def path_pattern(text: str) -> PathPattern:
    """Read one pattern. Never raises: what cannot be read matches nothing."""
    negated = text.startswith("!")
    body = text[1:] if negated else text
    folder = body.endswith("/")
    segments = body.removesuffix("/").removeprefix("/").split("/")
    if not all(segments) or len(text) > MAX_LENGTH:
        return PathPattern(text, negated, _NOTHING, _NOTHING)
    # A slash anywhere but at the end ties the pattern to its folder; otherwise it holds at any depth.
    if len(segments) == 1 and not body.startswith("/"):
        segments.insert(0, "**")
    source = _translate(segments)
    if segments[-1] == "**":
        whole, inside = r"[^/].*\Z", "[^/]+/" if folder else "[^/]"
    else:
        whole, inside = r"\Z", "/" if folder else r"(?:/|\Z)"
    return PathPattern(
        text,
        negated,
        _NOTHING if folder else re.compile(source + whole, re.DOTALL),
        re.compile(source + inside, re.DOTALL),
    )


@dataclass(frozen=True, slots=True)
class PathPatterns:
    """A list of patterns of which the last match wins, as in ``.gitignore``."""

    patterns: tuple[PathPattern, ...] = ()

    @classmethod
    def read(cls, lines: Iterable[str]) -> PathPatterns:
        """Read one pattern a line; blank lines and comments are passed over."""
        return cls(tuple(path_pattern(line) for line in map(_clean, lines) if line))

    def match(self, path: str) -> bool:
        """Whether the last pattern that covers ``path`` is not a negated one."""
        for pattern in reversed(self.patterns):
            if pattern.covers(path):
                return not pattern.negated
        return False


def _clean(line: str) -> str:
    line = line.rstrip("\r\n")
    if line.startswith("#"):
        return ""
    kept = line.rstrip(" ")
    # A backslash keeps the first of the trailing blanks.
    escapes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if escapes % 2 and kept != line else kept


def _translate(segments: list[str]) -> str:
    """Return the regular expression of a path, without its end."""
    runs = list(_runs(segments))
    *floating, last = runs
    parts = []
    for index, run in enumerate(floating):
        body = "".join(_segment(segment) + "/" for segment in run)
        parts.append(body if index == 0 else rf"(?>(?:[^/]+/)*?{body})")
    tail = "/".join(map(_segment, last))
    if len(runs) == 1:
        return "".join(parts) + tail
    # The last run must end where the path (or one of its folders) ends, so it alone may be tried anew.
    return "".join(parts) + (rf"(?:[^/]+/)*{tail}" if last else "")


def _runs(segments: list[str]) -> Iterator[list[str]]:
    """Split at ``**``: ``a/**/b/c`` gives ``[a]``, ``[b, c]``."""
    run: list[str] = []
    for segment in segments:
        if segment == "**":
            yield run
            run = []
        else:
            run.append(segment)
    yield run


def _segment(text: str) -> str:
    """Return the regular expression of one segment: it never crosses a slash."""
    pieces = _pieces(text)
    if len(pieces) == 1:
        return pieces[0]
    first, *middle, last = pieces
    return first + "".join(rf"(?>[^/]*?{piece})" for piece in middle if piece) + (rf"[^/]*{last}(?=/|\Z)")


def _pieces(text: str) -> list[str]:
    """Split at stars; each piece is the regular expression of a fixed number of characters."""
    pieces = [""]
    index = 0
    while index < len(text):
        character = text[index]
        bracket = _BRACKET.match(text, index) if character == "[" else None
        if bracket:
            pieces[-1] += _character_class(bracket.group())
            index = bracket.end()
            continue
        if character == "*":
            pieces.append("")
        elif character == "?":
            pieces[-1] += "[^/]"
        elif character == "\\":
            index += 1
            # A backslash at the very end can match nothing.
            pieces[-1] += re.escape(text[index]) if index < len(text) else "(?!)"
        else:
            pieces[-1] += re.escape(character)
        index += 1
    return pieces


def _character_class(text: str) -> str:
    negated = text[1] in "!^"
    body = text[2 if negated else 1 : -1]
    members = "".join(_class_members(body))
    if not members:
        return "[^/]" if negated else "(?!)"
    return f"(?!/)[{'^' if negated else ''}{members}]"


_POSIX = {"alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "digit": "0-9", "lower": "a-z", "upper": "A-Z", "space": r"\s"}
_MEMBER = re.compile(r"\[:(?P<posix>\w+):\]|(?P<low>\\.|.)-(?P<high>\\.|[^\]])|(?P<one>\\.|.)", re.DOTALL)


def _class_members(body: str) -> Iterator[str]:
    for found in _MEMBER.finditer(body):
        if found["posix"]:
            yield _POSIX.get(found["posix"], "")
        elif found["low"]:
            low, high = found["low"][-1], found["high"][-1]
            if low <= high:
                yield f"{re.escape(low)}-{re.escape(high)}"
        else:
            yield re.escape(found["one"][-1])
