"""The user's own index for Poetry, which knows PyPI by its name alone and takes no other address for it.

In the copy the index is a source of ours in the place of PyPI. Afterwards the lock is what it would be with PyPI: the
packages name no source, and the hash is that of the project as it is. That hash is taken as Poetry takes it, which
shows on the one that Poetry wrote; where it does not, the lock is refused.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from typing import Any, Final

from bot.upgrade.locks.model import LockRefusedError
from bot.upgrade.locks.python_project import Table, table

_NAME: Final = "debtscan-index"
_PYPI: Final = "pypi"
_SOURCE: Final = re.compile(
    rb'\n\[package\.source\]\ntype = "legacy"\nurl = "[^"\n]*"\nreference = "' + _NAME.encode() + rb'"\n'
)
_HASH: Final = re.compile(rb'^content-hash = "([0-9a-f]{64})"', re.MULTILINE)
# What Poetry takes its hash from; of these the first four also where there is none, in projects of the older form.
_SETTINGS: Final = ("dependencies", "source", "extras", "dev-dependencies", "group")
_OLDER: Final = 4
_PROJECT: Final = ("requires-python", "dependencies", "optional-dependencies")


def with_index(project: dict[str, Any], index: str | None) -> dict[str, Any]:
    """Return a project that takes from the index what it would take from PyPI. Raises LockRefusedError."""
    sources = _sources(project)
    primary = [one for one in sources if str(one.get("priority", "primary")).lower() == "primary"]
    stated = [number for number, one in enumerate(sources) if _is_pypi(one.get("name"))]
    if not index or (primary and not stated):
        # A source of the first order stands in for PyPI already.
        return project
    if _names_pypi(table(project, "tool", "poetry")):
        raise LockRefusedError(
            "a dependency is to come from PyPI by name, for which Poetry takes no other address: not your own index"
        )
    found = copy.deepcopy(project)
    ours = {"name": _NAME, "url": index, "priority": "primary"}
    listed = found.setdefault("tool", {}).setdefault("poetry", {}).setdefault("source", [])
    for number in stated:
        listed[number] = {**ours, "priority": sources[number].get("priority", "primary")}
    if not stated:
        listed.append(ours)
    return found


def without_index(lock: bytes, seen: dict[str, Any], project: dict[str, Any]) -> bytes:
    """Return the lock that Poetry made of a project as it was ``seen`` as the lock of ``project``.

    Raises LockRefusedError.
    """
    if seen == project:
        return lock
    found = _HASH.search(lock)
    for groups in (True, False):
        if found and found[1].decode() == _hash(seen, groups=groups):
            lock = lock.replace(found[1], _hash(project, groups=groups).encode())
            return _SOURCE.sub(b"", lock)
    raise LockRefusedError("this Poetry takes the hash of a project in another way: it cannot be given your own index")


def _hash(project: Table, *, groups: bool) -> str:
    kept: dict[str, Any] = {
        "project": {key: value for key in _PROJECT if (value := table(project, "project").get(key)) is not None}
    }
    if groups:
        kept["dependency-groups"] = table(project, "dependency-groups")
    kept = {key: value for key, value in kept.items() if value}
    stated = table(project, "tool", "poetry")
    always = () if kept else _SETTINGS[:_OLDER]
    settings = {key: stated.get(key) for key in _SETTINGS if key in always or stated.get(key) is not None}
    hashed = {**kept, "tool": {"poetry": settings}} if kept else settings
    return hashlib.sha256(json.dumps(hashed, sort_keys=True, default=str).encode()).hexdigest()


def _sources(project: Table) -> list[Table]:
    stated = table(project, "tool", "poetry").get("source")
    return [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []


def _names_pypi(settings: Table) -> bool:
    """Whether a dependency names PyPI as its source, in any group."""
    waiting: list[object] = [value for key, value in settings.items() if key != "source"]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if _is_pypi(one.get("source")):
                return True
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return False


def _is_pypi(name: object) -> bool:
    return isinstance(name, str) and name.lower() == _PYPI
