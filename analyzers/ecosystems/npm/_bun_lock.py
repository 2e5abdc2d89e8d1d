"""``bun.lock``: what Bun resolved. JSON in which a comma may stand behind the last item, and comments anywhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from analyzers.ecosystems.npm import _rows
from analyzers.ecosystems.npm._specifier import understand
from analyzers.ecosystems.npm._yarn_lock import split
from analyzers.errors import InvalidSyntaxError, TooLargeError
from analyzers.model.ecosystem import Locked, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import Skipped
from analyzers.syntax import json
from analyzers.syntax.text import SourceText

KIND: Final = "bun-lock"
_WORKSPACE: Final = "workspace:"
# Fields of a package's details that say where it installs.
_PLATFORM: Final = ("os", "cpu")


def read(source: SourceText) -> Reading:
    """Read one lockfile. Every package is listed once for each version, as indirect; pairing takes the direct ones out.

    Raises InvalidSyntaxError, TooDeepError and TooLargeError.
    """
    strict = json.relaxed(source)
    if not strict.text.lstrip().startswith("{"):
        raise InvalidSyntaxError("is no lockfile of Bun", line=1)
    folders = dict(_workspaces(strict))
    rows: dict[tuple[str, str], Dependency] = {}
    locked = []
    for key, fields in json.members(strict, "packages"):
        resolution = fields[0] if isinstance(fields, list) and fields and isinstance(fields[0], str) else ""
        name, reference = split(resolution)
        within, alias = _nested(key.value, folders)
        name = name or alias
        if reference.startswith(_WORKSPACE):
            locked.append(Locked(name=name, version="", within=within, alias=alias, local=True))
            continue
        row = rows.get((name, reference))
        if row is None:
            row = rows[name, reference] = _row(name, reference, source.place_of(key), fields)
        local = row.skip_reason == "local-path"
        locked.append(_locked(row, within, alias, local=local))
        if len(locked) > _rows.MAX_PACKAGES:
            raise TooLargeError(f"lists more than {_rows.MAX_PACKAGES} packages")
    return Reading(
        dependencies=tuple(rows.values()), locked=tuple(locked), members=tuple(folder for folder in folders.values())
    )


def read_binary(source: SourceText) -> Reading:
    """Name Bun's older lockfile, which is binary, and how to have one that can be read."""
    detail = (
        "bun.lockb is Bun's binary lockfile, which only Bun reads: "
        "write bun.lock with `bun install --save-text-lockfile --frozen-lockfile --lockfile-only` and remove this one"
    )
    return Reading(skipped=(Skipped(what="file", path=source.path, source=KIND, reason="binary", detail=detail),))


def _workspaces(source: SourceText) -> Iterator[tuple[str, str]]:
    """Yield name and folder of each package of the workspace."""
    for key, fields in json.members(source, "workspaces"):
        name = fields.get("name") if isinstance(fields, dict) else None
        if key.value:
            yield (name if isinstance(name, str) else key.value), posixpath.normpath(key.value)


def _nested(key: str, folders: dict[str, str]) -> tuple[str, str]:
    """Return below which folder a package counts, and its name there: ``@s/member/lodash`` is the member's own."""
    *above, alias = _names(key)
    if not above:
        return "", alias
    if len(above) == 1 and above[0] in folders:
        return folders[above[0]], alias
    return "".join(f"node_modules/{name}/" for name in above).rstrip("/"), alias


def _names(key: str) -> list[str]:
    """Split ``a/@s/b`` at the slashes that end a name."""
    names: list[str] = []
    scope = ""
    for part in key.split("/"):
        if part.startswith("@") and not scope:
            scope = f"{part}/"
        else:
            names.append(scope + part)
            scope = ""
    return names or [key]


def _row(name: str, reference: str, place: Place, fields: object) -> Dependency:
    if reference[:1].isdigit():
        return _rows.resolved(name, reference, place, kind=KIND, marker=_platforms(fields))
    reason = "local-path" if reference.startswith("root:") else understand(name, reference).skip_reason
    return _rows.resolved(name, None, place, kind=KIND, reason=reason)


def _locked(row: Dependency, within: str, alias: str, *, local: bool) -> Locked:
    version = row.locked_version or ""
    return Locked(name=row.name, version=version, place=row.place, within=within, alias=alias, local=local)


def _platforms(fields: object) -> str | None:
    """Return ``os: darwin, cpu: arm64`` where the package installs on some platforms only."""
    details = [entry for entry in fields if isinstance(entry, dict)] if isinstance(fields, list) else []
    parts = []
    for field in _PLATFORM:
        wanted = details[0].get(field) if details else None
        listed = [wanted] if isinstance(wanted, str) else wanted
        if isinstance(listed, list) and listed and all(isinstance(one, str) for one in listed):
            parts.append(f"{field}: {' '.join(listed)}")
    return ", ".join(parts)[: _rows.LONGEST_NOTE] or None
