"""Lockfiles that cannot be read are named by their reader, not by the walk."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from analyzers.errors import UnreadableError
from analyzers.model.ecosystem import Reading
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.syntax.text import SourceText


def lockfile(read: Callable[[SourceText], Reading], kind: str) -> Callable[[SourceText], Reading]:
    """Return a reader that names what it cannot read itself: the lockfile lies there, and pairing has to know."""

    def tolerant(source: SourceText) -> Reading:
        try:
            return read(source)
        except UnreadableError as error:
            where = f"line {error.line}: " if error.line else ""
            reason = cast("SkipReason", error.reason)
            unread = Skipped(what="file", path=source.path, source=kind, reason=reason, detail=where + error.detail)
            return Reading(skipped=(unread,))

    return tolerant
