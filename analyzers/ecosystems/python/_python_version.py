"""The Python that a folder runs on: ``.python-version`` and ``runtime.txt``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzers.ecosystems.python import _files
from analyzers.ecosystems.python._rows import runtime_row
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText

_MAX_LINES = 100
# `cpython-3.12`, `python-3.12.1` (Heroku) and `3.12`; what is left is the version, or another implementation's name.
_LINE = re.compile(r"[ \t]*+(?P<prefix>c?python-)?+(?P<version>[^\s#]++)", re.IGNORECASE)


def read(source: SourceText) -> Reading:
    """Read one version a line; what names no CPython version (``system``, ``pypy3.10``) is listed, not judged."""
    return Reading(dependencies=tuple(_rows(source)))


def _rows(source: SourceText) -> Iterator[Dependency]:
    # `runtime.txt` is a common name: only what says that it is Python counts.
    needs_prefix = source.path.rpartition("/")[2] == "runtime.txt"
    position = 0
    for line in source.text.split("\n")[:_MAX_LINES]:
        found = _LINE.match(line)
        if found and (found["prefix"] or not needs_prefix):
            start, end = (position + offset for offset in found.span("version"))
            yield runtime_row(source, Scalar(source.text[start:end], start, end, quoted=False), _files.PYTHON_VERSION)
        position += len(line) + 1
