"""What stands behind a package's name: a range, a tag, another package, a folder, an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from analyzers.model.skipped import SkipReason
from analyzers.versions.npm import SCHEME

_LONGEST_NAME: Final = 214
# Capitals are history, and still installed. A name goes into an address, so anything else is not asked for.
_NAME: Final = re.compile(r"(?:@[A-Za-z0-9~_*!'()-][A-Za-z0-9._~*!'()-]*/)?[A-Za-z0-9~_*!'()-][A-Za-z0-9._~*!'()-]*")

_LOCAL: Final = re.compile(r"(?:file|link|portal|workspace):|\.{0,2}[/\\]|~[/\\]|\.{1,2}$|[A-Za-z]:[/\\]")
_GIT: Final = re.compile(
    r"git(?:\+[a-z]+)?:|git@|ssh:|(?:github|gitlab|bitbucket|gist|sourcehut):|[^@:/\s][^:/\s]*/[^:/\s#]+(?:#.*)?$"
    r"|https?://(?:[^/@\s]*@)?(?:github|gitlab|bitbucket)\.(?:com|org)/[^/\s]+/[^/\s]+$|https?://[^\s#]+\.git(?:#|$)"
)
# Of several parts (``#workspace=a&semver=^1``) the one that says which commit.
_REFERENCE: Final = re.compile(
    r"[#&](?!path:|workspace=|cwd=)(?:(?:semver|commit|tag|head|branch)[:=])?(?P<ref>[^&#\s][^&#]*)"
)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")

# The first that matches says why a registry does not know it. The last are ``patch:`` of Yarn, ``jsr:``, ``runtime:``.
_ELSEWHERE: Final[tuple[tuple[re.Pattern[str], SkipReason], ...]] = (
    (_LOCAL, "local-path"),
    (_GIT, "version-control"),
    (re.compile(r"https?:"), "direct-url"),
    (re.compile(r"\$"), "unpinned-expression"),
    (re.compile(r"catalog:"), "set-elsewhere"),
    (re.compile(r"[a-z][a-z0-9+.-]*:"), "unsupported-version"),
)


@dataclass(frozen=True, slots=True)
class Specifier:
    """A specifier, understood: the package that it really names, and where in the text its `value` begins.

    `version` is the version that it pins, `digest` the commit. A value that is neither range nor version is a tag
    (``latest``).
    """

    name: str
    value: str
    start: int = 0
    version: str | None = None
    skip_reason: SkipReason | None = None
    digest: str | None = None


def is_name(text: str) -> bool:
    """Return whether a registry can have a package of this name."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def understand(name: str, text: str) -> Specifier:
    """Read the specifier ``text`` of the package ``name`` the way npm and its kin do; never raises."""
    written = text.strip()
    if written.startswith("npm:"):
        return _alias(name, text)
    reason = _elsewhere(written)
    if reason == "version-control":
        return _reference(name, text)
    if reason is None and not is_name(name):
        reason = "invalid-syntax"
    return Specifier(name, text, 0, None if reason else SCHEME.pinned(text), reason)


def _alias(name: str, text: str) -> Specifier:
    """``npm:@scope/real@^1``: the range begins behind the last ``@`` that does not begin the name.

    Yarn also writes ``npm:^1``, which names no other package.
    """
    begin = text.index("npm:") + len("npm:")
    at = text.find("@", begin + 1)
    start = at + 1 if at > 0 else len(text)
    if at < 0 and text[begin : begin + 1].strip("0123456789^~<>=*") == "":
        start = begin
    else:
        name = text[begin : at if at > 0 else None].strip()
    value = text[start:]
    reason: SkipReason | None = None if is_name(name) else "invalid-syntax"
    return Specifier(name, value, start, None if reason else SCHEME.pinned(value), reason)


def _reference(name: str, text: str) -> Specifier:
    """``owner/repo#v1.2.3``, ``…#semver:^1``, ``…#commit=<sha>&workspace=a``: what follows ``#`` says which commit."""
    found = _REFERENCE.search(text)
    if not found:
        return Specifier(name, text, skip_reason="version-control")
    value = found["ref"]
    return Specifier(
        name,
        value,
        found.start("ref"),
        SCHEME.pinned(value),
        "version-control",
        value if _COMMIT.fullmatch(value) else None,
    )


def _elsewhere(text: str) -> SkipReason | None:
    """Return why a registry does not know this, or None for a range or a tag."""
    for pattern, reason in _ELSEWHERE:
        if pattern.match(text):
            return reason
    return "local-path" if "/" in text else None
