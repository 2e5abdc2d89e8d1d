"""Finds plugins by looking: every module of a folder that states a value of the wanted name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def modules(package: str, *, states: str) -> Iterator[ModuleType]:
    """Yield the modules below ``package`` (dotted name, recursively, sorted) that have an attribute ``states``.

    Names that begin with an underscore are shared code of the folder, not plugins.
    """
    parent = importlib.import_module(package)
    for entry in sorted(pkgutil.iter_modules(parent.__path__), key=lambda found: found.name):
        if entry.name.startswith("_"):
            continue
        name = f"{package}.{entry.name}"
        module = importlib.import_module(name)
        if hasattr(module, states):
            yield module
        elif entry.ispkg:
            yield from modules(name, states=states)
