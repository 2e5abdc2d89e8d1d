"""What limits others and installs nothing by itself."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from analyzers.model.inventory import Dependency, Inventory

# Groups that state what somebody else may use; what a lockfile resolved them to says nothing about them.
BOUNDS: Final = frozenset({"peerDependencies"})
_KINDS: Final = ("constraint", "override", "resolution")


def is_limit(entry: Dependency) -> bool:
    """Return whether the row only limits what others require (constraints, overrides, resolutions)."""
    return any(word in entry.kind for word in _KINDS)


def lockfiles(inventory: Inventory) -> frozenset[str]:
    """Return the paths of the files that resolve a manifest."""
    return frozenset(manifest.lockfile for manifest in inventory.manifests if manifest.lockfile)


def is_never_installed(entry: Dependency, resolving: Collection[str]) -> bool:
    """Return whether nothing is installed by the row: a limit that nobody requires.

    A file of constraints that pins all that a manifest requires is one of the files ``resolving`` it, and installs.
    """
    return not entry.direct and is_limit(entry) and entry.place.path not in resolving
