"""Files of Python projects that are seen and named, and not read yet."""

from __future__ import annotations

from typing import Final

from analyzers.model.ecosystem import Reading
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText

FORMAT: Final = "other-python-file"
NAMES: Final = {"Pipfile": "Pipenv's manifest", "Pipfile.lock": "Pipenv's lockfile", "pdm.lock": "PDM's lockfile"}


def read(source: SourceText) -> Reading:
    """Say that this file is not read, so that nobody takes its silence for health."""
    name = source.path.rpartition("/")[2]
    detail = f"{NAMES.get(name, name)} is not read yet"
    return Reading(
        skipped=(Skipped(what="file", path=source.path, source=FORMAT, reason="unsupported-syntax", detail=detail),)
    )
