"""``yarn.lock``: of Yarn 1, whose grammar is its own, and of the later ones, whose subset of YAML is read the same way.

Both write blocks of lines without any nesting that matters here, so one pass over the lines is enough, whatever the
size: a head that lists the requirements it answers, and indented fields.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._specifier import understand
from analyzers.errors import InvalidSyntaxError, TooLargeError
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax.text import SourceText

KIND: Final = "yarn-lock"

# A field of the first level: ``version "1.0.0"`` (1), ``version: 1.0.0`` (later), ``resolution: "a@npm:1.0.0"``.
_FIELD: Final = re.compile(r'  (version|resolution|conditions):? +(?:"([^"\n]*)"|([^"\s][^\n]*))')
# What a head lists: texts in quotes with JSON's escapes, or bare ones.
_LISTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s",][^,"]*)')
_METADATA: Final = "__metadata"
# The version that Yarn gives to folders: workspaces, ``link:``, ``portal:``.
_LINKED: Final = "0.0.0-use.local"
# A blank line, and the colon below a long key.
_EMPTY: Final = ("", ":")


@dataclass(slots=True)
class _Entry:
    """One block: where its head stands, the requirements that the head lists, and the fields of interest."""

    start: int
    end: int
    descriptors: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Package:
    """What an entry resolves to. `folder` is the one of a workspace, else None."""

    name: str
    version: str | None
    reason: SkipReason | None = None
    folder: str | None = None


def read(source: SourceText) -> Reading:
    """Read one lockfile. Every package is listed once for each version, as indirect; pairing takes the direct ones out.

    Raises InvalidSyntaxError (with the line) and TooLargeError.
    """
    rows: dict[tuple[str, str | None, SkipReason | None], Dependency] = {}
    locked, members = [], []
    for entry in _entries(source):
        package = _package(entry)
        if package.folder is not None:
            members.append(package.folder)
        if package.version is None or package.version == _LINKED:
            locked.append(_locked(entry, package, None))
            continue
        key = (package.name, package.version, package.reason)
        if key not in rows:
            rows[key] = _row(source, entry, package)
        locked.append(_locked(entry, package, rows[key].place))
    return Reading(dependencies=tuple(rows.values()), locked=tuple(locked), members=tuple(members))


def _entries(source: SourceText) -> Iterator[_Entry]:
    entry: _Entry | None = None
    count = 0
    modern = False
    for start, line in _heads_and_fields(source.text):
        if line.startswith(" "):
            found = _FIELD.fullmatch(line) if entry else None
            if found and entry:
                entry.fields.setdefault(found[1], (found[3] if found[2] is None else found[2]).strip())
            continue
        if entry:
            yield entry
        modern = modern or line.startswith(_METADATA)
        entry = None if line.startswith(_METADATA) else _head(source, start, line, modern=modern)
        count += 1
        if count > _rows.MAX_PACKAGES:
            raise TooLargeError(f"lists more than {_rows.MAX_PACKAGES} packages")
    if entry:
        yield entry


def _heads_and_fields(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of the lines that are heads or fields of the first level, without their line ends."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        # Deeper lines are by far the most, and say nothing that is wanted.
        if not text.startswith("    ", start):
            line = text[start:stop].rstrip()
            if line not in _EMPTY and not line.startswith("#"):
                yield start, line
        start = stop + 1


def _head(source: SourceText, start: int, line: str, *, modern: bool) -> _Entry:
    """Read ``"a@^1", a@^2:``. Of more than 1024 characters it is written ``? "…"`` with the colon a line below."""
    begin = 2 if line.startswith("? ") else 0
    end = len(line) if begin else len(line) - 1
    listed = tuple(_listed(line[begin:end], modern=modern)) if begin or line.endswith(":") else ()
    if not listed:
        number, _ = source.line_column(start)
        raise InvalidSyntaxError("is no lockfile of Yarn: a line names no requirement", line=number)
    return _Entry(start + begin, start + end, listed)


def _listed(text: str, *, modern: bool) -> Iterator[str]:
    """Yield the requirements of a head: Yarn 1 quotes each, the later ones quote the whole list."""
    for found in _LISTED.finditer(text):
        written = found[2] if found[1] is None else _unescaped(found[1])
        parts = written.split(",") if modern else (written,)
        yield from (part.strip() for part in parts if part.find("@", 1) > 0)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        value = json.loads(f'"{text}"')
    except ValueError:
        return text
    return str(value)


def _package(entry: _Entry) -> _Package:
    version = entry.fields.get("version")
    resolution = entry.fields.get("resolution")
    name, reference = split(resolution or entry.descriptors[0])
    if not resolution:
        found = understand(name, reference)
        return _Package(found.name, version, found.skip_reason)
    protocol, _, rest = reference.partition(":")
    if protocol == "workspace":
        return _Package(name, None, "local-path", folder=posixpath.normpath(rest))
    if protocol in ("npm", "patch"):
        # A patch is made of the release whose version stands here.
        return _Package(name, version)
    return _Package(name, version, understand(name, reference).skip_reason or "unsupported-version")


def split(descriptor: str) -> tuple[str, str]:
    """Return ``@a/b`` and ``^1`` of ``@a/b@^1``."""
    at = descriptor.find("@", 1)
    return (descriptor[:at], descriptor[at + 1 :]) if at > 0 else (descriptor, "")


def _row(source: SourceText, entry: _Entry, package: _Package) -> Dependency:
    return _rows.resolved(
        package.name,
        package.version,
        source.place(entry.start, entry.end),
        kind=KIND,
        reason=package.reason,
        marker=entry.fields.get("conditions"),
    )


def _locked(entry: _Entry, package: _Package, place: Place | None) -> Locked:
    return Locked(
        name=package.name,
        version=package.version or "",
        place=place,
        local=package.reason == "local-path",
        descriptors=entry.descriptors,
    )
