"""Readings without the passwords of addresses that a reader let through."""

from __future__ import annotations

from dataclasses import replace

from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.skipped import Skipped
from analyzers.syntax.credentials import holds_secret, masked


def without_secrets(reading: Reading) -> Reading:
    """Return the reading without what a reader let through of an address's password."""
    manifest = reading.manifest
    if manifest and (manifest.runtime or manifest.lockfile):
        runtime, lockfile = _harmless(manifest.runtime), _harmless(manifest.lockfile)
        manifest = replace(manifest, runtime=runtime, lockfile=lockfile)
    return replace(
        reading,
        manifest=manifest,
        dependencies=tuple(map(_listed_safely, reading.dependencies)),
        observations=tuple(map(_seen_safely, reading.observations)),
        skipped=tuple(map(told_safely, reading.skipped)),
    )


def _listed_safely(row: Dependency) -> Dependency:
    texts = (row.name, row.purl, row.value, row.version, row.locked_version, row.index, row.marker)
    if not any(text and holds_secret(text) for text in texts):
        return row
    return replace(
        row,
        name=masked(row.name),
        purl="" if holds_secret(row.purl) or holds_secret(row.name) else row.purl,
        # A value is the text at its place, or None.
        value=_harmless(row.value),
        version=_harmless(row.version),
        locked_version=_harmless(row.locked_version),
        index=masked(row.index) if row.index else row.index,
        marker=masked(row.marker) if row.marker else row.marker,
    )


def _harmless(text: str | None) -> str | None:
    return None if text and holds_secret(text) else text


def _seen_safely(seen: Observation) -> Observation:
    name, text = masked(seen.name), masked(seen.text)
    return seen if (name, text) == (seen.name, seen.text) else replace(seen, name=name, text=text)


def told_safely(entry: Skipped) -> Skipped:
    """Return the row without what its texts hold of an address's password."""
    detail = masked(entry.detail)
    return entry if detail == entry.detail else replace(entry, detail=detail)
