"""``.tool-versions`` of asdf, and files that name the version of one runtime (``.ruby-version``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.tools import _files
from analyzers.errors import TooLargeError
from analyzers.lifecycles import tool_row
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.syntax.text import SourceText

# No honest file comes near, in lines or in words of a line.
_MOST: Final = 1000
_WORD: Final = re.compile(r"[^\s#]\S*|#.*")


def read(source: SourceText) -> Reading:
    """Read a tool and its versions a line; the first is used, the others are there as well. Raises TooLargeError."""
    rows = tuple(row for words in _lines(source.text) for row in _rows(source, words))
    return Reading(
        dependencies=rows, manifest=Manifest(path=source.path, ecosystem="tools", format=_files.TOOL_VERSIONS)
    )


def _rows(source: SourceText, words: list[tuple[str, int]]) -> Iterator[Dependency]:
    name = words[0][0]
    for text, start in words[1:]:
        # ``latest:3.1`` asks for the newest of a line, ``ref:…`` and ``path:…`` for what no version names.
        head, colon, tail = text.partition(":")
        if colon and head == "latest" and tail:
            start, text = start + len("latest:"), tail  # noqa: PLW2901 - the part that names the version
        elif text == "system":
            continue
        yield tool_row.row(name, tool_row.Written(source=source, text=text, start=start, kind=_files.TOOL_VERSIONS))


def read_one(source: SourceText) -> Reading:
    """Read the first word of a file that names the version of one runtime. Raises TooLargeError."""
    file = source.path.rpartition("/")[2]
    words = next(_lines(source.text), [])
    written = (tool_row.Written(source=source, text=text, start=start, kind=file[1:]) for text, start in words[:1])
    rows = tuple(tool_row.row(_files.OF_ONE[file], one) for one in written)
    return Reading(
        dependencies=rows, manifest=Manifest(path=source.path, ecosystem="tools", format=_files.TOOL_VERSIONS)
    )


def _lines(text: str) -> Iterator[list[tuple[str, int]]]:
    """Yield the words of each line that says something, with their offsets, comments left out."""
    position, lines = 0, text.split("\n")
    if len(lines) > _MOST or any(line.count(" ") + line.count("\t") > _MOST for line in lines):
        raise TooLargeError(f"has more than {_MOST} lines, or as many words in one")
    for line in lines:
        found = [(word[0], position + word.start()) for word in _WORD.finditer(line)]
        comment = next((at for at, (word, _) in enumerate(found) if word.startswith("#")), len(found))
        if found[:comment]:
            yield found[:comment]
        position += len(line) + 1
