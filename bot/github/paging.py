"""Lists that GitHub gives in pages. Each entry is complete for PyGithub, so that none is fetched when looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from github.GithubObject import CompletableGithubObject

from bot.github.requester import ClientRequester

T = TypeVar("T", bound=CompletableGithubObject)

PAGE = {"per_page": 100}
_MOST_PAGES = 1000


def entries(
    requester: ClientRequester, path: str, parameters: Mapping[str, Any] = PAGE, *, member: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield the entries of a list, page by page; ``member`` is where an answer that is an object holds it.

    Raises HostError, PyGithub's exceptions, and TypeError or KeyError where an answer has another form.
    """
    url: str | None = path
    given: dict[str, Any] | None = dict(parameters)
    for _page in range(_MOST_PAGES):
        headers, page = requester.requestJsonAndCheck("GET", url or path, parameters=given)
        yield from page[member] if member else page
        # Where it goes on, the address holds the parameters itself.
        url, given = _next_page(headers), None
        if url is None:
            return
    raise ValueError("a list without end")


def objects(
    kind: type[T], requester: ClientRequester, path: str, parameters: Mapping[str, Any] = PAGE, *, member: str = ""
) -> Iterator[T]:
    """Yield the entries as PyGithub's objects."""
    for entry in entries(requester, path, parameters, member=member):
        yield kind(requester, {}, entry, completed=True)


def last_entries(requester: ClientRequester, path: str) -> list[dict[str, Any]]:
    """Return the end of a list that begins with the oldest: 100 entries or more, or all. Raises as `entries` does."""
    headers, page = requester.requestJsonAndCheck("GET", path, parameters=PAGE)
    last = _page_at(headers, "last")
    if last is None:
        return list(page)
    headers, end = requester.requestJsonAndCheck("GET", last)
    before = _page_at(headers, "prev")
    # The last page may be a short one.
    return [*(requester.requestJsonAndCheck("GET", before)[1] if before else page), *end]


def _next_page(headers: Mapping[str, Any]) -> str | None:
    return _page_at(headers, "next")


def _page_at(headers: Mapping[str, Any], wanted: str) -> str | None:
    for part in str(headers.get("link", "")).split(","):
        address, _semicolon, relation = part.partition(";")
        if f'rel="{wanted}"' in relation:
            return address.strip().removeprefix("<").removesuffix(">")
    return None
