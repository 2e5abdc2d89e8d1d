"""Where a repository uses what moves: the files, those that change most often first. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzers.model.inventory import Inventory
from bot.upgrade.model import Move

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedIn:
    """One file; `changes` are the commits of the scan's window that touched it. `line` is where it is written."""

    path: str
    changes: int
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The files that use what moves, at most `MOST` of `count`: code that imports it, else files that name it."""

    name: str
    files: tuple[UsedIn, ...]
    count: int
    imported: bool


def usage(move: Move, inventory: Inventory, most: int = MOST) -> Usage:
    """Return where the repository uses what moves: the code that imports it, else the files that name it."""
    importers = inventory.importers.get(move.key, ())
    files = [UsedIn(path=path, changes=0) for path in importers] or list(_written(move, inventory))
    churn = {one.path: one.revisions for one in inventory.history.churn} if inventory.history else {}
    told = [UsedIn(path=one.path, changes=churn.get(one.path, 0), line=one.line) for one in files]
    told.sort(key=lambda one: (-one.changes, one.path, one.line or 0))
    return Usage(name=move.name, files=tuple(told[:most]), count=len(told), imported=bool(importers))


def _written(move: Move, inventory: Inventory) -> Iterator[UsedIn]:
    seen = set()
    for row in inventory.dependencies:
        if row.ecosystem == move.key.ecosystem and row.name == move.name and row.direct and row.place.path not in seen:
            seen.add(row.place.path)
            yield UsedIn(path=row.place.path, changes=0, line=row.place.line)
