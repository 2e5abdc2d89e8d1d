"""What the sources share that ask GitHub's API."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Final, TypeVar

from analyzers.model.exchange import Addresses, Request, Response, base_address, host_of, refusal
from analyzers.model.facts import Unknown
from analyzers.model.question import Question
from analyzers.typed import from_json

Shape = TypeVar("Shape")

ADDRESS: Final = "https://api.github.com"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_FORBIDDEN: Final = 403
_HALF_A_DAY: Final = 12 * 60 * 60


def misnamed(name: str) -> Unknown | None:
    """Return why nobody is asked about a name that is not ``owner/repository``; None for one that is."""
    return None if _NAME.fullmatch(name) else Unknown("not-found", f"{name[:200]!r} is no name of a repository")


def request(url: str, max_bytes: int) -> Request:
    """Return a request in the version of the API that the sources read."""
    return Request(
        url=url,
        headers={"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"},
        credentials=host_of(url),
        max_bytes=max_bytes,
        fresh_for=_HALF_A_DAY,
    )


def listed(
    question: Question, addresses: Addresses, shapes: type[list[Shape]], *, page: int, pages: int, max_bytes: int
) -> Generator[Request, Response, tuple[Shape, ...] | Unknown]:
    """Ask for the releases of ``owner/repository``, the newest first: at most ``pages`` times ``page`` of them.

    ``shapes`` is the type of such a list.
    """
    unasked = misnamed(question.name)
    if unasked:
        return unasked
    base = base_address(question, addresses, ADDRESS)
    found: list[Shape] = []
    for number in range(1, pages + 1):
        response = yield request(f"{base}/repos/{question.name}/releases?per_page={page}&page={number}", max_bytes)
        unknown = refused(response, host_of(base))
        if unknown:
            return unknown
        try:
            some = from_json(response.body, shapes)
        except ValueError as error:
            return Unknown("malformed-answer", f"{host_of(base)}: {error}")
        found += some
        if len(some) < page:
            break
    return tuple(found)


def refused(response: Response, asked: str) -> Unknown | None:
    """Return why the answer of ``asked`` (a host) is none; who is over the limit is told that it is forbidden."""
    if response.status == _FORBIDDEN and response.headers.get("x-ratelimit-remaining") == "0":
        return Unknown("rate-limited", f"{asked} answers no more requests for now; a token raises the limit")
    return refusal(response, asked)
