"""``pnpm-lock.yaml``, versions 5 to 9: what pnpm resolved, for each folder of a workspace.

Read as a stream, for these files grow to many megabytes. From pnpm 11 on a file may hold two documents, the first of
which is about pnpm itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._pnpm_entries import entries, sections
from analyzers.ecosystems.npm._specifier import understand
from analyzers.errors import InvalidSyntaxError, TooLargeError
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax import yaml
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText

KIND: Final = "pnpm-lock"
_GROUPS: Final = ("dependencies", "devDependencies", "optionalDependencies")
# ``/@s/name/1.0.0_peers`` (5), ``/@s/name@1.0.0(peers)`` (6), ``@s/name@1.0.0(peers)`` (9).
_KEY: Final = re.compile(r"/?((?:@[^/@]+/)?[^/@]+)([/@])(.+)")
# Where the peers begin.
_VERSION: Final = re.compile(r"[(_]")
_SNAPSHOTS: Final = "\nsnapshots:"
_TOP_LEVEL: Final = re.compile(r"^[^\s#]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Package:
    """One entry of ``packages``. `version` is None where nothing states one."""

    name: str
    version: str | None
    place: Place
    reason: SkipReason | None


@dataclass(slots=True)
class _Found:
    """What the stream has shown so far: each package once for each version, and what each folder requires.

    `elsewhere` finds by its whole key what comes from no registry. `required` is folder, alias and resolved text.
    """

    rows: dict[tuple[str, str | None], Dependency] = field(default_factory=dict)
    elsewhere: dict[str, _Package] = field(default_factory=dict)
    required: list[tuple[str, str, str]] = field(default_factory=list)
    folders: dict[str, None] = field(default_factory=dict)
    deprecated: list[Observation] = field(default_factory=list)

    def check_size(self) -> None:
        """Raise TooLargeError where this is more than any workspace resolves."""
        if max(len(self.rows), len(self.required)) > _rows.MAX_PACKAGES:
            raise TooLargeError(f"lists more than {_rows.MAX_PACKAGES} packages")


def read(source: SourceText) -> Reading:
    """Read one lockfile. Every package is listed as indirect; pairing takes the direct ones out.

    Raises InvalidSyntaxError, TooDeepError and TooLargeError.
    """
    try:
        return _reading(source, tuple(sections(source)))
    except InvalidSyntaxError:
        # Not pnpm's own layout, or broken: YAML's own reader knows which, and names the line.
        return _reading(source, ())


def _reading(source: SourceText, spans: tuple[tuple[int, int], ...]) -> Reading:
    """Read the entries in ``spans`` one by one, and the rest as YAML."""
    found = _Found()
    for start, end in spans:
        for key, fields in entries(source, start, end):
            _add(source, found, key, fields)
            found.check_size()
    for keys, node in yaml.walk(_without(source, spans), 2):
        if not keys and not isinstance(node, Mapping):
            raise InvalidSyntaxError("is no lockfile of pnpm", line=1)
        if len(keys) == 2:  # noqa: PLR2004 - section and key
            _take(source, found, keys[0].value, keys[1], node)
            found.check_size()
    return Reading(
        dependencies=tuple(found.rows.values()),
        observations=tuple(found.deprecated),
        locked=tuple(_locked(found, *required) for required in found.required),
        members=tuple(found.folders),
    )


def _without(source: SourceText, spans: Iterable[tuple[int, int]]) -> SourceText:
    """Return the text without what is read already, and without the last section of version 9.

    That one holds half of the file and nothing that is wanted.
    """
    text = source.text
    at = text.rfind(_SNAPSHOTS)
    if at >= 0 and not _TOP_LEVEL.search(text, at + len(_SNAPSHOTS)):
        text = text[: at + 1]
    borders = (0, *(offset for span in spans for offset in span), len(text))
    kept = [text[start:end] for start, end in zip(borders[::2], borders[1::2], strict=True)]
    return SourceText(source.path, "".join(kept), source.encoding, source.mark)


def _take(source: SourceText, found: _Found, section: str, key: Scalar, node: Node) -> None:
    if section == "packages" and isinstance(node, Mapping):
        _add(source, found, key, node)
    elif section == "importers" and isinstance(node, Mapping):
        folder = posixpath.normpath(key.value)
        found.folders[folder] = None
        for group in _GROUPS:
            for alias, value in node.mapping(group).items:
                _require(found, folder, alias.value, value)
    elif section in _GROUPS:
        # A project alone, before version 9.
        _require(found, ".", key.value, node)


def _require(found: _Found, folder: str, alias: str, node: Node) -> None:
    text = node.scalar("version") if isinstance(node, Mapping) else node
    if isinstance(text, Scalar):
        found.required.append((folder, alias, text.value))


def _add(source: SourceText, found: _Found, key: Scalar, fields: Mapping) -> None:
    package = _package(key.value, fields, source.place_of(key))
    if package.reason:
        found.elsewhere[key.value.partition("(")[0]] = package
    # One release stands there once for each set of peers.
    if (package.name, package.version) in found.rows:
        return
    development = fields.scalar("dev")
    found.rows[package.name, package.version] = _rows.resolved(
        package.name,
        package.version,
        package.place,
        kind=KIND,
        group="devDependencies" if development and development.value == "true" else None,
        reason=package.reason,
        marker=", ".join(_platforms(fields)) or None,
    )
    note = fields.scalar("deprecated")
    if note:
        found.deprecated.append(_rows.deprecation(package.name, package.place, note.value))


def _package(key: str, fields: Mapping, place: Place) -> _Package:
    name, version = _identified(key)
    if _is_release(version):
        return _Package(name, version, place, None)
    own, stated = fields.scalar("name"), fields.scalar("version")
    reason = _elsewhere(fields.mapping("resolution"), version or key)
    return _Package(own.value if own else name, stated.value if stated else None, place, reason)


def _identified(key: str) -> tuple[str, str]:
    """Return name and version (or address) of a key, without peers; of a bare address that and nothing."""
    found = _KEY.fullmatch(key)
    if not found or (found[2] == "/" and not key.startswith("/")):
        return key, ""
    return found[1], found[3].partition("(" if found[2] == "@" else "_")[0]


def _is_release(version: str) -> bool:
    return version[:1].isdigit()


def _elsewhere(resolution: Mapping, address: str) -> SkipReason:
    """Return why a package is no release of a registry, by how it was fetched."""
    kind, tarball = resolution.scalar("type"), resolution.scalar("tarball")
    if (kind and kind.value == "git") or resolution.scalar("repo"):
        return "version-control"
    if kind and kind.value == "directory":
        return "local-path"
    return understand("x", tarball.value if tarball else address).skip_reason or "unsupported-version"


def _platforms(fields: Mapping) -> Iterator[str]:
    """Yield ``os: darwin`` and ``cpu: arm64`` of what installs on some platforms only."""
    for name in ("os", "cpu"):
        wanted = [item.value for item in fields.scalars(name)]
        if wanted:
            yield f"{name}: {' '.join(wanted)}"[: _rows.LONGEST_NOTE]


def _locked(found: _Found, folder: str, alias: str, text: str) -> Locked:
    """Return what ``alias`` is in ``folder``: a version of it, a key of another package, or an address."""
    within = "" if folder == "." else folder
    local = text.startswith(("link:", "file:"))
    bare = text.partition("(")[0]
    package = found.elsewhere.get(f"{alias}@{bare}") or found.elsewhere.get(bare)
    if package:
        name, version = package.name, package.version
    else:
        name, version = (alias, _VERSION.split(text, 1)[0]) if _is_release(text) else _identified(text)
    row = found.rows.get((name, version))
    place = row.place if row else None
    return Locked(name=name, version=version or "", within=within, alias=alias, place=place, local=local)
