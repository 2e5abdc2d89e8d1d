"""``.npmrc`` in a repository: the registries that it names, and nothing else of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.npm._registries import observation
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Observation
from analyzers.syntax.text import SourceText

_SETTING: Final = re.compile(r"^[ \t]*(?:(@[^\s:=]+):)?registry[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)


def read(source: SourceText) -> Reading:
    """Read ``registry=`` and ``@scope:registry=``; credentials stay unread."""
    return Reading(observations=tuple(_registries(source)))


def _registries(source: SourceText) -> Iterator[Observation]:
    for found in _SETTING.finditer(source.text):
        yield observation(source, found[1] or "", found[2].strip().strip("\"'"), *found.span(2))
