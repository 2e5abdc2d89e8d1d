"""Secrets in texts of scanned files: addresses may hold them, and no report may."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_MARK: Final = "://"
# An address inside of a sentence ends here.
_RUN: Final = re.compile(r"[^\s\"'“”<>]*")
_ADDRESS: Final = re.compile(f"{_MARK}({_RUN.pattern})")
_AUTHORITY: Final = re.compile(r"[^/?#]*")
_PORT: Final = re.compile(r"[^:]*:(?:[0-9]{1,5}|\$[{(].*|\{\{.*)?", re.DOTALL)
# What stands behind the last ``@`` of an address whose password holds a slash.
_HOST: Final = re.compile(r"@(?=[A-Za-z0-9.-]{1,253}(?:[/:?#]|\Z))")
_FULL_HOST: Final = re.compile(r"@(?=[A-Za-z0-9.-]{1,250}\.[A-Za-z]{2,60}(?::[0-9]{1,5})?(?:[/?#]|\Z))")
# ``user:password@host.com/…`` and a long token before ``@host.com/…``, without a scheme.
_BARE: Final = re.compile(
    r"(?<![^\s/@\"'“(=])([^\s/@\"'“(=]++)@(?=[A-Za-z][A-Za-z0-9.-]{0,250}\.[A-Za-z]{2,60}(?![\w.+-])([/:]?))"
)
_PASSWORD: Final = re.compile(r"[\w.+-]:(?!git\Z)[^:]")
_TOKEN: Final = re.compile(r"[\w-]{20,}+\Z")
_BARE_ADDRESS: Final = re.compile(r"[^\s/@:]{0,256}:[^/@]{1,256}@(?=[A-Za-z0-9.-]+(?:[/:]|\Z))")
_PARAMETER: Final = re.compile(
    r"((?:^|[?&;#\s])[\w.-]{0,40}(?:token|secret|password|passwd|pwd|key|auth|sig|signature|credentials?)[\w.-]{0,40}=)"
    r"[^&\s\"'“”#*][^&\s\"'“”#]*",
    re.IGNORECASE,
)
_HALF_FIRST: Final = re.compile(r"\A\S*+")
# What of a query and of a fragment says which revision or package is meant, and is no secret.
_QUERY: Final = re.compile(r"(?:ref|version|depth|submodules|timeout)=[\w./+-]{0,128}")
_FRAGMENT: Final = re.compile(r"(?:egg|subdirectory)=[\w.\[\],/+-]{0,128}|v?[0-9]{1,8}(?:\.[\w.+-]{0,64})?")


def masked(text: str) -> str:
    """Return a text without the user names, passwords and tokens of the addresses in it."""
    if _MARK in text:
        # A password may hold ``://``, and one address may follow another without a space.
        first, *others = _ADDRESS.sub(_without_user, text).split(_MARK)
        text = _MARK.join((first, *(other[_host_start(other[: _run_end(other)]) :] for other in others)))
    if "@" in text:
        text = _BARE.sub(_without_password, text)
    return _PARAMETER.sub(r"\1***", text) if "=" in text else text


def whole_words(text: str, *, cut_before: bool = False, cut_after: bool = False) -> str:
    """Return a part of a text without the halves of words at its cut ends: half an address is not known as one."""
    if cut_before:
        text = _HALF_FIRST.sub("", text, count=1)
    if cut_after:
        # From behind: at the end an expression would be tried at each sign of a long last word.
        text = _HALF_FIRST.sub("", text[::-1], count=1)[::-1]
    return text


def shown(address: str) -> str:
    """Return an address without user name, password, and whatever of its query and fragment may be a secret."""
    before, mark, rest = address.partition(_MARK)
    if mark:
        plain = f"{before}{mark}{rest[_host_start(rest) :]}"
    else:
        bare = _BARE_ADDRESS.match(before)
        # ``git@host:path`` names its user, and no secret.
        plain = before[bare.end() if bare else 0 if "@" in _AUTHORITY.match(before)[0] else _host_start(before) :]  # type: ignore[index] # matches any text
    body, hash_, fragment = plain.partition("#")
    body, question, query = body.partition("?")
    return masked(f"{body}{_kept(_QUERY, question, query)}{_kept(_FRAGMENT, hash_, fragment)}")


def holds_secret(text: str) -> bool:
    """Return whether `masked` takes something out of the text, as it stands or percent-encoded."""
    return masked(text) != text or ("%" in text and masked(decoded := unquote(text)) != decoded)


def _kept(allowed: re.Pattern[str], sign: str, parameters: str) -> str:
    kept = "&".join(part for part in parameters.split("&") if allowed.fullmatch(part))
    return f"{sign}{kept}" if kept else ""


def _without_user(found: re.Match[str]) -> str:
    return _MARK + found[1][_host_start(found[1]) :]


def _without_password(found: re.Match[str]) -> str:
    # A long name before a version that looks like a host is no token: there, more has to follow.
    hides = _PASSWORD.search(found[1]) or (found[2] and _TOKEN.search(found[1]))
    return "" if hides else found[0]


def _run_end(text: str) -> int:
    found = _RUN.match(text)
    return found.end() if found else 0


def _host_start(text: str) -> int:
    """Return where the host begins in what follows ``://``: behind the last ``@`` before it.

    A password may hold the letters that end an authority, so what looks like one is followed to its last host.
    """
    found = _AUTHORITY.match(text)
    authority = found[0] if found else ""
    user, at, _ = authority.rpartition("@")
    if ":" not in (user if at else authority) or authority.startswith("["):
        return len(user) + len(at)
    host = _HOST
    if at:
        host = _FULL_HOST
    elif _PORT.fullmatch(authority):
        name = authority.partition(":")[0]
        if "." in name or name == "localhost":
            return 0
        host = _FULL_HOST
    return max((one.end() for one in host.finditer(text)), default=0) or len(user) + len(at)
