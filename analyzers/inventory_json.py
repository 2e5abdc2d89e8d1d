"""An inventory as JSON and back: a commit that was read once is judged again on another day's Facts."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from analyzers.errors import DebtscanError
from analyzers.model.inventory import Inventory
from analyzers.typed import converted, from_json

_VERSION: Final = 1


class InventoryFormatError(DebtscanError):
    """The stored inventory cannot be read: damaged, or of another version of debtscan."""


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    version: int
    inventory: Inventory
    imports: tuple[tuple[str, str, int], ...]
    importers: tuple[tuple[str, str, tuple[str, ...]], ...]


def inventory_to_json(inventory: Inventory) -> bytes:
    """Return the inventory as JSON: equal inventories give equal bytes."""
    stored = _Stored(
        version=_VERSION,
        inventory=dataclasses.replace(inventory, imports={}, importers={}),
        imports=tuple((*key, count) for key, count in sorted(inventory.imports.items())),
        importers=tuple((*key, paths) for key, paths in sorted(inventory.importers.items())),
    )
    try:
        return msgspec.json.encode(stored)
    except UnicodeEncodeError:
        # A file name that is no UTF-8 holds half a surrogate pair, which only the standard library writes, escaped.
        return json.dumps(msgspec.to_builtins(stored), separators=(",", ":")).encode()


def inventory_from_json(content: bytes) -> Inventory:
    """Return what `inventory_to_json` wrote. Raises InventoryFormatError."""
    try:
        stored = _decoded(content)
    except (ValueError, RecursionError) as error:
        raise InventoryFormatError(f"the stored inventory is damaged: {error}") from error
    if stored.version != _VERSION:
        raise InventoryFormatError(
            f"the stored inventory is of version {stored.version}, this debtscan reads {_VERSION}"
        )
    return dataclasses.replace(stored.inventory, imports=_mapping(stored.imports), importers=_mapping(stored.importers))


def _decoded(content: bytes) -> _Stored:
    try:
        return from_json(content, _Stored)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        return converted(json.loads(content), _Stored)


def _mapping(rows: tuple[tuple[str, str, Any], ...]) -> Mapping[tuple[str, str], Any]:
    return {(ecosystem, name): value for ecosystem, name, value in rows}
