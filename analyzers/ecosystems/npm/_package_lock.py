"""``package-lock.json`` and ``npm-shrinkwrap.json``, versions 1 to 3: what npm resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.errors import InvalidSyntaxError
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax import json
from analyzers.syntax.text import SourceText
from analyzers.versions.npm import SCHEME

_INSTALLED: Final = "node_modules/"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One installed package. `name` is its own, `folder` the one of an alias, `within` where it is nested."""

    name: str
    folder: str
    within: str
    place: Place
    version: str | None
    resolved: str
    fields: Mapping[str, object]

    @classmethod
    def of(cls, key: str, place: Place, fields: object) -> _Entry:
        """Read the entry ``key`` (``node_modules/a/node_modules/b``) of the lockfile."""
        said = fields if isinstance(fields, dict) else {}
        within, _, folder = key.rpartition(_INSTALLED)
        return cls(
            name=_text(said.get("name")) or folder,
            folder=folder,
            within=within.rstrip("/"),
            place=place,
            version=_text(said.get("version")),
            resolved=_text(said.get("resolved")) or "",
            fields=said,
        )

    @property
    def is_link(self) -> bool:
        return self.fields.get("link") is True

    @property
    def is_development(self) -> bool:
        return self.fields.get("dev") is True

    @property
    def deprecated(self) -> str | None:
        return _text(self.fields.get("deprecated"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def read(source: SourceText) -> Reading:
    """Read one lockfile. Every package is listed as indirect; pairing takes the direct ones out.

    Raises InvalidSyntaxError and TooDeepError.
    """
    if not source.text.lstrip().startswith("{"):
        raise InvalidSyntaxError("is no lockfile of npm", line=1)
    entries, members = [], []
    for key, fields in json.members(source, "packages"):
        if _INSTALLED in key.value:
            place = source.place_of(key)
            entries.append(_Entry.of(key.value, place, fields))
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
        place = source.place_of(key)
        waiting = [(_INSTALLED + key.value, fields)]
        while waiting:
            folder, said = waiting.pop()
            if not isinstance(said, dict):
                continue
            yield _Entry.of(folder, place, _modern(said))
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
    if entry.is_link or entry.resolved.startswith("file:"):
        return Locked(
            name=entry.name, version="", within=entry.within, local=True, place=entry.place, alias=entry.folder
        )
    if entry.version is None:
        return None
    return Locked(
        name=entry.name,
        version=entry.version,
        place=entry.place,
        deprecated=entry.deprecated,
        development=entry.is_development,
        within=entry.within,
        alias=entry.folder,
    )


def _row(entry: _Entry) -> Dependency | None:
    """Return the inventory's row; None for links, which are folders of this repository."""
    if entry.is_link:
        return None
    return _rows.resolved(
        entry.name,
        entry.version,
        entry.place,
        kind="package-lock",
        group="devDependencies" if entry.is_development else None,
        reason=_elsewhere(entry),
        marker=_platforms(entry),
    )


def _elsewhere(entry: _Entry) -> SkipReason | None:
    if entry.resolved.startswith("git"):
        return "version-control"
    if entry.resolved.startswith("file:"):
        return "local-path"
    return "direct-url" if entry.version is None and entry.resolved else None


def _platforms(entry: _Entry) -> str | None:
    """Return ``os: darwin, cpu: arm64`` where the package installs on some platforms only."""
    parts = []
    for field in ("os", "cpu"):
        wanted = entry.fields.get(field)
        if isinstance(wanted, list) and wanted and all(isinstance(one, str) for one in wanted):
            parts.append(f"{field}: {' '.join(wanted)}")
    return ", ".join(parts)[: _rows.LONGEST_NOTE] or None


def _deprecations(rows: list[tuple[Dependency, _Entry]]) -> Iterator[Observation]:
    for row, entry in rows:
        note = entry.deprecated
        if note:
            yield _rows.deprecation(row.name, entry.place, note)
