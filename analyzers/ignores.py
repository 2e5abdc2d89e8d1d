"""``# debtscan: ignore[rule-id] reason until=YYYY-MM-DD``: reading ignores, and setting findings aside.

A comment at the end of a line covers that line; one alone on its line covers the next line that is no comment.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from analyzers.model.inventory import Ignore, Scope
from analyzers.model.place import Place
from analyzers.settings import Settings
from analyzers.syntax.text import SourceText

MARKER = "debtscan: ignore["
DEFAULT_DAYS = 90
_LEAD = r"(?:#|//|--|;|/\*|<!--)"
_COMMENT = re.compile(rf"(?:^|(?<=\s)){_LEAD}[ \t]*debtscan: ignore\[([^\]\n]{{0,500}})\]([^\n]*)", re.MULTILINE)
_UNTIL = re.compile(r"(?:^|\s)until=(\S+)")
_ALONE = re.compile(rf"[ \t]*{_LEAD}")

WrittenOn = Callable[[str, int], date | None]
"""(path, 1-based line) → the date of the commit that wrote the line; None where that is not known."""


def comments(source: SourceText, as_of: date, written_on: WrittenOn) -> Iterator[Ignore]:
    """Yield the ignore comments of one file, in order."""
    if MARKER not in source.text:
        return
    real = _python_comments(source) if source.path.endswith((".py", ".pyi")) else None
    lines = source.text.split("\n")
    for found in _COMMENT.finditer(source.text):
        line, column = source.line_column(found.start())
        if real is not None and line not in real:
            continue
        alone = not lines[line - 1][: column - 1].strip()
        until, reason = _until_and_reason(found.group(2))
        yield Ignore(
            place=source.place(found.start(), found.end()),
            rules=tuple(rule.strip() for rule in found.group(1).split(",") if rule.strip()),
            reason=reason,
            until=until or _default_until(source.path, line, as_of, written_on),
            dated=until is not None,
            applies_to=_next_line_of_text(lines, line) if alone else line,
        )


def configured(settings: Settings, as_of: date, written_on: WrittenOn) -> Iterator[Ignore]:
    """Yield the ``[[ignore]]`` entries of the configuration, in order."""
    path, lines, scope = settings.path or "", settings.lines, _scope(settings)
    if scope == "inherited" and settings.inherited:
        path, lines = settings.inherited.path, settings.inherited_lines
        # Its file is not among those that are scanned: who wrote a line is not known, and it holds while it stands.
        written_on = _never
    for index, entry in enumerate(settings.config.ignore):
        line = lines.get(f"ignore[{index}]", 1)
        yield Ignore(
            place=Place(path, line, 1, 0, 0),
            rules=(entry.rule,),
            reason=entry.reason,
            until=entry.until or _default_until(path, line, as_of, written_on),
            dated=entry.until is not None,
            pattern=entry.path,
            name=entry.name,
            scope=scope,
        )


def _scope(settings: Settings) -> Scope:
    if settings.inherits("ignore"):
        return "inherited"
    return "shared" if settings.is_shared else "own"


def _never(_path: str, _line: int) -> None:
    return None


def _default_until(path: str, line: int, as_of: date, written_on: WrittenOn) -> date:
    # A line that no commit wrote yet is as old as today.
    return (written_on(path, line) or as_of) + timedelta(days=DEFAULT_DAYS)


def _until_and_reason(text: str) -> tuple[date | None, str]:
    """Split what follows the bracket. A date that is none is past, so the finding stays and the reason says why."""
    rest = text.removesuffix("\r").strip().removesuffix("*/").removesuffix("-->").strip()
    found = _UNTIL.search(rest)
    if not found:
        return None, rest
    reason = _UNTIL.sub("", rest).strip()
    try:
        return date.fromisoformat(found.group(1)), reason
    except ValueError:
        return date.min, f"{reason} (until={found.group(1)} is no date: write YYYY-MM-DD)".strip()


def _next_line_of_text(lines: list[str], line: int) -> int:
    """Return the 1-based line after ``line`` that is no comment."""
    below = line
    while below < len(lines) and _ALONE.match(lines[below]):
        below += 1
    return below + 1


def _python_comments(source: SourceText) -> set[int]:
    """Return the lines that really hold a comment: a string that quotes the syntax is none."""
    lines: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT:
                lines.add(token.start[0])
    except (tokenize.TokenError, SyntaxError):
        # What was read up to the error stands: the metrics report the file itself as unreadable.
        return lines
    return lines
