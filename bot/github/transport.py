"""The way to GitHub below PyGithub's requester: the scan's connections, with its proxies, authorities, deadlines."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError, ProxyError

from analyzers.errors import FetchError
from analyzers.http.bodies import BodyReader
from analyzers.http.connections import Call, Pools, Watchdog
from analyzers.http.failures import Passing, sorted_failure
from analyzers.http.retries import Patience
from bot.github.errors import UnreachableError

_MOST_REDIRECTS = 5
# See other: GitHub never answers so to a write, and following it would turn that into a read.
_REDIRECTS = {301, 302, 307, 308}
_PIECE = 64 * 1024
_LARGEST = 64 * 1024 * 1024
_BEFORE_SENDING = (NameResolutionError, NewConnectionError, ConnectTimeoutError, ProxyError)
_TLS_REMEDY = "; for a private certificate authority set SSL_CERT_FILE to its certificate"


class PassingFailure(Exception):
    """A failure that may pass when tried again. `sent` says that GitHub may have got the request, and acted on it."""

    def __init__(self, detail: str, *, sent: bool) -> None:
        super().__init__(detail)
        self.detail = detail
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as read; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: str


class Transport:
    """Sends one request at a time a thread, over connections kept open.

    The address is the user's own, so it may be private; link-local ones are refused as everywhere.
    """

    def __init__(self, environ: Mapping[str, str], patience: Patience) -> None:
        self._patience = patience
        self._pools = Pools(environ, connections=4)
        self._watchdog = Watchdog()

    def close(self) -> None:
        """Close every connection."""
        self._pools.close()
        self._watchdog.close()

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Send, and follow redirects that stay on the host. Raises PassingFailure and UnreachableError."""
        deadline = time.monotonic() + self._patience.total
        for _count in range(_MOST_REDIRECTS + 1):
            answer = self._exchange(method, url, headers, body, deadline)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not location:
                return answer
            url = _next_url(url, location)
        raise UnreachableError(f"{urlsplit(url).netloc} redirects more than {_MOST_REDIRECTS} times")

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> Answer:
        call = Call(deadline, allow_private=True)
        with self._watchdog.watch(call):
            try:
                answer = self._read(method, url, headers, body, call)
            except FetchError as error:
                if call.expired:
                    raise PassingFailure("GitHub did not answer in time", sent=True) from error
                raise UnreachableError(error.detail) from error
            except (HTTPError, OSError, ValueError) as error:
                raise _failure(error, url, expired=call.expired) from error
        if call.expired:
            raise PassingFailure("GitHub did not answer in time", sent=True)
        return answer

    def _read(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, call: Call) -> Answer:
        timeout = self._patience.timeout(call.deadline - time.monotonic())
        sent = {**headers, "Accept-Encoding": "gzip"}
        response = self._pools.open(method, url, headers=sent, body=body, timeout=timeout)
        try:
            reader = BodyReader(response.headers.get("content-encoding", "").lower(), _LARGEST)
            while piece := response.read1(_PIECE, decode_content=False):
                reader.feed(piece)
            reader.finish()
        except BaseException:
            # What is left of the body must not be taken for the next answer.
            response.close()
            raise
        response.release_conn()
        given = {name.lower(): value for name, value in response.headers.itermerged()}
        return Answer(response.status, given, reader.response(response.status, given).body.decode("utf-8", "replace"))


def _failure(error: Exception, url: str, *, expired: bool) -> PassingFailure | UnreachableError:
    """Return the failure to raise. Its text names the host and nothing else of the address."""
    found = sorted_failure(error, url, expired=expired)
    if isinstance(found, Passing):
        return PassingFailure(found.error.detail, sent=expired or not isinstance(error, _BEFORE_SENDING))
    return UnreachableError(found.detail + (_TLS_REMEDY if "TLS" in found.detail else ""))


def _next_url(url: str, location: str) -> str:
    """Return where a moved repository lies now. The token goes to no other host, so nothing is followed there."""
    before = urlsplit(url)
    with suppress(ValueError):
        after = urlsplit(urljoin(url, location))
        if _origin(before) == _origin(after):
            # Without its parameters, a list of closed pull requests would become one of open ones.
            return after._replace(query=after.query or before.query, fragment="").geturl()
    where = "to another host, which is not followed; check DEBTSCAN_GITHUB_URL"
    raise UnreachableError(f"{before.netloc} redirects {where}")


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port
