"""What a repository's releases on GitHub say: for the notes in a pull request, asked for what moves alone.

Asked in pages, the newest first; long notes are cut, since nobody reads them in a pull request.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Source, day_of
from analyzers.model.facts import Known, ReleaseNote, ReleaseNotes, Unknown
from analyzers.model.question import Question
from analyzers.registries._github import listed

MAX_BYTES = 16 * 1024 * 1024
MAX_PAGES = 2
MAX_TEXT = 20_000
_PAGE = 50
_LONGEST_TAG = 256


class _Released(msgspec.Struct, frozen=True):
    tag_name: str
    body: str | None = None
    draft: bool = False
    published_at: str | None = None


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask what the newest releases of ``owner/repository`` say about themselves."""
    found = yield from listed(question, addresses, list[_Released], page=_PAGE, pages=MAX_PAGES, max_bytes=MAX_BYTES)
    if isinstance(found, Unknown):
        return found
    return Known(ReleaseNotes(question.name, tuple(_notes(found))))


def _notes(found: tuple[_Released, ...]) -> Iterator[ReleaseNote]:
    """Yield what is published: drafts are shown to those alone who may push."""
    for one in found:
        if not one.draft and len(one.tag_name) <= _LONGEST_TAG:
            yield ReleaseNote(one.tag_name, day_of(one.published_at), (one.body or "")[:MAX_TEXT])


SOURCE = Source(
    name="github-release-notes",
    title="GitHub's API (what releases say, for pull requests)",
    value=ReleaseNotes,
    look_up=look_up,
    limits="60 requests an hour without a token, 5,000 with one; at most 2 a repository of what moves",
)
