"""The lines in which a scalar of a YAML file is written. Needs its span alone, so that no parser is loaded for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText


class Line(NamedTuple):
    """One physical line of a scalar: its `text` as it stands in the file, and the offset of its first character."""

    text: str
    start: int


def lines(source: SourceText, scalar: Scalar) -> Iterator[Line]:
    """Yield the lines in which a scalar is written: of a block scalar its content without the indentation.

    Lines of a quoted or plain scalar are the source's own, escapes and all.
    """
    if not _is_block(source.text, scalar):
        yield from _source_lines(source.text, scalar.start, scalar.end)
        return
    header = source.text.find("\n", scalar.start, scalar.end)
    if header < 0:
        return
    content = tuple(_source_lines(source.text, header + 1, scalar.end))
    indent = _indentation(content, scalar.value)
    for line in content:
        cut = min(indent, len(line.text) - len(line.text.lstrip(" ")))
        yield Line(line.text[cut:], line.start + cut)


def _is_block(text: str, scalar: Scalar) -> bool:
    """Whether the span begins with a block's indicator. Inside quotes the same character is mere text."""
    return (
        scalar.quoted
        and text[scalar.start : scalar.start + 1] in ("|", ">")
        and text[scalar.start - 1] not in ("'", '"')
    )


def _source_lines(text: str, start: int, end: int) -> Iterator[Line]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield Line(text[start:stop].removesuffix("\r"), start)
        start = stop + 1


def _indentation(content: tuple[Line, ...], value: str) -> int:
    """Return the columns that YAML takes off each line: the first line with text shows how many."""
    written = next((line.text for line in content if line.text.strip(" ")), "")
    kept = next((line for line in value.split("\n") if line.strip(" ")), "")
    return max(0, _leading(written) - _leading(kept))


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
