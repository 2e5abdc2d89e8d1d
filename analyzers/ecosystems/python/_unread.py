"""Files of Python projects that are seen and named, and not read yet."""

from __future__ import annotations

from typing import Final

from analyzers.model.ecosystem import Reading
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText

FORMAT: Final = "other-python-file"
# A program, or the settings of several tools: named only where they hold requirements.
SETUPS: Final = ("setup.py", "setup.cfg")
NAMES: Final = {
    "Pipfile": "Pipenv's manifest is",
    "Pipfile.lock": "Pipenv's lockfile is",
    "pdm.lock": "PDM's lockfile is",
    "setup.py": "the requirements in setup.py are",
    "setup.cfg": "the requirements in setup.cfg are",
}


def read(source: SourceText) -> Reading:
    """Say that this file is not read, so that nobody takes its silence for health."""
    name = source.path.rpartition("/")[2]
    if name in SETUPS and "_require" not in source.text:
        return Reading()
    detail = f"{NAMES[name]} not read yet"
    return Reading(
        skipped=(Skipped(what="file", path=source.path, source=FORMAT, reason="unsupported-syntax", detail=detail),)
    )
