"""``.npmrc`` in a repository: the registries that it names, and nothing else of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Observation
from analyzers.syntax.text import SourceText

REGISTRY: Final = "npm-registry"
"""Kind of the observation: `name` is the scope (``@acme``) or empty, `text` the address as far as it is no secret."""

_SETTING: Final = re.compile(r"^[ \t]*(?:(@[^\s:=]+):)?registry[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)


def read(source: SourceText) -> Reading:
    """Read ``registry=`` and ``@scope:registry=``; credentials stay unread."""
    return Reading(observations=tuple(_registries(source)))


def _registries(source: SourceText) -> Iterator[Observation]:
    for found in _SETTING.finditer(source.text):
        address = found[2].strip().strip("\"'")
        yield Observation(
            kind=REGISTRY,
            name=found[1] or "",
            place=source.place(found.start(2), found.end(2)),
            text=_without_secrets(address),
        )


def _without_secrets(address: str) -> str:
    """Return the address without user, password and query; one with a ``$`` stays a bare mark that it had one."""
    if "$" in address:
        return "$"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
