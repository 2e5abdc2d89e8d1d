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
_PROTOCOL: Final = re.compile(r"[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Specifier:
    """A specifier, understood: the package that it really names, and where in the text its `value` begins.

    `version` is the version that it pins. A value that is neither range nor version is a tag (``latest``).
    """

    name: str
    value: str
    start: int = 0
    version: str | None = None
    skip_reason: SkipReason | None = None


def is_name(text: str) -> bool:
    """Return whether a registry can have a package of this name."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def understand(name: str, text: str) -> Specifier:
    """Read the specifier ``text`` of the package ``name`` the way npm and its kin do; never raises."""
    written = text.strip()
    if written.startswith("npm:"):
        return _alias(text)
    reason = _elsewhere(written)
    if reason is None and not is_name(name):
        reason = "invalid-syntax"
    return Specifier(name, text, 0, None if reason else SCHEME.pinned(text), reason)


def _alias(text: str) -> Specifier:
    """``npm:@scope/real@^1``: the range begins behind the last ``@`` that does not begin the name."""
    begin = text.index("npm:") + len("npm:")
    at = text.find("@", begin + 1)
    name = text[begin : at if at > 0 else None].strip()
    start = at + 1 if at > 0 else len(text)
    value = text[start:]
    reason: SkipReason | None = None if is_name(name) else "invalid-syntax"
    return Specifier(name, value, start, None if reason else SCHEME.pinned(value), reason)


def _elsewhere(text: str) -> SkipReason | None:
    """Return why a registry does not know this, or None for a range or a tag."""
    if _LOCAL.match(text):
        return "local-path"
    if _GIT.match(text):
        return "version-control"
    if text.startswith(("http:", "https:")):
        return "direct-url"
    if text.startswith("$"):
        return "unpinned-expression"
    if _PROTOCOL.match(text):
        # ``catalog:`` of pnpm, ``patch:`` of Yarn, ``jsr:``.
        return "unsupported-version"
    return "local-path" if "/" in text else None
