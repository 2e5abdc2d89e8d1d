"""``package-lock.json`` and ``npm-shrinkwrap.json``, versions 1 to 3: what npm resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._specifier import is_name
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax import json
from analyzers.syntax.text import SourceText
from analyzers.versions.npm import SCHEME

_INSTALLED: Final = "node_modules/"
_LONGEST_NOTE: Final = 1000


@dataclass(frozen=True, slots=True)
class _Entry:
    """One installed package: `key` is its folder (``node_modules/a/node_modules/b``)."""

    key: str
    place: Place
    fields: Mapping[str, object]

    @property
    def name(self) -> str:
        """The package's own name; the folder's differs for an alias."""
        return self.text("name") or self.key.rpartition(_INSTALLED)[2]

    @property
    def within(self) -> str:
        return self.key.rpartition(_INSTALLED)[0].rstrip("/")

    def text(self, field: str) -> str | None:
        value = self.fields.get(field)
        return value if isinstance(value, str) else None


def read(source: SourceText) -> Reading:
    """Read one lockfile. Every package is listed as indirect; pairing takes the direct ones out.

    Raises InvalidSyntaxError and TooDeepError.
    """
    entries, members = [], []
    for key, fields in json.members(source, "packages"):
        if _INSTALLED in key.value:
            place = source.place(key.start, key.end)
            entries.append(_Entry(key.value, place, fields if isinstance(fields, dict) else {}))
        elif key.value:
            members.append(key.value)
    if not entries:
        entries = list(_version_1(source))
    rows = [(row, entry) for entry in entries if (row := _row(entry))]
    return Reading(
        dependencies=tuple(row for row, _ in rows),
        observations=tuple(_deprecations(rows)),
        locked=tuple(locked for entry in entries if (locked := _locked(entry))),
        members=tuple(members),
    )


def _version_1(source: SourceText) -> Iterator[_Entry]:
    """Yield the entries of the old tree; what is nested there stands at the line of its outermost package."""
    for key, fields in json.members(source, "dependencies"):
        place = source.place(key.start, key.end)
        waiting = [(_INSTALLED + key.value, fields)]
        while waiting:
            folder, said = waiting.pop()
            if not isinstance(said, dict):
                continue
            yield _Entry(folder, place, _modern(said))
            nested = said.get("dependencies")
            if isinstance(nested, dict):
                waiting += [(f"{folder}/{_INSTALLED}{name}", inner) for name, inner in nested.items()]


def _modern(said: Mapping[str, object]) -> Mapping[str, object]:
    """Return an entry of version 1 with the fields of version 2: its ``version`` also holds addresses and aliases."""
    version = said.get("version")
    if not isinstance(version, str) or SCHEME.key(version) is not None:
        return said
    if version.startswith("npm:"):
        name, _, exact = version.removeprefix("npm:").rpartition("@")
        return {**said, "name": name, "version": exact}
    return {**said, "version": None, "resolved": version}


def _locked(entry: _Entry) -> Locked | None:
    if entry.fields.get("link") is True or (entry.text("resolved") or "").startswith("file:"):
        return Locked(name=entry.name, version="", within=entry.within, local=True, place=entry.place)
    version = entry.text("version")
    if version is None:
        return None
    return Locked(
        name=entry.name,
        version=version,
        place=entry.place,
        deprecated=entry.text("deprecated"),
        development=entry.fields.get("dev") is True,
        within=entry.within,
    )


def _row(entry: _Entry) -> Dependency | None:
    """Return the inventory's row; None for links, which are folders of this repository."""
    if entry.fields.get("link") is True:
        return None
    version = entry.text("version")
    return Dependency(
        ecosystem="npm",
        name=entry.name,
        place=entry.place,
        kind="package-lock",
        purl=_rows.purl(entry.name, version),
        locked_version=version,
        direct=False,
        dependency_group="devDependencies" if entry.fields.get("dev") is True else None,
        skip_reason=_elsewhere(entry, version),
        marker=_platforms(entry),
    )


def _elsewhere(entry: _Entry, version: str | None) -> SkipReason | None:
    resolved = entry.text("resolved") or ""
    if resolved.startswith("git"):
        return "version-control"
    if resolved.startswith("file:"):
        return "local-path"
    if version is None and resolved:
        return "direct-url"
    return None if is_name(entry.name) and version and SCHEME.key(version) is not None else "unsupported-version"


def _platforms(entry: _Entry) -> str | None:
    """Return ``os: darwin, cpu: arm64`` where the package installs on some platforms only."""
    parts = []
    for field in ("os", "cpu"):
        wanted = entry.fields.get(field)
        if isinstance(wanted, list) and wanted and all(isinstance(one, str) for one in wanted):
            parts.append(f"{field}: {' '.join(wanted)}")
    return ", ".join(parts)[:_LONGEST_NOTE] or None


def _deprecations(rows: list[tuple[Dependency, _Entry]]) -> Iterator[Observation]:
    for row, entry in rows:
        note = entry.text("deprecated")
        if note:
            yield Observation(kind="npm-lock-deprecation", name=row.name, place=entry.place, text=note[:_LONGEST_NOTE])
