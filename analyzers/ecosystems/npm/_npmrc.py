"""``.npmrc`` and Yarn 1's ``.yarnrc`` in a repository: the registries that they name, and nothing else of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.npm._registries import observation
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Observation
from analyzers.syntax.text import SourceText

_SETTING: Final = re.compile(r"^[ \t]*(?:(@[^\s:=]+):)?registry[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)
# ``registry "https://…"`` and ``"@scope:registry" "https://…"``.
_YARN: Final = re.compile(r'^"?(?:(@[^\s:"]+):)?registry"?[ \t]+([^\r\n]*)', re.MULTILINE)


def read(source: SourceText) -> Reading:
    """Read ``registry=`` and ``@scope:registry=``; credentials stay unread."""
    return Reading(observations=tuple(_registries(source, _SETTING)))


def read_yarnrc(source: SourceText) -> Reading:
    """Read the same from ``.yarnrc``."""
    return Reading(observations=tuple(_registries(source, _YARN)))


def _registries(source: SourceText, setting: re.Pattern[str]) -> Iterator[Observation]:
    for found in setting.finditer(source.text):
        yield observation(source, found[1] or "", found[2].strip().strip("\"'"), *found.span(2))
