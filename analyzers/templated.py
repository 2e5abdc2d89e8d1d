"""Files that Jinja makes other files of, as a project template holds them: read without the tags, with every branch."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Format, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped
from analyzers.syntax.excerpt import Excerpt
from analyzers.syntax.spliced import Spliced
from analyzers.syntax.text import SourceText

# ``{% if x %}`` and ``{# x #}`` say nothing of the file that is made, ``{{ x }}`` is text; ``${{ x }}`` is none.
_TAG_OR_VALUE: Final = re.compile(
    r"\{%(?:[^%{]|%(?!\})|\{(?!%))*+%\}|\{#(?:[^#{]|#(?!\})|\{(?!#))*+#\}|(?<![$\\{])\{\{(?!\{)[^{}\n]*+\}\}"
)
_UNKNOWN: Final = "\ue000"
_UNKNOWNS: Final = re.compile(f"{_UNKNOWN}+")


def read(form: Format, source: SourceText) -> Reading:
    """Return what a reader finds in a file; of a template that it cannot read, what it finds without the tags.

    Raises UnreadableError as the reader does.
    """
    try:
        return form.read(source)
    except InvalidSyntaxError:
        if "{%" not in source.text and "{{" not in source.text:
            raise
    reading = form.read(Excerpt.of(source, _plain(source.text)))
    detail = "is a template: it is read with all its branches, without the tags, and what values would be is not known"
    note = Skipped(what="file", path=source.path, source=form.name, reason="not-rendered", detail=detail)
    return replace(
        reading,
        dependencies=tuple(map(_shown, reading.dependencies)),
        skipped=(*reading.skipped, note),
    )


def _plain(text: str) -> Spliced:
    """Return the text without tags, and with one sign for each character of a value; all know where they stand."""
    parts: list[Spliced] = []
    end = 0
    for found in _TAG_OR_VALUE.finditer(text):
        parts.append(Spliced.at(text[end : found.start()], end))
        if found[0].startswith("{{"):
            parts.append(Spliced.at(_UNKNOWN * len(found[0]), found.start()))
        end = found.end()
    return Spliced.join((*parts, Spliced.at(text[end:], end)))


def _shown(row: Dependency) -> Dependency:
    """Return the row as people may read it: of what a value would be, nothing is known."""
    if _UNKNOWN not in row.name + (row.value or ""):
        return row
    name = _UNKNOWNS.sub("{{…}}", row.name)
    value = None if _UNKNOWN in (row.value or "") else row.value
    return replace(row, name=name, value=value, version=None, digest=None, purl="", skip_reason="unpinned-expression")
