"""Leaves out the schemas of custom resources: megabytes of YAML in which no image stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from analyzers.syntax.text import SourceText

_DEFINITION: Final = re.compile(r"^kind:[ \t]*CustomResourceDefinition\b", re.MULTILINE)
_DOCUMENT: Final = re.compile(r"^---", re.MULTILINE)
_SPEC: Final = re.compile(r"^spec:[ \t]*\r?$", re.MULTILINE)
_NEXT_KEY: Final = re.compile(r"^[^\s#-]", re.MULTILINE)


def without_schemas(source: SourceText) -> SourceText:
    """Return the file with blanks where custom resources are specified; every offset and line stays what it was."""
    text = source.text
    if not _DEFINITION.search(text):
        return source
    return SourceText(source.path, "".join(map(_blanked, _documents(text))), source.encoding, source.mark)


def _documents(text: str) -> Iterator[str]:
    starts = [0, *(found.start() for found in _DOCUMENT.finditer(text)), len(text)]
    for start, end in itertools.pairwise(starts):
        yield text[start:end]


def _blanked(document: str) -> str:
    spec = _SPEC.search(document) if _DEFINITION.search(document) else None
    if not spec:
        return document
    following = _NEXT_KEY.search(document, spec.end())
    end = following.start() if following else len(document)
    lines = document.count("\n", spec.end(), end)
    # Blank lines first: the key behind has to begin a line of its own.
    blank = " " * (end - spec.end() - lines) + "\n" * lines
    return f"{document[: spec.end()]}{blank}{document[end:]}"
