"""Requests and responses as values, so that registries stay without I/O."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from analyzers.model.facts import Answer, Unknown, UnknownReason
from analyzers.model.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request.

    `credentials` is the host whose credentials from the user's settings may be attached (by fetch, to that host
    only); empty for none. A token that a registry handed out during the exchange stands in `headers` instead, and
    wins; with `credentials` beside it the answer is cached under these credentials, without them not at all.
    `refreshes` says that where the user's settings hold an identity token for that host, the query is sent as a form
    with it instead (OAuth 2's refresh of a token, as Docker does it); fetch adds the token, so that no source sees it.
    `max_bytes` bounds the body. `fresh_for` is how long (seconds) a cached answer is used without revalidation.
    `reading` names what will be made of the answer; sources leave it to `look_up` (see Response).
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    credentials: str = ""
    max_bytes: int = 64 * 1024 * 1024
    fresh_for: int = 600
    cacheable: bool = True
    refreshes: bool = False
    reading: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, whatever its status below 500 (fetch raises for the rest). Header names are lower-case.

    `read` is what was kept under the request's `reading` when this same answer came before; the body is then left
    empty. `keep` keeps that, None where the answer itself is not kept.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    read: bytes | None = field(default=None, compare=False)
    keep: Callable[[bytes], None] | None = field(default=None, compare=False, repr=False)


Exchange = Generator[Request, Response, Answer]
Together = Generator[Request, Response, Mapping[Question, Answer]]
Addresses = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that can be asked. One file in ``registries/`` states one of these as ``SOURCE``.

    `name` is the word that questions carry. `look_up` gets a question and the addresses that the user's settings
    override (source name, or ``oci:<host>``, → base address) and yields Requests until it returns the Answer.
    FetchErrors are thrown into the generator; one that it does not catch becomes Unknown.
    `together` answers up to `most_together` questions in one exchange, each by itself, where the service can.
    `value` is the type of a Known answer, for reading stored Facts. `limits` says what is known of its limits.
    `seen_live` says that the real host has answered it in a test marked ``online``; the README lists those that only
    answers made from documentation and servers on loopback have shown.
    """

    name: str
    title: str
    value: type
    look_up: Callable[[Question, Addresses], Exchange]
    together: Callable[[Sequence[Question], Addresses], Together] | None = None
    most_together: int = 1
    limits: str = ""
    seen_live: bool = False


_REASONS: Mapping[int, UnknownReason] = {
    401: "refused",
    403: "refused",
    404: "not-found",
    407: "refused",
    410: "not-found",
    429: "rate-limited",
    451: "refused",
}


def refusal(response: Response, asked: str) -> Unknown | None:
    """Return why the answer of ``asked`` (a host) is none; None for status 200."""
    if response.status == 200:  # noqa: PLR2004 - the one status that carries an answer
        return None
    return Unknown(_REASONS.get(response.status, "malformed-answer"), f"{asked} answered with status {response.status}")


def base_address(question: Question, addresses: Addresses, default: str) -> str:
    """Return where to ask, without a trailing slash: the question's own address, the user's, or ``default``.

    A user name or password in it is dropped: credentials come from the user's settings alone.
    """
    address = question.address or addresses.get(question.source) or default
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))


def host_of(address: str) -> str:
    """Return the host of an address, with its port where one is written (``pypi.org``, ``localhost:8080``)."""
    return urlsplit(address).netloc.rpartition("@")[2].lower()


def day_of(timestamp: object) -> date | None:
    """Return the day of a timestamp (``2026-01-31T…``); None for what is none."""
    try:
        return date.fromisoformat(timestamp[:10]) if isinstance(timestamp, str) else None
    except ValueError:
        return None
