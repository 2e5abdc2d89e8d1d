"""Releases of a repository on GitHub: what its tags alone do not tell, the day and whether it is a prerelease.

Asked in pages of a hundred, the newest first, and no further than is needed to judge what is newer.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Source, day_of
from analyzers.model.facts import Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.registries._github import listed

MAX_BYTES = 16 * 1024 * 1024
MAX_PAGES = 3
_PAGE = 100
_LONGEST_TAG = 256


class _Released(msgspec.Struct, frozen=True):
    tag_name: str
    draft: bool = False
    prerelease: bool = False
    published_at: str | None = None


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for the newest releases of ``owner/repository``; one that releases by tags alone has none."""
    found = yield from listed(question, addresses, list[_Released], page=_PAGE, pages=MAX_PAGES, max_bytes=MAX_BYTES)
    if isinstance(found, Unknown):
        return found
    return Known(Package(question.name, tuple(_releases(found))))


def _releases(found: tuple[_Released, ...]) -> Iterator[Release]:
    """Yield what is published: drafts are shown to those alone who may push."""
    for one in found:
        if not one.draft and len(one.tag_name) <= _LONGEST_TAG:
            yield Release(one.tag_name, day_of(one.published_at), prerelease=one.prerelease)


SOURCE = Source(
    name="github-releases",
    title="GitHub's API (the day of a release, and whether it is a prerelease)",
    value=Package,
    look_up=look_up,
    limits="60 requests an hour without a token, 5,000 with one; at most 20 repositories a scan, with a newer tag only",
)
