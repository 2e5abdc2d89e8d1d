"""The two versions of a move as people read them: both with the ``v`` before them, or both without. Pure.

A file may say ``1.0.0`` and the tag ``v2.1.0``, which is no part of what changes. Markers, locks and edits take
versions as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.upgrade.model import Move

_VERSION: Final = re.compile(r"(?P<mark>v?)(?P<bare>\d{1,9}(?:\.\d{1,9}){0,8}(?:[-+._][0-9A-Za-z.+_-]{0,100})?)")
_LONGEST: Final = 200


class Versions(NamedTuple):
    """What a move leaves (None where nobody knows) and what it goes to."""

    current: str | None
    target: str


def versions(move: Move) -> Versions:
    """Return both in the spelling that the new text in the file has, or else in that of the target."""
    found = _VERSION.fullmatch(move.target[:_LONGEST])
    if found is None:
        return Versions(move.current, move.target)
    mark = next(_marks(move, found["bare"]), found["mark"])
    return Versions(move.current and _spelled(move.current, mark), f"{mark}{found['bare']}")


def _marks(move: Move, bare: str) -> Iterator[str]:
    """Yield what stands before the version in the new texts of the files."""
    written = re.compile(rf"(?<![0-9A-Za-z.])(v?){re.escape(bare)}(?![0-9A-Za-z])")
    for change in move.edit.changes if move.edit else ():
        for text in (change.comment, change.value):
            found = written.search(text[:_LONGEST]) if text else None
            if found:
                yield found[1]


def _spelled(version: str, mark: str) -> str:
    found = _VERSION.fullmatch(version[:_LONGEST])
    return f"{mark}{found['bare']}" if found else version
