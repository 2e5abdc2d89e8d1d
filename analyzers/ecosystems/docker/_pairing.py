"""What one file of Docker says about another."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.ecosystems.docker import _env_file, devcontainer
from analyzers.model.ecosystem import Reading


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Join compose files with the variables beside, and development containers with their locks."""
    return devcontainer.pair(_env_file.pair(readings))
