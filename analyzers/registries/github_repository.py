"""A repository as GitHub sees it: archived, or renamed."""

from __future__ import annotations

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Source, base_address, day_of, host_of
from analyzers.model.facts import HostedRepository, Known, Unknown
from analyzers.model.question import Question
from analyzers.registries._github import ADDRESS, misnamed, refused, request
from analyzers.typed import from_json

MAX_BYTES = 1024 * 1024


class _Repository(msgspec.Struct, frozen=True):
    full_name: str
    archived: bool
    pushed_at: str | None = None
    open_issues_count: int | None = None


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for ``owner/repository``."""
    unasked = misnamed(question.name)
    if unasked:
        return unasked
    base = base_address(question, addresses, ADDRESS)
    response = yield request(f"{base}/repos/{question.name}", MAX_BYTES)
    return refused(response, host_of(base)) or _read(question.name, response.body, host_of(base))


def _read(name: str, body: bytes, asked: str) -> Known | Unknown:
    try:
        found = from_json(body, _Repository)
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    moved = found.full_name if found.full_name.lower() != name.lower() else None
    return Known(HostedRepository(name, found.archived, moved, day_of(found.pushed_at), found.open_issues_count))


SOURCE = Source(
    name="github-repository",
    title="GitHub's API (archived and renamed repositories)",
    value=HostedRepository,
    look_up=look_up,
    limits="60 requests an hour without a token, 5,000 with one; repeated answers cost nothing",
)
