"""What an inventory depends on beside the commit that it was read from."""

from __future__ import annotations

import re
import sys
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec

import analyzers
from analyzers.config import Config
from analyzers.model.discovery import plugins

_HOME: Final = Path(analyzers.__file__).parent
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# These ask or judge; what they do to a commit shows in no inventory.
_NOT_READING: Final = frozenset({"checks", "http", "registries", "advisories", "upstream"})


def reading_edition(config: Config) -> str:
    """Return 64 hexadecimal digits that are others where the same commit could be read otherwise.

    They follow from the code that reads, from the packages that it reads with, plugins among them, from Python, and
    from the configuration.
    """
    stated = msgspec.json.encode(config, order="deterministic")
    return sha256("\n".join((_code(), sys.version, *_packages())).encode() + stated).hexdigest()


@cache
def _code() -> str:
    found = sha256()
    for path in sorted(_HOME.rglob("*.py")):
        place = path.relative_to(_HOME)
        if place.parts[0] not in _NOT_READING:
            found.update(f"{place.as_posix()}\0".encode() + path.read_bytes())
    return found.hexdigest()


@cache
def _packages() -> tuple[str, ...]:
    """Return debtscan, what it requires, and the packages that add ecosystems, with their versions."""
    try:
        required = metadata.requires("debtscan") or []
    except metadata.PackageNotFoundError:
        required = []
    names = {match[0] for entry in required if (match := _NAME.match(entry))}
    names |= {plugin.package for plugin in plugins("analyzers.ecosystems")}
    return tuple(f"{name} {_version(name)}" for name in sorted({"debtscan", *names}))


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
