"""The only HTTP: pooled, cached, limited, retried, bounded in time and size.

One `Fetcher` serves a whole run and all its threads. Whatever gets no usable answer raises FetchError with a reason.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from analyzers.errors import FetchError
from analyzers.http.cache import Cache
from analyzers.http.identity import IdentitySource, refreshed
from analyzers.http.limits import Limiter, LocalLimiter
from analyzers.http.redirects import bare, host_of
from analyzers.http.retries import Patience
from analyzers.http.stored import Stored
from analyzers.model.exchange import Request, Response

if TYPE_CHECKING:
    from analyzers.http.bodies import Keep
    from analyzers.http.wire import Answer, Wire

_NOT_MODIFIED = 304
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
        self._cache = cache
        self._credentials = credentials or NoCredentials()
        self._offline = offline
        self._now = now
        self._lock = threading.Lock()
        self._wire: Wire | None = None

        def open_wire() -> Wire:
            # Loading it takes as long as a small scan, and a run may find all it asks for in the cache.
            from analyzers.http.wire import Wire

            return Wire(
                user_agent=user_agent,
                authorize=self._authorization,
                limiter=limiter or LocalLimiter(),
                allow_private=allow_private,
                patience=patience or Patience(),
                environ=os.environ if environ is None else environ,
                connections=connections,
                sleep=sleep,
                now=now,
            )

        self._open_wire = open_wire

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close connections and the cache."""
        if self._wire:
            self._wire.close()
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
        stored = self._cache.find(key, request.reading) if self._cache and key else None
        kept = _response(stored, self._keeper(key, stored.mark if stored else None, request))
        if self._offline:
            if kept is None:
                raise FetchError("offline", f"{host_of(request.url)} was not asked, and no earlier answer is stored")
            return _bounded(kept, stored, request)
        if stored and kept and self._is_fresh(stored, request):
            return _bounded(kept, stored, request)
        answer = self._opened_wire().ask(request, _validators(stored) if kept else {})
        if answer.status == _NOT_MODIFIED and stored and kept and self._cache and key:
            self._cache.confirm(key)
            return _bounded(kept, stored, request)
        mark = self._store(key, answer) if key else None
        return answer.body.response(answer.status, answer.headers, self._keeper(key, mark, request))

    def _opened_wire(self) -> Wire:
        with self._lock:
            if self._wire is None:
                self._wire = self._open_wire()
            return self._wire

    def _keeper(self, key: bytes | None, mark: bytes | None, request: Request) -> Keep | None:
        """Return what keeps a reading of the answer that has this mark, None where there is nothing to keep."""
        if self._cache is None or key is None or mark is None or not request.reading:
            return None
        return partial(self._cache.keep, key, mark, request.reading)

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

    def _store(self, key: bytes, answer: Answer) -> bytes | None:
        """Store an answer that may be stored; return its mark if it was."""
        control = answer.headers.get("cache-control", "").lower()
        forbidden = "no-store" in control or answer.headers.get("vary", "") == "*"
        if answer.status not in _CACHED_STATUS or forbidden or not answer.is_whole:
            return None
        headers = {name: value for name, value in answer.headers.items() if name not in _NOT_KEPT}
        stored = Stored(answer.status, headers, answer.body.packed, answer.body.size, self._now())
        return self._cache.store(key, stored) if self._cache else None


def _validators(stored: Stored | None) -> dict[str, str]:
    if stored is None:
        return {}
    pairs = (("if-none-match", stored.headers.get("etag")), ("if-modified-since", stored.headers.get("last-modified")))
    return {name: value for name, value in pairs if value}


def _response(stored: Stored | None, keep: Keep | None) -> Response | None:
    """Return a stored answer, None where its bytes are damaged."""
    try:
        return stored.response(keep) if stored else None
    except zlib.error:
        return None


def _bounded(kept: Response, stored: Stored | None, request: Request) -> Response:
    if stored and stored.size > request.max_bytes:
        raise FetchError("too-large", f"the answer is over {request.max_bytes} bytes")
    return kept
