"""Plugins of installed packages that failed, remembered for the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """A plugin that failed: the entry point's name, its distribution, and what went wrong, in half a sentence."""

    name: str
    package: str
    detail: str


_NOTED: dict[tuple[str, str], Failure] = {}


def note(failure: Failure) -> None:
    """Remember a failure, the first of each plugin."""
    _NOTED.setdefault((failure.name, failure.package), failure)


def noted() -> tuple[Failure, ...]:
    """Return what failed so far, sorted."""
    return tuple(sorted(_NOTED.values()))
