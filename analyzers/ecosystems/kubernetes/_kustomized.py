"""Which manifests a kustomization builds on, and so which images of theirs it replaces."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from analyzers.ecosystems.kubernetes._files import KUSTOMIZE as NAME
from analyzers.ecosystems.kubernetes._files import KUSTOMIZE_NAMES as NAMES
from analyzers.ecosystems.kubernetes.kustomize import REPLACED
from analyzers.model.ecosystem import Reading

# Overlays build on bases, these on others: no honest chain is longer.
_MOST_STEPS = 20


def placeholders(readings: Mapping[str, Reading]) -> Mapping[str, AbstractSet[str]]:
    """Return path of a manifest → names of images that some kustomization above it replaces."""
    found: dict[str, set[str]] = defaultdict(set)
    kustomizations = {
        posixpath.dirname(reading.manifest.path): reading
        for reading in readings.values()
        if reading.manifest and reading.manifest.format == NAME
    }
    for folder, reading in kustomizations.items():
        names = {seen.name for seen in reading.observations if seen.kind == REPLACED}
        if names:
            for path in _below(folder, kustomizations):
                found[path] |= names
    return found


def _below(folder: str, kustomizations: Mapping[str, Reading]) -> Iterator[str]:
    """Yield the paths that the kustomization of a folder names, and in turn those of the folders that it names."""
    waiting, seen = [folder], {folder}
    for _ in range(_MOST_STEPS):
        named = [
            posixpath.normpath(posixpath.join(here, member))
            for here in waiting
            for member in kustomizations[here].members
        ]
        yield from named
        folders = {posixpath.dirname(path) if posixpath.basename(path) in NAMES else path for path in named}
        waiting = sorted((folders & kustomizations.keys()) - seen)
        seen.update(waiting)
        if not waiting:
            return
