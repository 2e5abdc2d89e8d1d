"""Files of Python projects that are seen and named, and not read yet."""

from __future__ import annotations

from typing import Final

from analyzers.model.ecosystem import Reading
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText

FORMAT: Final = "other-python-file"
NAMES: Final = {
    "conda-lock.yml": "the lockfile of conda-lock is",
    "conda-lock.yaml": "the lockfile of conda-lock is",
    "pixi.toml": "Pixi's manifest is",
    "pixi.lock": "Pixi's lockfile is",
}


def read(source: SourceText) -> Reading:
    """Say that this file is not read, so that nobody takes its silence for health."""
    detail = f"{NAMES[source.path.rpartition('/')[2]]} not read yet"
    return Reading(
        skipped=(Skipped(what="file", path=source.path, source=FORMAT, reason="unsupported-syntax", detail=detail),)
    )
