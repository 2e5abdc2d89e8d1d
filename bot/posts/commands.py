"""What a comment asks of debtscan: its lines that begin with ``@debtscan``, as people see them. Pure.

The comment is read as Markdown, for what stands in a quote, in code, in a list or in an HTML comment is not said to
debtscan, however the lines of the source begin.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Final, Literal, TypeAlias, get_args

from markdown_it import MarkdownIt

Word: TypeAlias = Literal["rebase", "recreate", "close", "ignore", "unignore", "open", "explain", "help"]

WORDS: Final[tuple[Word, ...]] = get_args(Word)
NAME: Final = "debtscan"
MOST: Final = 10
"""Of one comment, no more commands are obeyed: what follows is not understood."""
# GitHub takes 65,536 characters.
_MOST_READ: Final = 70_000
_MOST_PARAGRAPH: Final = 4_000
_LONGEST_NAME: Final = 300
_LONGEST_REASON: Final = 300
_SHOWN: Final = 120
_BARE: Final = frozenset({"rebase", "recreate", "help"})
# Bounded, for a stranger's comment must not take long: a name that is one letter too long is refused.
_ARGUMENTS: Final = re.compile(
    r"(?P<name>(?!(?:until|because)(?:\s|$))\S{1,301})?"
    r"(?:(?:^|\s+)until\s+(?P<until>[^\s,;]+))?"
    r"(?:[\s,;]{0,20}(?:(?<=[\s,;])|^)because\s+(?P<reason>\S.*))?",
    re.IGNORECASE,
)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command. `name` is a package, an upgrade or a rule, "" where none was given; `until` includes that day."""

    word: Word
    name: str = ""
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a comment asks for, in its order; `unclear` are the lines to debtscan that nobody can make sense of."""

    commands: tuple[Command, ...] = ()
    unclear: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was said to debtscan at all."""
        return bool(self.commands or self.unclear)


def parse(body: str, names: Collection[str] = ()) -> Asked:
    """Return what a comment asks of debtscan, which is called ``@debtscan`` and by ``names`` (without the sign).

    Never raises; what is longer than a comment on GitHub is cut off.
    """
    mention = _mention(frozenset(names) | {NAME})
    commands, unclear = list[Command](), list[str]()
    for line in _addressed(body[:_MOST_READ], mention):
        command = _command(line) if len(commands) < MOST else None
        if command:
            commands.append(command)
        elif len(unclear) < MOST:
            unclear.append(line[:_SHOWN])
    return Asked(commands=tuple(commands), unclear=tuple(unclear))


@cache
def _mention(names: frozenset[str]) -> re.Pattern[str]:
    any_of_them = "|".join(re.escape(name.removesuffix("[bot]")) for name in sorted(names))
    return re.compile(rf"[ \t]{{0,3}}@(?:{any_of_them})(?:\[bot\])?(?:[ \t:,]+|$)", re.IGNORECASE)


def _addressed(body: str, mention: re.Pattern[str]) -> Iterator[str]:
    """Yield what is said to debtscan, a line each, without the mention."""
    # Half a character, which JSON can hold, is none that a parser of Markdown expects.
    text = body.encode(errors="replace").decode()
    if not any(mention.match(line) for line in text.splitlines()):
        return
    for before, token in pairwise(_parser().parse(text)):
        # Only paragraphs that stand on their own: not those of quotes and lists.
        if before.type != "paragraph_open" or before.level:
            continue
        for line in _lines(token.content, mention):
            found = mention.match(line)
            if found:
                yield " ".join(line[found.end() :].split())


@cache
def _parser() -> MarkdownIt:
    """Return what finds paragraphs. What is within them is read only where it is needed."""
    return MarkdownIt("commonmark").disable("inline")


@cache
def _inline() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _lines(paragraph: str, mention: re.Pattern[str]) -> Iterator[str]:
    """Yield the lines of a paragraph as people see them: without what an HTML comment hides, code as one piece."""
    if not any(mention.match(line) for line in paragraph.split("\n")):
        return
    line = ""
    for token in _inline().parseInline(paragraph[:_MOST_PARAGRAPH])[0].children or ():
        if token.type in {"softbreak", "hardbreak"}:
            yield line
            line = ""
        elif token.type == "code_inline":
            # Were it the whole beginning, it would be a mention in code, which is none.
            line += token.content if line else f"`{token.content}`"
        elif token.type == "html_inline":
            line = line or "<"
        else:
            # Signs of emphasis may be part of a name: ``@types/*``, ``*-plugin*``.
            line += token.content or (token.markup if token.type.startswith(("em_", "strong_")) else "")
    yield line


def _command(line: str) -> Command | None:
    """Return the command of a line; None where it is none."""
    said, _, rest = line.partition(" ")
    word = next((known for known in WORDS if known == said.rstrip(".!").lower()), None)
    if word is None or not line.isprintable():
        return None
    if word in _BARE:
        return Command(word=word) if rest.strip(" .!") == "" else None
    found = _ARGUMENTS.fullmatch(rest.strip())
    return _with_arguments(word, found) if found else None


def _with_arguments(word: Word, found: re.Match[str]) -> Command | None:
    name, reason = (found["name"] or "").rstrip(",;"), (found["reason"] or "")[:_LONGEST_REASON]
    until = _day(found["until"]) if found["until"] else None
    fits = {
        "ignore": until is not None or not found["until"],
        "close": not name and not found["until"],
    }.get(word, bool(name) and not reason and not found["until"])
    if not fits or len(name) > _LONGEST_NAME:
        return None
    return Command(word=word, name=name, until=until, reason=reason)


def _day(text: str) -> date | None:
    if not _ISO.fullmatch(text.rstrip(".")):
        return None
    try:
        return date.fromisoformat(text.rstrip("."))
    except ValueError:
        return None
