"""What goes over the wire: one request with its redirects, sent again while a failure may pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from urllib3.exceptions import HTTPError

from analyzers.errors import FetchError
from analyzers.http.bodies import BodyReader
from analyzers.http.connections import Call, Pools, Watchdog
from analyzers.http.failures import Passing, sorted_failure, timed_out
from analyzers.http.limits import Limiter
from analyzers.http.redirects import STATUSES, Hop, host_of
from analyzers.http.retries import Patience, asked_delay, limit_is_used_up
from analyzers.model.exchange import Request

_MOST_REDIRECTS = 5
_PASSING = {429, 500, 502, 503, 504}
_PIECE = 64 * 1024

Authorize: TypeAlias = Callable[[str, Request], str | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as read. `is_whole` is False where only the end of the connection told the end of the body."""

    status: int
    headers: Mapping[str, str]
    body: BodyReader
    is_whole: bool


class Wire:
    """Sends requests from many threads over shared connections. ``authorize`` returns the header for an address."""

    def __init__(
        self,
        *,
        user_agent: str,
        authorize: Authorize,
        limiter: Limiter,
        allow_private: bool,
        patience: Patience,
        environ: Mapping[str, str],
        connections: int,
        sleep: Callable[[float], None],
        now: Callable[[], float],
    ) -> None:
        self._user_agent = user_agent
        self._authorization = authorize
        self._limiter = limiter
        self._allow_private = allow_private
        self._patience = patience
        self._sleep = sleep
        self._now = now
        self._pools = Pools(environ, connections=connections)
        self._watchdog = Watchdog()

    def close(self) -> None:
        """Close every connection."""
        self._pools.close()
        self._watchdog.close()

    def ask(self, request: Request, validators: Mapping[str, str]) -> Answer:
        """Send, and send again while a failure may pass and patience lasts. Raises FetchError."""
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

    def _follow(self, request: Request, validators: Mapping[str, str], deadline: float) -> Answer:
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

    def _exchange(self, hop: Hop, request: Request, deadline: float) -> Answer:
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

    def _read(self, url: str, headers: Mapping[str, str], request: Request, call: Call) -> Answer:
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
        return Answer(response.status, given, body, whole)

    def _refuse_passing(self, answer: Answer, url: str) -> None:
        """Raise for what is no answer: too many requests, and the server's own errors."""
        host, status = host_of(url), answer.status
        wait = asked_delay(answer.headers, self._now())
        if limit_is_used_up(status, answer.headers):
            raise Passing(FetchError("rate-limited", f"{host} answered with status {status}: too many requests"), wait)
        if status in _PASSING:
            raise Passing(FetchError("server-error", f"{host} answered with status {status}"), wait)
        if status >= 500:  # noqa: PLR2004 - the class of server errors
            raise FetchError("server-error", f"{host} answered with status {status}")
