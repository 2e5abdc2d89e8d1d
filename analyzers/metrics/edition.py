"""What the figures of a file depend on beside its content: how it is measured, and with what."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import analyzers
from analyzers.model.language import Language

_HOME = Path(analyzers.__file__).parent
_VALUES = ("model/inventory.py", "model/language.py")


@cache
def edition(language: Language) -> bytes:
    """Return 16 bytes that are others where the same content could give other figures.

    They follow from the code that measures, so that nobody has to remember a number when it changes, from the packages
    that the language states, and from Python, whose parser is another in each version.
    """
    versions = [f"{name} {_version(name)}" for name in ("debtscan", *sorted(language.packages))]
    return sha256("\n".join([_code(), sys.version, language.name, *versions]).encode()).digest()[:16]


@cache
def _code() -> str:
    found = sha256()
    for path in (*sorted((_HOME / "metrics").glob("*.py")), *(_HOME / name for name in _VALUES)):
        # One that is installed without its source has the version of debtscan alone.
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()


def _version(package: str) -> str:
    # Measuring processes import this module and never ask.
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
