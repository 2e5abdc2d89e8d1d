"""Rows of the inventory as npm's files give them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from analyzers.ecosystems.npm._specifier import Specifier, is_name
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax.credentials import holds_secret
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText
from analyzers.versions.npm import SCHEME

_LONGEST_SHOWN: Final = 256
LONGEST_NOTE: Final = 1000
# Three times what the largest workspaces of the world resolve; a row takes about a kilobyte.
MAX_PACKAGES: Final = 200_000
# Names and versions without anything that a package URL escapes or changes.
_PLAIN_NAME: Final = re.compile(r"(?:@([a-z0-9_-]+)/)?([a-z0-9][a-z0-9._-]*)")
_PLAIN_VERSION: Final = re.compile(r"[0-9][0-9A-Za-z.-]*")


def purl(name: str, version: str | None) -> str:
    """Return the package URL; a scope is the namespace."""
    plain = _PLAIN_NAME.fullmatch(name)
    if plain and _PLAIN_VERSION.fullmatch(version or "0"):
        # The general way takes twenty times as long, and lockfiles hold thousands.
        scope = f"%40{plain[1]}/" if plain[1] else ""
        return f"pkg:npm/{scope}{plain[2]}@{version}" if version else f"pkg:npm/{scope}{plain[2]}"
    scope, _, bare = name.rpartition("/")
    return package_url("npm", bare, version, scope or None)


def value_place(source: SourceText, scalar: Scalar, start: int = 0, end: int | None = None) -> Place:
    """Return the place of ``scalar.value[start:end]``, or of the whole where escapes stand in the way."""
    if not source.is_verbatim(scalar):
        return source.place_of(scalar)
    return source.place(scalar.start + start, scalar.end if end is None else scalar.start + end)


def requirement(source: SourceText, scalar: Scalar, found: Specifier, *, kind: str, group: str) -> Dependency:
    """Return the row of one requirement on a package. JSON has texts for these; a number or ``null`` is a mistake."""
    if not scalar.quoted and kind.startswith("package-json"):
        found = Specifier(found.name, found.value, skip_reason="invalid-syntax")
    return Dependency(
        ecosystem="npm",
        name=found.name,
        place=value_place(source, scalar, found.start, found.start + len(found.value)),
        kind=kind,
        # A tag of a repository is no version of the registry's package.
        purl=purl(found.name, None if found.skip_reason else found.version),
        value=None if holds_secret(found.value) else found.value,
        version=found.version,
        digest=found.digest,
        dependency_group=group,
        skip_reason=found.skip_reason,
    )


def written(found: Iterable[tuple[Dependency, str, str]]) -> dict[Place, tuple[str, str]]:
    """Return key and text of each row by its place, where these are not its name and value (see `Reading`)."""
    return {row.place: (key, text) for row, key, text in found if (key, text) != (row.name, row.value)}


def resolved(
    name: str,
    version: str | None,
    place: Place,
    *,
    kind: str,
    group: str | None = None,
    reason: SkipReason | None = None,
    marker: str | None = None,
) -> Dependency:
    """Return the row of what a lockfile resolved; `reason` says why it is no release of a registry."""
    if reason is None and not (is_name(name) and version is not None and SCHEME.key(version) is not None):
        reason = "unsupported-version"
    return Dependency(
        ecosystem="npm",
        name=name,
        place=place,
        kind=kind,
        purl=purl(name, version),
        locked_version=version,
        direct=False,
        dependency_group=group,
        skip_reason=reason,
        marker=marker,
    )


def deprecation(name: str, place: Place, note: str) -> Observation:
    """Return what a registry said against a release, as the lockfile keeps it."""
    return Observation(kind="npm-lock-deprecation", name=name, place=place, text=note[:LONGEST_NOTE])


def runtime(source: SourceText, scalar: Scalar, *, kind: str, group: str | None = None) -> Dependency:
    """Return the row of a Node.js version or range (``engines``, ``.nvmrc``, Volta)."""
    version = SCHEME.pinned(scalar.value)
    return Dependency(
        ecosystem="generic",
        name="node",
        place=source.place_of(scalar),
        kind=kind,
        purl=package_url("generic", "node", version),
        value=scalar.value,
        version=version,
        dependency_group=group,
        skip_reason="unsupported-version" if len(scalar.value) > _LONGEST_SHOWN else None,
    )


def engine(source: SourceText, name: str, scalar: Scalar, group: str) -> Dependency:
    """Return the row of an engine other than Node.js (``npm``, ``vscode``): listed, for nothing here judges it."""
    reason: SkipReason = "unsupported-version"
    return Dependency(
        ecosystem="generic",
        name=name,
        place=source.place_of(scalar),
        kind="engines",
        purl=package_url("generic", name),
        value=scalar.value,
        version=SCHEME.pinned(scalar.value),
        dependency_group=group,
        skip_reason=reason,
    )
