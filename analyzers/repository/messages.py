"""What the message of a commit says: that it fixes something, that it closes an issue, that a program wrote it."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

from analyzers.config import FIX_PATTERN, ISSUE_PATTERN, Hotspots
from analyzers.custom_expressions import compile_expression
from analyzers.repository.people import BOTS, Bots

IS_FIX = 1
IS_BOT = 2

_LONGEST = 64 * 1024
_BUNDLED = frozenset({FIX_PATTERN, ISSUE_PATTERN})
_CONVENTIONAL = re.compile(
    rb"(?:build|chore|ci|docs?|feat(?:ure)?|perf|refactor|release|revert|style|tests?)(?:\([^()\n]*\))?!?: ",
    re.IGNORECASE,
)
"""A commit of another type than fix, by https://www.conventionalcommits.org."""
_SIGNED = re.compile(rb"^signed-off-by:[ \t]*([^<\n]*)(?:<([^>\n]*)>)?", re.IGNORECASE | re.MULTILINE)
_TRAILER = re.compile(r"[A-Za-z0-9-]+:[ \t]")


def rules(config: Hotspots) -> str:
    """Return all that decides about rows beside the commits themselves."""
    own = (config.bots, config.bot_trailers, config.fix_patterns, config.issue_patterns, config.include_merges)
    return repr((own, BOTS, _CONVENTIONAL.pattern, _SIGNED.pattern, _LONGEST))


def message_pattern(text: str) -> Any:  # noqa: ANN401 - RE2 has no types
    """Return a compiled expression of the configuration. Raises ExpressionError."""
    # Those that come with debtscan are known to take linear time without RE2, which takes a while to load.
    return re.compile(text.encode(), re.MULTILINE) if text in _BUNDLED else compile_expression(text)


class Messages:
    """Judges messages by the conventions of one configuration."""

    def __init__(self, config: Hotspots) -> None:
        """Compile its patterns. Raises ExpressionError, which reading the configuration has raised before."""
        self._bots = Bots(config.bots)
        self._trailers = re.compile("|".join(fnmatch.translate(text.casefold()) for text in config.bot_trailers))
        self._has_trailers = bool(config.bot_trailers)
        own, words = _split(config.fix_patterns)
        own_issues, issues = _split(config.issue_patterns)
        self._own, self._words, self._own_issues, self._issues = own, words, own_issues, issues

    def judge(self, message: bytes) -> int:
        """Return IS_FIX and IS_BOT where the message (the whole, UTF-8 or not) says so."""
        message = message[:_LONGEST]
        return (IS_FIX if self._is_fix(message) else 0) | (IS_BOT if self._is_by_bot(message) else 0)

    def _is_fix(self, message: bytes) -> bool:
        subject = _subject(message)
        for pattern in self._own:
            if pattern.search(subject):
                return True
        for pattern in self._own_issues:
            if pattern.search(message):
                return True
        # A feature may close an issue, and documentation may tell of bugs: the convention's type says what it is.
        return self._sounds_so(subject, message) and not _CONVENTIONAL.match(subject)

    def _sounds_so(self, subject: bytes, message: bytes) -> bool:
        for pattern in self._words:
            if pattern.search(subject):
                return True
        # Looked for first, since most messages name no issue.
        if b"#" in message or b"H-" in message or b"h-" in message or b"/issues/" in message:
            for pattern in self._issues:
                if pattern.search(message):
                    return True
        return False

    def _is_by_bot(self, message: bytes) -> bool:
        """Whether nobody but programs signed it off, or a trailer says so.

        Co-authors say nothing: a program that mends a person's branch becomes one when the branch is squashed.
        """
        if self._has_trailers and self._trailer_matches(message):
            return True
        if b"igned-" not in message and b"IGNED-" not in message:
            return False
        signed = _SIGNED.findall(message)
        return bool(signed) and all(self._bots.is_bot(_text(name), _text(email)) for name, email in signed)

    def _trailer_matches(self, message: bytes) -> bool:
        lines = _text(message.rstrip().rpartition(b"\n\n")[2]).splitlines()
        return any(_TRAILER.match(line) and self._trailers.match(line[:500].casefold()) for line in lines)


def _split(patterns: tuple[str, ...]) -> tuple[list[Any], list[Any]]:
    """Return the compiled patterns: a configuration's own ones, and those that come with debtscan."""
    compiled = [(text in _BUNDLED, message_pattern(text)) for text in patterns]
    return [one for bundled, one in compiled if not bundled], [one for bundled, one in compiled if bundled]


def _subject(message: bytes) -> bytes:
    """Return the first paragraph in one line, as git does."""
    if b"\r" in message:
        message = message.replace(b"\r\n", b"\n")
    end = message.find(b"\n\n", 1)
    return (message if end < 0 else message[:end]).replace(b"\n", b" ")


def _text(content: bytes) -> str:
    return content.decode(errors="replace").strip()
