"""Which images of manifests another file decides: built here by Skaffold, or replaced by a kustomization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analyzers.ecosystems.kubernetes.manifests import BUILT
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Return the readings with a skip reason at each image that is only a name for what another file decides."""
    built = frozenset(seen.name for reading in readings.values() for seen in reading.observations if seen.kind == BUILT)
    if not built:
        return readings
    return {path: _decided(reading, built) for path, reading in readings.items()}


def _decided(reading: Reading, built: frozenset[str]) -> Reading:
    return replace(reading, dependencies=tuple(_marked(entry, built) for entry in reading.dependencies))


def _marked(entry: Dependency, built: frozenset[str]) -> Dependency:
    """Skaffold puts the image that it has built in the place of the one that a manifest names."""
    if entry.ecosystem == "docker" and entry.name in built and not entry.skip_reason:
        return replace(entry, skip_reason="local-path")
    return entry
