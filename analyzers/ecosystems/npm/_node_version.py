"""``.nvmrc`` and ``.node-version``: the Node.js that a folder runs on."""

from __future__ import annotations

import re
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Reading
from analyzers.syntax.node import Scalar
from analyzers.syntax.text import SourceText

_LONGEST: Final = 100
# The first line that says something, without its comment.
_LINE: Final = re.compile(r"^[ \t]*([^\s#][^\s#]*)", re.MULTILINE)


def read(source: SourceText) -> Reading:
    """Read the first line that is neither blank nor a comment. Raises InvalidSyntaxError where there is none."""
    found = _LINE.search(source.text)
    if not found or len(found[1]) > _LONGEST:
        raise InvalidSyntaxError("names no Node.js version", line=1)
    kind = source.path.rpartition("/")[2].removeprefix(".")
    written = Scalar(found[1], found.start(1), found.end(1), quoted=False)
    return Reading(dependencies=(_rows.runtime(source, written, kind=kind),))
