"""Rows of the inventory as npm's files give them."""

from __future__ import annotations

import re
from typing import Final

from analyzers.ecosystems.npm._specifier import Specifier
from analyzers.model.inventory import Dependency
from analyzers.model.place import Place
from analyzers.model.skipped import SkipReason
from analyzers.syntax.node import Scalar
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText
from analyzers.versions.npm import SCHEME

_LONGEST_SHOWN: Final = 256
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
    if source.text[scalar.start : scalar.end] != scalar.value:
        return source.place(scalar.start, scalar.end)
    return source.place(scalar.start + start, scalar.end if end is None else scalar.start + end)


def requirement(source: SourceText, scalar: Scalar, found: Specifier, *, kind: str, group: str) -> Dependency:
    """Return the row of one requirement on a package."""
    return Dependency(
        ecosystem="npm",
        name=found.name,
        place=value_place(source, scalar, found.start),
        kind=kind,
        purl=purl(found.name, found.version),
        value=found.value,
        version=found.version,
        dependency_group=group,
        skip_reason=found.skip_reason,
    )


def runtime(source: SourceText, scalar: Scalar, *, kind: str, group: str | None = None) -> Dependency:
    """Return the row of a Node.js version or range (``engines``, ``.nvmrc``, Volta)."""
    version = SCHEME.pinned(scalar.value)
    return Dependency(
        ecosystem="generic",
        name="node",
        place=source.place(scalar.start, scalar.end),
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
        place=source.place(scalar.start, scalar.end),
        kind="engines",
        purl=package_url("generic", name),
        value=scalar.value,
        version=SCHEME.pinned(scalar.value),
        dependency_group=group,
        skip_reason=reason,
    )
