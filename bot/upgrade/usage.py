"""Where a repository uses what moves: the files, those that change most often first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analyzers.errors import UnreadableError
from analyzers.model.inventory import Inventory
from analyzers.model.snapshot import Snapshot
from bot.upgrade.model import Move

MOST: Final = 10
_MOST_BYTES: Final = 64 * 1024 * 1024
_MOST_FILE_BYTES: Final = 512 * 1024
_SCRIPTS: Final = frozenset({"javascript", "typescript", "vue", "svelte", "coffeescript"})
_IMPORT: Final = re.compile(rb"(?:\bfrom|\bimport|\brequire\(|\bimport\()\s{0,20}[\"']([^\"'\s]{1,214})[\"']")


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


def usages_of(moves: Sequence[Move], inventory: Inventory, snapshot: Snapshot) -> Mapping[str, Usage]:
    """Return where each move's package is used, by the move's mark."""
    importers = {**inventory.importers, **npm_importers(moves, inventory, snapshot)}
    whole = replace(inventory, importers=importers)
    return {move.mark: usage(move, whole) for move in moves}


def npm_importers(
    moves: Sequence[Move], inventory: Inventory, snapshot: Snapshot
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the files of JavaScript and its kin that import what moves. Code of Python was read with the scan."""
    wanted = {move.key.name for move in moves if move.key.ecosystem == "npm"}
    found: dict[tuple[str, str], list[str]] = {}
    left = _MOST_BYTES if wanted else 0
    for source in inventory.sources:
        if left <= 0:
            break
        if source.language not in _SCRIPTS:
            continue
        try:
            content = snapshot.read(source.path)[:_MOST_FILE_BYTES]
        except UnreadableError:
            continue
        left -= len(content)
        for name in wanted & {_package(match[1].decode(errors="replace")) for match in _IMPORT.finditer(content)}:
            found.setdefault(("npm", name), []).append(source.path)
    return {key: tuple(paths) for key, paths in found.items()}


def _package(specifier: str) -> str:
    """Return the package of what an import names: ``@vue/compiler-sfc/dist`` is of ``@vue/compiler-sfc``."""
    return "/".join(specifier.split("/")[: 2 if specifier.startswith("@") else 1])


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
