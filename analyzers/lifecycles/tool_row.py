"""A runtime or tool at a version as a row of the inventory, wherever it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from analyzers.lifecycles import tools
from analyzers.model.inventory import Dependency
from analyzers.model.later import later_scheme
from analyzers.model.scheme import Scheme
from analyzers.model.skipped import SkipReason
from analyzers.syntax import git_url
from analyzers.syntax.credentials import masked
from analyzers.syntax.purl import package_url
from analyzers.syntax.text import SourceText

_LONGEST: Final = 128
_FULL: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*")
# What may stand around the numbers that count, by runtime; what does not fit names another implementation.
_VERSION: Final = r"(?P<version>[0-9^~<>=!*xX][0-9A-Za-z.*^~<>=!|, +-]*?)"
_SHAPES: Final = {
    "python": re.compile(rf"(?:c?python-?)?{_VERSION}(?:-dev|t)?", re.IGNORECASE),
    "node": re.compile(r"(?:node-?)?(?P<version>[0-9A-Za-z*^~<>=v].*)"),
    "ruby": re.compile(rf"(?:ruby-?)?{_VERSION}", re.IGNORECASE),
    "java": re.compile(
        rf"(?:(?P<maker>[a-z][a-z-]*?)-)?(?:jre-|musl-|openj9-)*{_VERSION}(?:-ea|-crac)?", re.IGNORECASE
    ),
}
_PLAIN: Final = re.compile(rf"v?{_VERSION}")
_SCHEMES: Final[dict[str, Scheme]] = {
    "pypi": later_scheme("pep440", "analyzers.versions.pep440"),
    "npm": later_scheme("npm", "analyzers.versions.npm"),
    **dict.fromkeys(git_url.TYPES, later_scheme("git", "analyzers.versions.git_tag")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A version as it stands in a file: `text` at the offset `start`.

    `distribution` is who builds a Java; `group` becomes the row's dependency group.
    """

    source: SourceText
    text: str
    start: int
    kind: str
    group: str | None = None
    distribution: str = ""


def row(name: str, written: Written) -> Dependency:
    """Return the row of ``name`` (``python``, ``terraform``, as any tool spells it) at the written version."""
    canonical = tools.canonical(name)
    if canonical in tools.runtimes():
        return _runtime(canonical, written)
    home = tools.home(canonical)
    if home is None:
        return unknown(name, written)
    return _tool(canonical, home, written)


def unknown(name: str, written: Written, reason: SkipReason = "unsupported-source") -> Dependency:
    """Return the row of something that is listed and not judged."""
    name = masked(name)
    return _dependency("generic", name, written, (0, len(written.text)), package_url("generic", name), None, reason)


def _runtime(name: str, written: Written) -> Dependency:
    text = written.text
    found = _SHAPES.get(name, _PLAIN).fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or (name != "node" and not any(map(str.isdigit, text))):
        # Another implementation, or a word that follows the newest by itself.
        return unknown(name, written, "unsupported-version")
    value = found["version"]
    version = value if _FULL.fullmatch(value) else None
    maker = written.distribution or (found.groupdict().get("maker") or "")
    qualifiers = {"distribution": maker.lower()} if maker else None
    purl = package_url("generic", name, version, qualifiers=qualifiers)
    return _dependency("generic", name, written, found.span("version"), purl, version, None)


def _tool(name: str, home: tools.Home, written: Written) -> Dependency:
    namespace, _, bare = home.name.rpartition("/")
    purl = package_url(home.type, bare, None, namespace or None)
    called = name if home.type == "github" else home.name
    return released(home.type, called, written, purl, prefix=home.prefix)


def released(type_: str, name: str, written: Written, purl: str, *, prefix: str = "") -> Dependency:
    """Return the row of something that a registry or the tags of a repository know.

    ``purl`` is that without a version; ``prefix`` is what the repository's tags put before a version.
    """
    scheme, text = _SCHEMES[type_], written.text
    asked = f"{prefix}{text.removeprefix(prefix)}"
    readable = len(text) <= _LONGEST and (scheme.is_constraint(asked) or text == "latest")
    version = scheme.pinned(asked) if readable else None
    full = f"{purl}@{quote(text, safe=':')}" if purl and version else purl
    reason: SkipReason | None = None if readable else "unsupported-version"
    return _dependency(type_, name, written, (0, len(text)), full, version, reason)


def listed(type_: str, name: str, written: Written, purl: str) -> Dependency:
    """Return the row of a package whose registry is not asked."""
    return _dependency(type_, name, written, (0, len(written.text)), purl, None, "unsupported-source")


def _dependency(  # noqa: PLR0917 - the parts of one row
    ecosystem: str,
    name: str,
    written: Written,
    span: tuple[int, int],
    purl: str,
    version: str | None,
    reason: SkipReason | None,
) -> Dependency:
    start, end = written.start + span[0], written.start + span[1]
    return Dependency(
        ecosystem=ecosystem,
        name=name,
        place=written.source.place(start, end),
        kind=written.kind,
        purl=purl,
        value=written.text[slice(*span)] or None,
        version=version,
        dependency_group=written.group,
        skip_reason=reason,
    )
