"""Development containers: the image, the features with what they are told, and the file that locks them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Final

from analyzers.ecosystems.docker import _files
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Manifest
from analyzers.model.skipped import SkipReason
from analyzers.syntax import json
from analyzers.syntax.image_reference import image_in_scalar, parse
from analyzers.syntax.node import Mapping as Table
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText

FEATURE: Final = "devcontainer-feature"
# Features of the specification's own collection whose option "version" is that of a runtime.
_RUNTIMES: Final = frozenset({"dotnet", "go", "java", "node", "php", "python", "ruby", "rust", "terraform"})
_COLLECTION: Final = "ghcr.io/devcontainers/features/"
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def read(source: SourceText) -> Reading:
    """Return the image and the features. Raises UnreadableError for what is no JSON with comments."""
    root = json.parse(json.relaxed(source))
    rows = tuple(_rows(source, root)) if isinstance(root, Table) else ()
    return Reading(
        dependencies=rows,
        manifest=Manifest(path=source.path, ecosystem="docker", format="devcontainer", application=True),
    )


def _rows(source: SourceText, root: Table) -> Iterator[Dependency]:
    image = root.scalar("image")
    if image and image.quoted and image.value:
        yield image_in_scalar(source, image, kind="devcontainer", variables=True)
    for name, options in root.mapping("features").items:
        if name.value:
            yield _feature(source, name)
            yield from _runtime(source, name.value, options)


def _feature(source: SourceText, name: Scalar) -> Dependency:
    """Return the row of a feature: an artifact of an OCI registry, named as an image is."""
    reason = _elsewhere(name.value)
    if reason is None:
        return image_in_scalar(source, name, kind=FEATURE)
    return Dependency(
        ecosystem="docker",
        name=name.value,
        place=source.place_of(name),
        kind=FEATURE,
        purl="",
        skip_reason=reason,
    )


def _elsewhere(name: str) -> SkipReason | None:
    """Return why a feature comes from no registry; None for one that does."""
    if name.startswith(("./", "../", "/")):
        return "local-path"
    if "://" in name:
        return "direct-url"
    # ``node`` and ``owner/repo/name`` are forms from before features lived in registries.
    return None if "." in name.partition("/")[0] and "/" in name else "unsupported-syntax"


def _runtime(source: SourceText, feature: str, options: object) -> Iterator[Dependency]:
    """Yield the runtime whose version a feature is told, as an option or (shortly) in the place of all options."""
    reference = parse(feature)
    name = reference.name.removeprefix(_COLLECTION) if reference else ""
    told = options.scalar("version") if isinstance(options, Table) else options
    if name not in _RUNTIMES or not isinstance(told, Scalar) or not _NUMBER.fullmatch(told.value):
        # ``latest``, ``lts``, ``none`` and ``os-provided`` name no version.
        return
    yield Dependency(
        ecosystem="generic",
        name=name,
        place=source.place_of(told),
        kind="devcontainer-feature-version",
        purl=package_url("generic", name, told.value),
        value=told.value,
        version=told.value,
    )


def read_lock(source: SourceText) -> Reading:
    """Return the version of each locked feature. Raises UnreadableError."""
    root = json.parse(source)
    features = root.mapping("features").items if isinstance(root, Table) else ()
    return Reading(locked=tuple(entry for name, node in features if (entry := _locked(source, name, node))))


def _locked(source: SourceText, name: Scalar, node: object) -> Locked | None:
    version = node.scalar("version") if isinstance(node, Table) else None
    if not version or not version.quoted or not version.value:
        return None
    return Locked(name=name.value, version=version.value, place=source.place_of(version))


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Fill the locked versions of features from the lock file beside."""
    paired = dict(readings)
    for path, reading in readings.items():
        lock = readings.get(_lock_of(path)) if _files.is_devcontainer(path) else None
        if lock:
            locked = {entry.name: entry.version for entry in lock.locked}
            rows = tuple(_with_lock(row, locked) for row in reading.dependencies)
            manifest = reading.manifest and dataclasses.replace(reading.manifest, lockfile=_lock_of(path))
            paired[path] = dataclasses.replace(reading, dependencies=rows, manifest=manifest)
    return paired


def _lock_of(path: str) -> str:
    return f"{path.removesuffix('.json')}-lock.json"


def _with_lock(row: Dependency, locked: Mapping[str, str]) -> Dependency:
    """Return the row with its locked version; the lock names a feature with its tag or digest."""
    written = (row.name, f"{row.name}:{row.value}", f"{row.name}@{row.digest}")
    version = next((locked[name] for name in written if name in locked), None) if row.kind == FEATURE else None
    return dataclasses.replace(row, locked_version=version) if version else row
