"""The only HTTP: pooled, cached, limited, retried, bounded in time and size.

One `Fetcher` serves a whole run and all its threads. Whatever gets no usable answer raises FetchError with a reason.
"""

from __future__ import annotations

import hashlib
import os
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

from urllib3.exceptions import HTTPError

from analyzers.errors import FetchError
from analyzers.http.bodies import BodyReader
from analyzers.http.cache import Cache, Stored
from analyzers.http.connections import Call, Pools, Watchdog
from analyzers.http.failures import Passing, sorted_failure, timed_out
from analyzers.http.identity import IdentitySource, refreshed
from analyzers.http.limits import Limiter, LocalLimiter
from analyzers.http.redirects import STATUSES, Hop, bare, host_of
from analyzers.http.retries import Patience, asked_delay, limit_is_used_up
from analyzers.model.exchange import Request, Response

_MOST_REDIRECTS = 5
_PASSING = {429, 500, 502, 503, 504}
_NOT_MODIFIED = 304
_PIECE = 64 * 1024
_NOT_KEPT = {"set-cookie", "content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"}
_CACHED_STATUS = {200, 404}
_SHORTLY = 600


class CredentialSource(Protocol):
    """The user's credentials, a host at a time."""

    def authorization(self, url: str) -> str | None:
        """Return the value of the Authorization header for ``url``, None for none."""


class NoCredentials:
    """Nobody's."""

    def authorization(self, url: str) -> str | None:  # noqa: ARG002 - the protocol's signature
        """Return None."""
        return None


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer as read. `is_whole` is False where only the end of the connection told the end of the body."""

    status: int
    headers: Mapping[str, str]
    body: BodyReader
    is_whole: bool


class Fetcher:
    """Sends requests. A context manager; ``send`` is safe to call from many threads.

    ``allow_private`` permits hosts on private networks and this machine; link-local ones are never asked, and a
    public host never redirects to a private one. ``environ`` names proxies and private certificate authorities.
    Offline, a cached answer of any age is given and nothing is sent.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        cache: Cache | None = None,
        credentials: CredentialSource | None = None,
        limiter: Limiter | None = None,
        offline: bool = False,
        allow_private: bool = False,
        patience: Patience | None = None,
        environ: Mapping[str, str] | None = None,
        connections: int = 20,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._user_agent = user_agent
        self._cache = cache
        self._credentials = credentials or NoCredentials()
        self._limiter = limiter or LocalLimiter()
        self._offline = offline
        self._allow_private = allow_private
        self._patience = patience or Patience()
        self._sleep = sleep
        self._now = now
        self._pools = Pools(os.environ if environ is None else environ, connections=connections)
        self._watchdog = Watchdog()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and the cache."""
        self._pools.close()
        self._watchdog.close()
        if self._cache:
            self._cache.close()

    def send(self, request: Request) -> Response:
        """Return the answer, whatever its status below 500. Raises FetchError."""
        try:
            address = bare(request.url)
        except ValueError as error:
            raise FetchError("unreachable", "what was named is no address that can be asked") from error
        if address != request.url:
            request = replace(request, url=address)
        identity = self._identity(request) if request.refreshes else None
        if identity:
            request = refreshed(request, identity)
        key = self._key(request)
        stored = self._cache.find(key) if self._cache and key else None
        kept = _response(stored)
        if self._offline:
            if kept is None:
                raise FetchError("offline", f"{host_of(request.url)} was not asked, and no earlier answer is stored")
            return _bounded(kept, stored, request)
        if stored and kept and self._is_fresh(stored, request):
            return _bounded(kept, stored, request)
        answer = self._ask(request, _validators(stored) if kept else {})
        if answer.status == _NOT_MODIFIED and stored and kept and self._cache and key:
            self._cache.confirm(key)
            return _bounded(kept, stored, request)
        if self._cache and key:
            self._keep(key, answer)
        return answer.body.response(answer.status, answer.headers)

    def _key(self, request: Request) -> bytes | None:
        """Return what the answer is stored under: everything that decides it, the credentials as a hash among it.

        A request with a token of its own is stored under the credentials that led to the token, or not at all.
        """
        own_token = any(name.lower() == "authorization" for name in request.headers)
        if self._cache is None or not request.cacheable or (own_token and not request.credentials):
            return None
        accept = next((value for name, value in request.headers.items() if name.lower() == "accept"), "")
        authorization = self._authorization(request.url, request) or self._identity(request) or ""
        parts = (request.method, request.url, accept, authorization)
        digest = hashlib.sha256("\0".join(parts).encode())
        digest.update(b"\0" + request.body)
        return digest.digest()

    def _authorization(self, url: str, request: Request) -> str | None:
        """Return the user's credentials for ``url`` where the request names exactly this host."""
        return self._credentials.authorization(url) if self._is_for(url, request) else None

    def _identity(self, request: Request) -> str | None:
        """Return the user's identity token for the host that the request names, None for none."""
        held = self._credentials
        if not isinstance(held, IdentitySource) or not self._is_for(request.url, request):
            return None
        return held.identity(request.url)

    def _is_for(self, url: str, request: Request) -> bool:
        """Whether the request names exactly this host as the one whose credentials may be sent."""
        parts = urlsplit(url)
        return bool(request.credentials) and request.credentials.lower() in {parts.netloc.lower(), parts.hostname}

    def _is_fresh(self, stored: Stored, request: Request) -> bool:
        control = stored.headers.get("cache-control", "").lower()
        lifetime = request.fresh_for if stored.status == 200 else min(request.fresh_for, _SHORTLY)  # noqa: PLR2004
        return "no-cache" not in control and 0 <= self._now() - stored.checked < lifetime

    def _keep(self, key: bytes, answer: _Answer) -> None:
        """Store an answer that may be stored."""
        control = answer.headers.get("cache-control", "").lower()
        forbidden = "no-store" in control or answer.headers.get("vary", "") == "*"
        if answer.status not in _CACHED_STATUS or forbidden or not answer.is_whole:
            return
        headers = {name: value for name, value in answer.headers.items() if name not in _NOT_KEPT}
        if self._cache:
            self._cache.store(key, Stored(answer.status, headers, answer.body.packed, answer.body.size, self._now()))

    def _ask(self, request: Request, validators: Mapping[str, str]) -> _Answer:
        """Send, and send again while a failure may pass and patience lasts."""
        host = host_of(request.url)
        deadline = time.monotonic() + self._patience.total
        for attempt in range(self._patience.attempts):
            try:
                with self._limiter.turn(host):
                    return self._follow(request, validators, deadline)
            except Passing as failure:
                wait = failure.wait if failure.wait is not None else self._patience.backoff(attempt)
                if attempt + 1 == self._patience.attempts or not self._has_time(wait, deadline):
                    raise failure.error from failure
                if failure.wait is not None:
                    self._limiter.pause(host, wait)
                self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _has_time(self, wait: float, deadline: float) -> bool:
        return wait <= self._patience.longest_wait and time.monotonic() + wait < deadline

    def _follow(self, request: Request, validators: Mapping[str, str], deadline: float) -> _Answer:
        """Send one request and follow its redirects by hand."""
        headers = {"user-agent": self._user_agent, "accept": "*/*", "accept-encoding": "gzip", **validators}
        headers |= {name.lower(): value for name, value in request.headers.items()}
        hop = Hop(request.url, headers, self._allow_private)
        for _count in range(_MOST_REDIRECTS + 1):
            answer = self._exchange(hop, request, deadline)
            location = answer.headers.get("location")
            if answer.status not in STATUSES or not location or request.method not in {"GET", "HEAD"}:
                return answer
            hop.move(location)
        raise FetchError("malformed-answer", f"{host_of(request.url)} redirects more than {_MOST_REDIRECTS} times")

    def _exchange(self, hop: Hop, request: Request, deadline: float) -> _Answer:
        """Send one request on one connection and read the answer. Raises Passing and FetchError."""
        headers = dict(hop.headers)
        authorization = None if hop.strayed else self._authorization(hop.url, request)
        if authorization:
            headers.setdefault("authorization", authorization)
        call = Call(deadline, hop.allow_private)
        with self._watchdog.watch(call):
            try:
                answer = self._read(hop.url, headers, request, call)
                if call.expired:
                    # Cut among the headers, it may look like a short answer.
                    raise timed_out(hop.url)
            except FetchError as error:
                raise (Passing(timed_out(hop.url)) if call.expired else error) from error
            except (HTTPError, OSError, ValueError) as error:
                raise sorted_failure(error, hop.url, expired=call.expired) from error
        hop.allow_private = hop.allow_private and call.private
        self._refuse_passing(answer, hop.url)
        return answer

    def _read(self, url: str, headers: Mapping[str, str], request: Request, call: Call) -> _Answer:
        timeout = self._patience.timeout(call.deadline - time.monotonic())
        response = self._pools.open(request.method, url, headers=headers, body=request.body or None, timeout=timeout)
        try:
            body = BodyReader(response.headers.get("content-encoding", "").lower(), request.max_bytes)
            while piece := response.read1(_PIECE, decode_content=False):
                body.feed(piece)
            body.finish()
        except BaseException:
            # What is left of the body must not be taken for the next answer.
            response.close()
            raise
        response.release_conn()
        given = {name.lower(): value for name, value in response.headers.itermerged()}
        whole = request.method == "HEAD" or not given.keys().isdisjoint(("content-length", "transfer-encoding"))
        return _Answer(response.status, given, body, whole)

    def _refuse_passing(self, answer: _Answer, url: str) -> None:
        """Raise for what is no answer: too many requests, and the server's own errors."""
        host, status = host_of(url), answer.status
        wait = asked_delay(answer.headers, self._now())
        if limit_is_used_up(status, answer.headers):
            raise Passing(FetchError("rate-limited", f"{host} answered with status {status}: too many requests"), wait)
        if status in _PASSING:
            raise Passing(FetchError("server-error", f"{host} answered with status {status}"), wait)
        if status >= 500:  # noqa: PLR2004 - the class of server errors
            raise FetchError("server-error", f"{host} answered with status {status}")


def _validators(stored: Stored | None) -> dict[str, str]:
    if stored is None:
        return {}
    pairs = (("if-none-match", stored.headers.get("etag")), ("if-modified-since", stored.headers.get("last-modified")))
    return {name: value for name, value in pairs if value}


def _response(stored: Stored | None) -> Response | None:
    """Return a stored answer, None where its bytes are damaged."""
    try:
        return stored.response() if stored else None
    except zlib.error:
        return None


def _bounded(kept: Response, stored: Stored | None, request: Request) -> Response:
    if stored and stored.size > request.max_bytes:
        raise FetchError("too-large", f"the answer is over {request.max_bytes} bytes")
    return kept
