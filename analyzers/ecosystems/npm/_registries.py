"""Which registry a package comes from, as ``.npmrc`` and its kin beside it and beside its root say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from analyzers.ecosystems.npm._files import BUNFIG, WORKSPACE, YARNRC, YARNRC_1
from analyzers.ecosystems.npm._tree import Tree
from analyzers.model.inventory import Dependency, Observation
from analyzers.syntax.text import SourceText

REGISTRY: Final = "npm-registry"
"""Kind of the observation: `name` is the scope (``@acme``) or empty, `text` the address as far as it is no secret."""

# The later file wins: pnpm, Yarn and Bun take their own settings first.
_FILES: Final = (".npmrc", WORKSPACE, YARNRC_1, YARNRC, BUNFIG)


def observation(source: SourceText, scope: str, address: str, start: int, end: int) -> Observation:
    """Return the registry that a file names for a scope (``""`` for all packages), without any secret."""
    return Observation(kind=REGISTRY, name=scope, place=source.place(start, end), text=_without_secrets(address))


def _without_secrets(address: str) -> str:
    """Return the address without user, password and query; one with a ``$`` stays a bare mark that it had one."""
    if "$" in address:
        return "$"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def registries(tree: Tree, folders: Iterable[str]) -> Mapping[str, str]:
    """Return scope (``""`` for all) → address; the files of a later folder are stronger."""
    return {seen.name: seen.text for folder in folders for seen in _observed(tree, folder)}


def _observed(tree: Tree, folder: str) -> Iterator[Observation]:
    for name in _FILES:
        reading = tree.get(folder, name)
        yield from (seen for seen in (reading.observations if reading else ()) if seen.kind == REGISTRY)


def registered(row: Dependency, addresses: Mapping[str, str]) -> Dependency:
    """Return the row with the address of its registry, where that is not npm's own."""
    scope = row.name.partition("/")[0] if row.name.startswith("@") else ""
    address = addresses.get(scope, addresses.get(""))
    if not address or row.ecosystem != "npm" or row.skip_reason:
        return row
    # Few repositories name a registry, so few pay for loading the code that asks npm's own.
    from analyzers.registries.npm import ADDRESS

    if address.rstrip("/") == ADDRESS:
        return row
    if "$" in address:
        return replace(row, skip_reason="unpinned-expression")
    return replace(row, index=address)
