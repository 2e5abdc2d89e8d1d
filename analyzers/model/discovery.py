"""Finds plugins by looking: every module of a folder that states a value of the wanted name.

Beside the project's own there are those of installed packages, named by the entry points ``debtscan.rules`` and
``debtscan.ecosystems``. They are found and loaded here alone, once, when somebody first looks into that folder. One
that fails is remembered as a Failure. What lies in the current folder or in the scanned repository is never loaded,
unless the running Python itself lives there.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

from analyzers.model.failures import Failure, note, noted

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINTS = {"analyzers.checks": "debtscan.rules", "analyzers.ecosystems": "debtscan.ecosystems"}


@dataclass(frozen=True, slots=True)
class Plugin:
    """A module of an installed package; `package` is the distribution's name."""

    name: str
    package: str
    module: ModuleType


class _Loaded:
    """What was loaded, by folder, and which folders nothing is loaded from."""

    forbidden: frozenset[Path] = frozenset()
    plugins: ClassVar[dict[tuple[str, frozenset[Path]], tuple[Plugin, ...]]] = {}


def modules(package: str, *, states: str) -> Iterator[ModuleType]:
    """Yield the modules below ``package`` (dotted name, recursively, sorted) that have an attribute ``states``.

    Names that begin with an underscore are shared code of the folder, not plugins. Those of installed packages follow.
    """
    yield from _own(package, states)
    yield from (plugin.module for plugin in plugins(package))


def _own(package: str, states: str) -> Iterator[ModuleType]:
    parent = importlib.import_module(package)
    entries = sorted(pkgutil.iter_modules(parent.__path__), key=lambda found: found.name)
    # A folder of many modules has one that is named after what it states: the others are loaded when they are needed.
    if any(entry.name == states.lower() for entry in entries):
        module = importlib.import_module(f"{package}.{states.lower()}")
        if hasattr(module, states):
            yield module
            return
    for entry in entries:
        if entry.name.startswith("_"):
            continue
        name = f"{package}.{entry.name}"
        module = importlib.import_module(name)
        if hasattr(module, states):
            yield module
        elif entry.ispkg:
            yield from _own(name, states)


def keep_out(folder: Path) -> None:
    """Load nothing from below ``folder`` from now on: it is what is scanned."""
    _Loaded.forbidden |= {folder.resolve()}


def plugins(package: str) -> tuple[Plugin, ...]:
    """Return what installed packages add to the folder ``package``, sorted by name; nothing for other folders."""
    group = ENTRY_POINTS.get(package)
    if group is None:
        return ()
    key = (package, _Loaded.forbidden)
    if key not in _Loaded.plugins:
        _Loaded.plugins[key] = tuple(_load(package, group, _Loaded.forbidden))
    return _Loaded.plugins[key]


def failures() -> tuple[Failure, ...]:
    """Return the plugins that failed so far, while loading or at work, sorted."""
    return noted()


def _load(package: str, group: str, forbidden: frozenset[Path]) -> Iterator[Plugin]:
    found = _entry_points(group, forbidden)
    if not found:
        return
    from analyzers.model.guard import guarded, problem_of

    states = "RULE" if package == "analyzers.checks" else "ECOSYSTEM"
    taken = {_identity(module, states) for module in _own(package, states)}
    for entry, distribution in found:
        module = _loaded(entry, distribution)
        if module is None:
            continue
        problem = problem_of(module, states)
        if problem is None and _identity(module, states) in taken:
            problem = f"its {states} '{_identity(module, states)}' exists already"
        if problem:
            note(Failure(entry.name, distribution, problem))
            continue
        taken.add(_identity(module, states))
        yield Plugin(entry.name, distribution, guarded(module, entry.name, distribution))


def _identity(module: ModuleType, states: str) -> str:
    stated = getattr(module, states)
    return str(stated.id if states == "RULE" else stated.name)


def _loaded(entry: EntryPoint, distribution: str) -> ModuleType | None:
    try:
        found = entry.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - somebody else's code, which must not end the scan
        note(Failure(entry.name, distribution, f"cannot be loaded ({type(error).__name__}: {error})"))
        return None
    if isinstance(found, ModuleType):
        return found
    note(Failure(entry.name, distribution, "names no module"))
    return None


def _entry_points(group: str, forbidden: frozenset[Path]) -> list[tuple[EntryPoint, str]]:
    """Return the entry points of a group, sorted, with their distribution's name; of two alike the first counts."""
    folders = list(_folders(forbidden))
    if not any(_mentions(folder, group.encode()) for folder in folders):
        return []
    # Loading it and reading what every installed package says takes longer than a small inventory: only where needed.
    from importlib.metadata import distributions

    found: dict[tuple[str, str], EntryPoint] = {}
    for distribution in distributions(path=folders):
        for entry in distribution.entry_points:
            if entry.group == group:
                found.setdefault((entry.name, str(distribution.metadata["Name"])), entry)
    return [(found[name, package], package) for name, package in sorted(found)]


def _mentions(folder: str, group: bytes) -> bool:
    """Return whether a package installed in ``folder`` may state entry points of the group."""
    try:
        with os.scandir(folder) as entries:
            about = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    except NotADirectoryError:
        return True  # An archive: only importlib.metadata can look into it.
    except OSError:
        return False
    for place in about:
        try:
            with open(os.path.join(place, "entry_points.txt"), "rb") as stream:  # noqa: PTH118, PTH123 - for hundreds
                if group in stream.read():
                    return True
        except OSError:
            continue
    return False


def _folders(forbidden: frozenset[Path]) -> Iterator[str]:
    """Yield the folders of ``sys.path`` from which plugins may come."""
    here = _or_none(Path.cwd)
    never = {*forbidden, here} if here else {*forbidden}
    own = [Path(prefix).resolve() for prefix in {sys.prefix, sys.base_prefix}]
    for entry in sys.path:
        folder = _or_none(Path(entry).resolve) if Path(entry).is_absolute() else None
        if folder is None or folder in never:
            continue
        if any(folder.is_relative_to(prefix) for prefix in own) or not any(map(folder.is_relative_to, never)):
            yield entry


def _or_none(find: Callable[[], Path]) -> Path | None:
    try:
        return find()
    except OSError:
        # The folder that one stands in may have been removed meanwhile.
        return None
