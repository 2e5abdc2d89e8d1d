"""Pooled connections that can be cut at a deadline and that refuse private targets. The only use of urllib3."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from analyzers.errors import FetchError
from analyzers.http.surroundings import proxy_for, tls_context
from analyzers.http.targets import blocked, is_private_name, open_socket

_TICK = 0.1
_IDLE_TICKS = 10


@dataclass(slots=True, eq=False)
class Call:
    """One request under way in one thread. `deadline` is monotonic seconds.

    `connection` and `private` (the peer is not on the public network) are filled in while it runs; `expired` says
    that the watchdog cut it.
    """

    deadline: float
    allow_private: bool
    connection: HTTPConnection | None = None
    private: bool = False
    expired: bool = False


_under_way = threading.local()


class _Guarded(HTTPConnection):
    """A connection that knows its peer. The call under way in this thread decides what it may reach."""

    peer_is_private = False

    def _new_conn(self) -> socket.socket:
        call: Call = _under_way.call
        try:
            # What a proxy may be is the user's own setting; what it may reach is its own matter.
            opened, self.peer_is_private = open_socket(
                self._dns_host, self.port, self.timeout, allow_private=call.allow_private or self.proxy is not None
            )
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"no connection to {self.host} in {self.timeout} seconds") from error
        except OSError as error:
            raise NewConnectionError(self, f"no connection to {self.host}: {error.strerror or error}") from error
        return opened

    def connect(self) -> None:
        call: Call = _under_way.call
        call.connection = self
        super().connect()
        call.private = self.peer_is_private and self.proxy is None

    def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        # Not preceded by `connect` where the connection is pooled.
        call: Call = _under_way.call
        call.connection = self
        call.private = self.sock is not None and self.peer_is_private and self.proxy is None
        if call.private and not call.allow_private:
            # A pooled connection, opened when private targets were allowed.
            raise blocked(self.host)
        super().request(*args, **kwargs)


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same over TLS."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Guarded


class _PoolTLS(urllib3.HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


class Watchdog:
    """Cuts every call that is past its deadline: a socket's own time-out never ends a body that drips."""

    def __init__(self) -> None:
        self._calls: set[Call] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()

    @contextmanager
    def watch(self, call: Call) -> Iterator[None]:
        """Watch over ``call``, which runs in this thread."""
        _under_way.call = call
        with self._lock:
            self._calls.add(call)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="debtscan-watchdog", daemon=True)
                self._thread.start()
        if not self._wake.is_set():
            self._wake.set()
        try:
            yield
        finally:
            with self._lock:
                self._calls.discard(call)

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        self._wake.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        """Look ten times a second while there are calls; sleep when a whole second passed without any."""
        idle = 0
        while not self._ending.is_set():
            self._wake.wait()
            self._ending.wait(_TICK)
            with self._lock:
                idle = 0 if self._calls else idle + 1
                if idle > _IDLE_TICKS:
                    self._wake.clear()
                for call in self._calls:
                    if call.deadline <= time.monotonic():
                        _cut(call)


def _cut(call: Call) -> None:
    call.expired = True
    sock = getattr(call.connection, "sock", None)
    if sock is not None:
        # The plain socket's shutdown: TLS objects belong to the thread that reads.
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


class Pools:
    """One pool manager a scheme and proxy. ``environ`` names proxies and private certificate authorities."""

    def __init__(self, environ: Mapping[str, str], *, connections: int) -> None:
        self._environ = environ
        self._connections = connections
        self._managers: dict[tuple[str, str], urllib3.PoolManager] = {}
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None

    def open(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, timeout: urllib3.Timeout
    ) -> urllib3.BaseHTTPResponse:
        """Send one request; the body is left to be read. Raises what urllib3 raises, and FetchError."""
        parts = urlsplit(url)
        proxy = proxy_for(url, self._environ)
        if proxy and not _under_way.call.allow_private and is_private_name(parts.hostname or ""):
            raise blocked(parts.netloc)
        return self._manager(parts.scheme, proxy).urlopen(
            method,
            url,
            headers=dict(headers),
            body=body,
            timeout=timeout,
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def close(self) -> None:
        """Close every pooled connection."""
        for manager in self._managers.values():
            manager.clear()

    def _manager(self, scheme: str, proxy: str) -> urllib3.PoolManager:
        with self._lock:
            if (scheme, proxy) not in self._managers:
                self._managers[scheme, proxy] = self._new_manager(scheme, proxy)
            return self._managers[scheme, proxy]

    def _new_manager(self, scheme: str, proxy: str) -> urllib3.PoolManager:
        options: dict[str, Any] = {"num_pools": 64, "maxsize": self._connections, "block": False}
        # Reading the authorities takes a while, and loopback and many proxies do without.
        if self._context is None and "https" in {scheme, urlsplit(proxy).scheme}:
            self._context = tls_context(self._environ)
        if scheme == "https":
            options["ssl_context"] = self._context
        manager = self._proxied(proxy, options) if proxy else urllib3.PoolManager(**options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _PoolTLS}
        return manager

    def _proxied(self, proxy: str, options: dict[str, Any]) -> urllib3.PoolManager:
        parts = urlsplit(proxy)
        if parts.scheme not in {"http", "https"}:
            raise FetchError("unreachable", f"proxies of kind {parts.scheme!r} are not supported, only http and https")
        headers = None
        if parts.username:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers = urllib3.make_headers(proxy_basic_auth=login)
        address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        return urllib3.ProxyManager(address, proxy_headers=headers, proxy_ssl_context=self._context, **options)
