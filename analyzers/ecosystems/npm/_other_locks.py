"""Lockfiles of Yarn, pnpm and Bun: seen and named, not read yet."""

from __future__ import annotations

from typing import Final

from analyzers.model.ecosystem import Reading
from analyzers.model.skipped import Skipped
from analyzers.syntax.text import SourceText

NAMES: Final = {"yarn.lock": "Yarn", "pnpm-lock.yaml": "pnpm", "bun.lock": "Bun", "bun.lockb": "Bun"}


def read(source: SourceText) -> Reading:
    """Say that this lockfile is not read, so that its requirements are judged by their ranges alone."""
    name = source.path.rpartition("/")[2]
    detail = f"{NAMES.get(name, name)}'s lockfile is not read yet: requirements here are judged by what they declare"
    skipped = Skipped(
        what="file", path=source.path, source="other-npm-lock", reason="unsupported-syntax", detail=detail
    )
    return Reading(skipped=(skipped,))
