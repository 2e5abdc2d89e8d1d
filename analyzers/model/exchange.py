"""Requests and responses as values, so that registries stay without I/O."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field

from analyzers.model.facts import Answer, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request.

    `credentials` is the host whose credentials from the user's settings may be attached (by fetch, to that host
    only); empty for none. A token that a registry handed out during the exchange stands in `headers` instead.
    `max_bytes` bounds the body. `fresh_for` is how long (seconds) a cached answer is used without revalidation.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    credentials: str = ""
    max_bytes: int = 64 * 1024 * 1024
    fresh_for: int = 600
    cacheable: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, whatever its status below 500 (fetch raises for the rest). Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Exchange = Generator[Request, Response, Answer]
Addresses = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that can be asked. One file in ``registries/`` states one of these as ``SOURCE``.

    `name` is the word that questions carry. `look_up` gets a question and the addresses that the user's settings
    override (source name, or ``oci:<host>``, → base address) and yields Requests until it returns the Answer.
    FetchErrors are thrown into the generator; one that it does not catch becomes Unknown.
    `value` is the type of a Known answer, for reading stored Facts. `limits` says what is known of its limits.
    """

    name: str
    title: str
    value: type
    look_up: Callable[[Question, Addresses], Exchange]
    limits: str = ""
