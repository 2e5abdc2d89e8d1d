"""A repository as GitHub sees it: archived, or renamed."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from analyzers.model.exchange import Addresses, Exchange, Request, Response, Source, base_address, host_of, refusal
from analyzers.model.facts import HostedRepository, Known, Question, Unknown

ADDRESS = "https://api.github.com"
MAX_BYTES = 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_FORBIDDEN = 403
_HALF_A_DAY = 12 * 60 * 60


class _Repository(msgspec.Struct, frozen=True):
    full_name: str
    archived: bool
    pushed_at: str | None = None
    open_issues_count: int | None = None


def look_up(question: Question, addresses: Addresses) -> Exchange:
    """Ask for ``owner/repository``."""
    if not _NAME.fullmatch(question.name):
        return Unknown("not-found", f"{question.name[:200]!r} is no name of a repository")
    base = base_address(question, addresses, ADDRESS)
    response = yield Request(
        url=f"{base}/repos/{question.name}",
        headers={"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"},
        credentials=host_of(base),
        max_bytes=MAX_BYTES,
        fresh_for=_HALF_A_DAY,
    )
    if _is_limited(response):
        return Unknown("rate-limited", f"{host_of(base)} answers no more requests for now; a token raises the limit")
    return refusal(response, host_of(base)) or _read(question.name, response.body, host_of(base))


def _is_limited(response: Response) -> bool:
    return response.status == _FORBIDDEN and response.headers.get("x-ratelimit-remaining") == "0"


def _read(name: str, body: bytes, asked: str) -> Known | Unknown:
    try:
        found = msgspec.json.decode(body, type=_Repository)
    except ValueError as error:
        return Unknown("malformed-answer", f"{asked}: {error}")
    moved = found.full_name if found.full_name.lower() != name.lower() else None
    return Known(HostedRepository(name, found.archived, moved, _day(found.pushed_at), found.open_issues_count))


def _day(timestamp: str | None) -> date | None:
    try:
        return date.fromisoformat(timestamp[:10]) if timestamp else None
    except ValueError:
        return None


SOURCE = Source(
    name="github-repository",
    title="GitHub's API (archived and renamed repositories)",
    value=HostedRepository,
    look_up=look_up,
    limits="60 requests an hour without a token, 5,000 with one; repeated answers cost nothing",
)
