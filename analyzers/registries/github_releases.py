"""Releases of a repository on GitHub: what its tags alone do not tell, the day and whether it is a prerelease.

Asked in pages of a hundred, the newest first, and no further than is needed to judge what is newer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Request, Response, Source, base_address, host_of, refusal
from analyzers.model.facts import Known, Package, Question, Release, Unknown

ADDRESS = "https://api.github.com"
MAX_BYTES = 16 * 1024 * 1024
MAX_PAGES = 3
_PAGE = 100
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_LONGEST_TAG = 256
_FORBIDDEN = 403
_HALF_A_DAY = 12 * 60 * 60


class _Released(msgspec.Struct, frozen=True):
    tag_name: str
    draft: bool = False
    prerelease: bool = False
    published_at: str | None = None


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for the newest releases of ``owner/repository``; one that releases by tags alone has none."""
    if not _NAME.fullmatch(question.name):
        return Unknown("not-found", f"{question.name[:200]!r} is no name of a repository")
    base = base_address(question, addresses, ADDRESS)
    releases: list[Release] = []
    for page in range(1, MAX_PAGES + 1):
        response = yield Request(
            url=f"{base}/repos/{question.name}/releases?per_page={_PAGE}&page={page}",
            headers={"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"},
            credentials=host_of(base),
            max_bytes=MAX_BYTES,
            fresh_for=_HALF_A_DAY,
        )
        unknown = _refused(response, host_of(base))
        if unknown:
            return unknown
        try:
            found = msgspec.json.decode(response.body, type=tuple[_Released, ...])
        except ValueError as error:
            return Unknown("malformed-answer", f"{host_of(base)}: {error}")
        releases.extend(_releases(found))
        if len(found) < _PAGE:
            break
    return Known(Package(question.name, tuple(releases)))


def _refused(response: Response, asked: str) -> Unknown | None:
    if response.status == _FORBIDDEN and response.headers.get("x-ratelimit-remaining") == "0":
        return Unknown("rate-limited", f"{asked} answers no more requests for now; a token raises the limit")
    return refusal(response, asked)


def _releases(found: tuple[_Released, ...]) -> Iterator[Release]:
    """Yield what is published: drafts are shown to those alone who may push."""
    for one in found:
        if not one.draft and len(one.tag_name) <= _LONGEST_TAG:
            yield Release(one.tag_name, _day(one.published_at), prerelease=one.prerelease)


def _day(timestamp: str | None) -> date | None:
    try:
        return date.fromisoformat(timestamp[:10]) if timestamp else None
    except ValueError:
        return None


SOURCE = Source(
    name="github-releases",
    title="GitHub's API (the day of a release, and whether it is a prerelease)",
    value=Package,
    look_up=look_up,
    limits="60 requests an hour without a token, 5,000 with one; at most 20 repositories a scan, with a newer tag only",
)
