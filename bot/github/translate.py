"""PyGithub's exceptions as errors of debtscan: each a sentence that says what to do, none with a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from github.GithubException import BadAttributeException, GithubException

from bot.github.errors import (
    AlreadyThereError,
    ForbiddenError,
    HostError,
    NotCoveredError,
    NotThereError,
    RateLimitedError,
    StaleError,
    SuspendedError,
    UnreachableError,
)

_LONGEST = 300
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_NOT_THERE = {404, 410, 451}
_TOKEN = re.compile(r"\b(?:gh[opsur]_|github_pat_)[A-Za-z0-9_.\-]{8,}|\beyJ[A-Za-z0-9_.\-]{20,}")
_UNREADABLE = (
    AssertionError,
    AttributeError,
    BadAttributeException,
    IndexError,
    KeyError,
    RuntimeError,
    TypeError,
    ValueError,
)

# What GitHub's sentences mean, where the status alone does not tell.
_SENTENCES: tuple[tuple[str, type[HostError]], ...] = (
    ("reference already exists", AlreadyThereError),
    ("a pull request already exists", AlreadyThereError),
    ("already_exists", AlreadyThereError),
    ("not a fast forward", StaleError),
    ("head branch was modified", StaleError),
    ("reference does not exist", NotThereError),
    ("object does not exist", NotThereError),
    ("no commit found", NotThereError),
    ("repository is empty", NotThereError),
    ("not accessible to the parent installation", NotCoveredError),
    ("rule violations", ForbiddenError),
    ("protected branch hook declined", ForbiddenError),
    ("cannot force-push to this branch", ForbiddenError),
    ("cannot delete this branch", ForbiddenError),
)


@contextmanager
def translated(doing: str, permission: str = "") -> Iterator[None]:
    """Turn what PyGithub raises into a HostError. ``doing`` completes "could not …", and needs ``permission``."""
    try:
        yield
    except GithubException as error:
        raise host_error(error, doing, permission) from error
    except _UNREADABLE as error:
        # PyGithub answers strange documents with whatever their first use runs into.
        detail = (
            f"could not {doing}: GitHub's answer cannot be read ({type(error).__name__}); check DEBTSCAN_GITHUB_URL"
        )
        raise UnreachableError(detail) from error


def host_error(error: GithubException, doing: str, permission: str = "") -> HostError:
    """Return the error of debtscan for one of PyGithub's."""
    start, said, kinds = f"could not {doing}", _said(error.data), _kinds(error.data)
    if error.status == _UNAUTHORIZED:
        return ForbiddenError(f"{start}: GitHub does not accept the credentials; they are wrong, expired or revoked")
    if "RATE_LIMITED" in kinds:
        return RateLimitedError(f"{start}: GitHub's limit is used up; run debtscan again in an hour")
    by_words = next((kind for words, kind in _SENTENCES if words in said.lower()), None)
    if by_words is not None:
        return _of_kind(by_words, start, said)
    if error.status == _FORBIDDEN or "FORBIDDEN" in kinds:
        return _forbidden(start, said, error.headers or {}, permission)
    if error.status in _NOT_THERE or "NOT_FOUND" in kinds:
        return NotThereError(f"{start}: it is not there, or hidden from these credentials{_quoted(said)}")
    return HostError(f"{start}: GitHub refused it (status {error.status}){_quoted(said)}")


def _of_kind(kind: type[HostError], start: str, said: str) -> HostError:
    if kind is ForbiddenError:
        remedy = "; a rule of the repository forbids it, so exempt debtscan from the rule or its branches"
        return ForbiddenError(f"{start}{_quoted(said)}{remedy}")
    return kind(f"{start}{_quoted(said)}")


def _forbidden(start: str, said: str, headers: Mapping[str, Any], permission: str) -> ForbiddenError:
    lower = said.lower()
    if "x-github-sso" in headers:
        return ForbiddenError(
            f"{start}: the organisation wants the token authorised for single sign-on (token settings)"
        )
    if "ip allow list" in lower:
        return ForbiddenError(f"{start}: the organisation's list of allowed IP addresses has not this machine's")
    if "installation has been suspended" in lower:
        return SuspendedError(f"{start}: the GitHub App's installation is suspended; its owner can end that")
    if "archived" in lower:
        return ForbiddenError(f"{start}: the repository is archived, so it can only be read")
    if "workflow" in lower and ("permission" in lower or "scope" in lower):
        permission = "workflows"
    else:
        permission = accepted_permission(headers) or permission
    remedy = f"; give the permission {permission!r} (write)" if permission else "; give the missing permission"
    return ForbiddenError(f"{start}: these credentials may not do that{_quoted(said)}{remedy}", permission)


def accepted_permission(headers: Mapping[str, Any]) -> str:
    """Return the permission that would have been accepted, ``""`` where GitHub does not tell.

    The header lists alternatives: ``pull_requests=write; issues=write`` or, for all of several, joined by commas.
    """
    first = str(headers.get("x-accepted-github-permissions", "")).partition(";")[0].partition(",")[0]
    name = first.partition("=")[0].strip()
    return name if re.fullmatch(r"[a-z_]{1,40}", name) else ""


def cleaned(text: str) -> str:
    """Return a foreign text as one bounded line without control characters and tokens."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: _LONGEST * 4]).split())
    return _TOKEN.sub("(token removed)", line)[:_LONGEST]


def _said(data: object) -> str:
    """Return what GitHub wrote: its message, and those of its single errors."""
    if not isinstance(data, dict):
        return ""
    parts = [data.get("message")]
    for entry in _errors(data):
        if isinstance(entry, dict):
            named = (entry.get(key) for key in ("resource", "field", "code"))
            parts.append(entry.get("message") or "/".join(part for part in named if isinstance(part, str)))
        else:
            parts.append(entry)
    return cleaned("; ".join(part for part in parts if isinstance(part, str) and part))


def _kinds(data: object) -> set[str]:
    """Return the kinds of GraphQL's errors."""
    return {str(entry.get("type")) for entry in _errors(data) if isinstance(entry, dict)}


def _errors(data: object) -> list[object]:
    errors = data.get("errors") if isinstance(data, dict) else None
    return errors[:5] if isinstance(errors, list) else []


def _quoted(said: str) -> str:
    return f" ({said})" if said else ""
