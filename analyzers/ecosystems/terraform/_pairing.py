"""Joins the files of one folder: they are one module, and one lock file speaks for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from analyzers.ecosystems.terraform import _files, _rows
from analyzers.ecosystems.terraform._addresses import OPENTOFU_HOST
from analyzers.ecosystems.terraform._configuration import Configuration
from analyzers.ecosystems.terraform._files import LOCK_FILE as FILE
from analyzers.ecosystems.terraform._terragrunt_sources import resolved
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Dependency


@dataclass(slots=True)
class _Folder:
    """What the files of one folder say together. `locked` is by name without a default host."""

    local_names: dict[str, str] = field(default_factory=dict)
    locked: dict[str, str] = field(default_factory=dict)
    lockfile: str | None = None
    is_opentofu: bool = False
    required: set[str] = field(default_factory=set)
    blocks: set[str] = field(default_factory=set)


def pair(readings: Mapping[str, Reading]) -> Mapping[str, Reading]:
    """Fill locked versions, registries, and sources that locals make; leave out what a folder says twice."""
    readings = resolved(readings)
    folders: dict[str, _Folder] = defaultdict(_Folder)
    for path, reading in readings.items():
        _note(folders[_folder(path)], path, reading)
    paired = {path: _joined(folders[_folder(path)], reading) for path, reading in sorted(readings.items())}
    return {path: _without(folders[_folder(path)], path, reading) for path, reading in paired.items()}


def _note(folder: _Folder, path: str, reading: Reading) -> None:
    if isinstance(reading, Configuration):
        folder.local_names.update(reading.local_names)
    if _is_lock(path):
        folder.lockfile = path
        for entry in reading.locked:
            folder.locked[_plain(entry.name)] = entry.version
            folder.is_opentofu |= entry.name.startswith(f"{OPENTOFU_HOST}/")


def _plain(name: str) -> str:
    return name.removeprefix(f"{OPENTOFU_HOST}/").lower()


def _joined(folder: _Folder, reading: Reading) -> Reading:
    if not isinstance(reading, Configuration):
        return reading
    local = iter(reading.blocks)
    rows: list[Dependency] = []
    for row in reading.dependencies:
        joined = row
        if row.kind == _files.PROVIDER_BLOCK:
            name = next(local)
            if row.value is None and row.skip_reason is None and _is_said(folder, name):
                continue
            joined = _renamed(row, folder.local_names.get(name, row.name))
        rows.append(_resolved(folder, _at_opentofu(folder, joined)))
    manifest = reading.manifest
    if manifest and folder.lockfile:
        manifest = replace(manifest, lockfile=folder.lockfile)
    return replace(reading, dependencies=tuple(rows), manifest=manifest)


def _is_said(folder: _Folder, name: str) -> bool:
    """Whether a block without a version adds nothing: the folder requires its provider, or has had such a block."""
    if name in folder.local_names or name in folder.blocks:
        return True
    folder.blocks.add(name)
    return False


def _renamed(row: Dependency, name: str) -> Dependency:
    if name == row.name:
        return row
    host = name.split("/", maxsplit=1)[0] if name.count("/") > 1 else None
    index = f"https://{host}" if host else None
    return replace(row, name=name, purl=_rows.registry_purl(name, row.version), index=index)


def _at_opentofu(folder: _Folder, row: Dependency) -> Dependency:
    """Ask OpenTofu's registry where the lock file says that it was asked."""
    is_default = row.ecosystem == _files.NAME and row.purl.startswith("pkg:terraform/") and row.index is None
    return replace(row, index=f"https://{OPENTOFU_HOST}") if folder.is_opentofu and is_default else row


def _resolved(folder: _Folder, row: Dependency) -> Dependency:
    if row.kind not in (_files.PROVIDER, _files.PROVIDER_BLOCK):
        return row
    folder.required.add(_plain(row.name))
    version = folder.locked.get(_plain(row.name))
    if version is None or row.skip_reason not in (None, "vendored", "generated", "test-data", "unpinned-expression"):
        return row
    return replace(row, locked_version=version, purl=_rows.registry_purl(row.name, row.version or version))


def _without(folder: _Folder, path: str, reading: Reading) -> Reading:
    """Return the lock's reading without what a file of the folder requires: those rows stand there."""
    if not _is_lock(path):
        return reading
    return replace(reading, dependencies=tuple(_remaining(folder, reading.dependencies)))


def _remaining(folder: _Folder, rows: Iterable[Dependency]) -> Iterable[Dependency]:
    return (row for row in rows if _plain(row.name) not in folder.required)


def _is_lock(path: str) -> bool:
    return path.rpartition("/")[2] == FILE


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
