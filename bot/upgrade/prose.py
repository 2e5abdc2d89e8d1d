"""Somebody else's Markdown as Markdown that can do no harm: read into blocks of text, and drawn anew.

Nothing of the original's markup is carried over. Headings, lists and code are built here around text that is escaped;
HTML, images, tables and emphasis become text or go; a link stays where it leads to a web page and makes no reference.
Without structure of its own, a text cannot mention anybody, refer to an issue or commit, close a fold, or leave a
fence or a comment open, whatever the renderer.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.markup import Raw, markdown_code, markdown_pre, markdown_text
from bot.upgrade.links import Link, link, web_link

_MOST_CHARACTERS: Final = 60_000
_MOST_LINE: Final = 2_000
_DEEPEST: Final = 3

_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING: Final = re.compile(r" {0,3}#{1,6}(?:[ \t]+|$)")
_UNDERLINE: Final = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_RULE: Final = re.compile(r" {0,3}(?:[-*_][ \t]*){3,60}$")
_ITEM: Final = re.compile(r"([ \t]{0,40})(?:[-*+\u2022]|\d{1,9}[.)])[ \t]+(?=\S)")
_DEFINITION: Final = re.compile(r" {0,3}\[[^\]]{1,200}\]:[ \t]*\S")
_SEPARATOR: Final = frozenset(" \t:|-")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>`]{0,1000}>")
_BREAK: Final = re.compile(
    r"<(?:br|/?p|/?div|/?li|/?ul|/?ol|/?tr|/?h[1-6]|/?summary|/?details)\b[^<>`]{0,200}>", re.IGNORECASE
)
_QUOTE: Final = re.compile(r" {0,3}(?:>[ \t]?){1,20}")

_ADDRESS: Final = r"https?://[^\s<>()\[\]\"'`|\\]{1,1000}"
_INLINE: Final = re.compile(
    r"(?P<ticks>`{1,3})(?P<code>[^`]{1,500})(?P=ticks)(?!`)"
    r"|(?P<badge>\[!\[[^\[\]]{0,300}\]\([^()\s]{0,1000}\)\]\([^()\s]{0,1000}\))"
    r"|!\[(?P<alt>[^\[\]]{0,300})\]\((?P<image>[^()\s]{0,1000})[^()]{0,300}\)"
    r"|\[(?P<label>[^\[\]]{1,500})\]\(<?(?P<target>[^()\s<>]{1,1000})>?(?:[ \t][^()]{0,300})?\)"
    rf"|<(?P<auto>{_ADDRESS})>"
    rf"|(?P<bare>{_ADDRESS})"
    r"|(?P<tag></?[A-Za-z][^<>`]{0,1000}>)"
    r"|(?P<hash>(?<![\w/.-])(?=[0-9]{0,63}[a-f])(?=[a-f]{0,63}[0-9])[0-9a-f]{7,64}(?![\w.-]))",
    re.IGNORECASE,
)
_EMPHASIS: Final = re.compile(
    r"(?<!\\)(?:\*\*|~~|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*]))"
)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_TICKED: Final = re.compile(r"`{1,3}([^`]{1,500})`{1,3}")
_TRAILING: Final = ".,;:!?"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text: `markdown` is how it is drawn, `line` the same within a line of something else.

    `text` is what it says. A `heading` is the title of what follows.
    """

    markdown: Raw
    line: Raw
    text: str
    heading: bool = False
    item: bool = False


def blocks(text: str) -> tuple[Block, ...]:
    """Return what a Markdown text says, in order; what is longer than anybody reads is cut off."""
    return tuple(_Reader(text).blocks())


class _Reader:
    """Walks over the lines; `_kind` says what the lines in `_open` are so far."""

    def __init__(self, text: str) -> None:
        whole = _without_comments(text[:_MOST_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n"))
        self._lines = [line[:_MOST_LINE] for line in whole.split("\n")]
        self._open: list[str] = []
        self._depth: int | None = None
        self._last_depth = -1

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks."""
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            fence = _FENCE.match(line)
            if fence:
                yield from self._close()
                end = self._fence_end(at + 1, fence[1])
                yield from _code(self._lines[at + 1 : end])
                at = end + 1
                continue
            for part in _BREAK.split(line) if "`" not in line else (line,):
                yield from self._line(part)
            at += 1
        yield from self._close()

    def _fence_end(self, start: int, fence: str) -> int:
        for at in range(start, len(self._lines)):
            line = self._lines[at].strip()
            if len(line) >= len(fence) and not line.strip(fence[0]):
                return at
        return len(self._lines)

    def _line(self, line: str) -> Iterator[Block]:
        quoted = _QUOTE.match(line)
        line = line[quoted.end() :] if quoted else line
        item = _ITEM.match(line)
        if _UNDERLINE.match(line) and self._open and self._depth is None:
            yield from self._close(heading=True)
        elif not line.strip() or _RULE.match(line) or _DEFINITION.match(line):
            yield from self._close()
        elif _HEADING.match(line):
            yield from self._close()
            self._open = [line.strip().strip("#")]
            yield from self._close(heading=True)
        elif line.lstrip().startswith("|"):
            yield from self._close()
            if not _SEPARATOR.issuperset(line):
                self._depth = 0
                self._open = [" · ".join(cell.strip() for cell in line.strip().strip("|").split("|"))]
        elif item:
            yield from self._close()
            self._depth = len(item[1].expandtabs(4)) // 2
            self._open = [line[item.end() :]]
        else:
            self._open.append(line.strip())

    def _close(self, *, heading: bool = False) -> Iterator[Block]:
        """Yield what is open, and close it."""
        text, depth = " ".join(self._open).strip()[:_MOST_LINE], self._depth
        self._open, self._depth = [], None
        drawn = inline(text)
        if not drawn.strip():
            return
        said = plain(text)
        if depth is None:
            self._last_depth = -1
        if heading:
            yield Block(Raw(f"\n**{drawn}**\n"), drawn, said, heading=True)
        elif depth is None:
            yield Block(Raw(f"\n{drawn}\n"), drawn, said)
        else:
            # Deeper than one below the last would be code.
            self._last_depth = min(depth, self._last_depth + 1, _DEEPEST)
            yield Block(Raw(f"{'  ' * self._last_depth}- {drawn}"), drawn, said, item=True)


def _code(lines: list[str]) -> Iterator[Block]:
    if any(line.strip() for line in lines):
        yield Block(Raw(f"\n{markdown_pre(lines)}\n"), Raw(""), "")


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0:
        parts.append(text[at:start])
        end = text.find("-->", start + 4)
        at = len(text) if end < 0 else end + 3
    return "".join((*parts, text[at:]))


def inline(text: str) -> Raw:
    """Return one paragraph of somebody's Markdown, drawn anew."""
    parts: list[str] = []
    at = 0
    for match in _INLINE.finditer(text):
        parts.append(_text(text[at : match.start()]))
        parts.append(_drawn(match))
        at = match.end()
    parts.append(_text(text[at:]))
    return Raw("".join(parts).strip())


def plain(text: str) -> str:
    """Return what a paragraph of Markdown says, as plain text."""
    return " ".join(_INLINE.sub(_said, text).replace("**", "").split())


def _said(match: re.Match[str]) -> str:
    return match["code"] or match["label"] or match["alt"] or match["auto"] or match["bare"] or match["hash"] or ""


def _drawn(match: re.Match[str]) -> str:
    if match["code"] or match["hash"]:
        return markdown_code((match["code"] or match["hash"]).strip())
    if match["label"]:
        return _labelled(match["label"], match["target"])
    if match["auto"]:
        return web_link(match["auto"])
    if match["bare"]:
        address = match["bare"].rstrip(_TRAILING)
        return web_link(address) + _text(match["bare"][len(address) :])
    return _text(f"(image: {match['alt']})") if (match["alt"] or "").strip() else ""


def _labelled(label: str, target: str) -> str:
    # Every other part stood between backticks.
    parts = _TICKED.split(_TAG.sub("", label))
    drawn = "".join(markdown_code(part.strip()) if at % 2 else _text(part) for at, part in enumerate(parts))
    found = link(target)
    if isinstance(found, Link) and drawn.strip():
        return found.drawn(Raw(drawn.strip()))
    return drawn


def _text(text: str) -> str:
    if not text:
        return ""
    said = html.unescape(_ESCAPED.sub(r"\1", _EMPHASIS.sub("", text)))
    # Spaces at the ends stand between two parts and begin no line.
    inner = said.strip(" ")
    if not inner:
        return " "
    before = " " if said.startswith(" ") else ""
    after = " " if said.endswith(" ") else ""
    return f"{before}{markdown_text(inner)}{after}"
