"""Counts what is asked of GitHub, and what is left of its limits."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from bot.github.heard import Heard
from bot.github.rate import is_too_much
from bot.service import metrics
from bot.service.rates import RATES, Rates

_MADE: Final = re.compile(
    r"/repos/[^/]+/[^/]+/(?:(?P<comment>issues/\d+/comments)|(?P<issue>issues)|(?P<pull>pulls)|(?P<branch>git/refs)"
    r"|(?P<check>check-runs)|(?P<sarif>code-scanning/sarifs))"
)
_WORDS: Final = {
    "pull": "pull-request",
    "branch": "branch",
    "check": "check-run",
    "comment": "comment",
    "issue": "issue",
    "sarif": "code-scanning",
}


def count(heard: Heard, rates: Rates = RATES) -> None:
    """Count an answer; it is a `bot.github.heard.Listener`."""
    kind = "write" if heard.is_write else "read"
    metrics.GITHUB_REQUESTS.labels(kind=kind, outcome=outcome_of(heard)).inc()
    made = made_of(heard)
    if made:
        metrics.GITHUB_WRITES.labels(what=made).inc()
    _note_limit(heard, rates)


def outcome_of(heard: Heard) -> str:
    """Return ok, refused, limited or failed."""
    if is_too_much(heard.status, heard.headers, ""):
        return "limited"
    if heard.status == 0 or heard.status >= 500:  # noqa: PLR2004 - the server's own failures
        return "failed"
    return "refused" if heard.status >= 400 else "ok"  # noqa: PLR2004 - what it does not want


def made_of(heard: Heard) -> str:
    """Return what an answered request made, "" for nothing that has a name."""
    if heard.method != "POST" or outcome_of(heard) != "ok":
        return ""
    # A server of one's own has its interface below /api/v3.
    found = _MADE.fullmatch(urlsplit(heard.url).path.removeprefix("/api/v3"))
    return _WORDS[found.lastgroup] if found and found.lastgroup else ""


def _note_limit(heard: Heard, rates: Rates) -> None:
    limit, remaining, reset = (heard.headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining", "reset"))
    _github, _colon, installation = heard.party.partition(":")
    if not (limit.isdecimal() and remaining.isdecimal() and reset.isdecimal() and installation.isdecimal()):
        return
    resource = heard.headers.get("x-ratelimit-resource", "core")
    rates.saw(
        int(installation),
        resource if resource in RESOURCES else metrics.OTHER,
        remaining=int(remaining[:9]),
        limit=int(limit[:9]),
        resets_at=float(reset[:12]),
    )


RESOURCES: Final = frozenset({"core", "search", "code_search", "graphql", "code_scanning_upload"})
"""The limits that have a series of their own."""
