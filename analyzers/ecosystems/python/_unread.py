"""Files of Python projects that are seen and named, and not read yet."""

from __future__ import annotations

from analyzers.ecosystems.python import _files
from analyzers.model.ecosystem import Reading
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText


def read(source: SourceText) -> Reading:
    """Say that this file is not read, so that nobody takes its silence for health."""
    detail = f"{_files.UNREAD_NAMES[source.path.rpartition('/')[2]]} not read yet"
    return Reading(
        skipped=(
            Skipped(what="file", path=source.path, source=_files.UNREAD, reason="unsupported-syntax", detail=detail),
        )
    )
