"""Modules that are loaded when one of their functions is first called.

An ecosystem states readers by the dozen, and a repository has files for a few of them: to load them all takes longer
than a small repository takes to read. Type checkers see the real modules::

    if TYPE_CHECKING:
        from analyzers.ecosystems.git import _pre_commit
    else:
        (_pre_commit,) = later(__package__, "_pre_commit")
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from analyzers.model.scheme import Scheme


class Later:
    """Stands for a module of which only functions are wanted: each attribute is one that loads it when called."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Callable[..., Any]:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        found: list[Callable[..., Any]] = []

        def call(*arguments: object) -> object:
            if not found:
                found.append(getattr(importlib.import_module(self._name), attribute))
            return found[0](*arguments)

        call.__name__ = attribute
        call.__qualname__ = f"{self._name}.{attribute}"
        return call


def later(package: str, *names: str) -> tuple[Later, ...]:
    """Return what stands for the modules ``names`` of ``package`` until they are needed."""
    return tuple(Later(f"{package}.{name}") for name in names)


def later_scheme(name: str, module: str) -> Scheme:
    """Return the scheme called ``name`` that ``module`` states as ``SCHEME``; its functions load it when called."""

    def part(field: str) -> Callable[..., Any]:
        found: list[Callable[..., Any]] = []

        def call(*arguments: object) -> object:
            if not found:
                found.append(getattr(importlib.import_module(module).SCHEME, field))
            return found[0](*arguments)

        return call

    return Scheme(name=name, **{field.name: part(field.name) for field in fields(Scheme) if field.name != "name"})
