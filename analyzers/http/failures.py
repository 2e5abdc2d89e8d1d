"""What went wrong on the wire, sorted into the reasons that reports know."""

from __future__ import annotations

import socket

from urllib3.exceptions import (
    ConnectTimeoutError,
    IncompleteRead,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from analyzers.errors import FetchError
from analyzers.http.redirects import host_of

# In this order: a name that is not known is a failed connection as well, and that counts as a time-out in urllib3.
_PASSING: tuple[tuple[type[Exception], str], ...] = (
    (NameResolutionError, "{host} has no known address"),
    (ProxyError, "the proxy for {host} does not answer as one"),
    (NewConnectionError, "{host} cannot be reached: {cause}"),
    (IncompleteRead, "{host} broke off the answer"),
    (ProtocolError, "{host} broke off the connection"),
)
_TIME_OUTS = (ConnectTimeoutError, ReadTimeoutError, TimeoutError)


class Passing(Exception):
    """A failure that may pass when tried again; `wait` is how many seconds the host asked for, if it did."""

    def __init__(self, error: FetchError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


def sorted_failure(error: Exception, url: str, *, expired: bool) -> Passing | FetchError:
    """Return the failure to raise. Its text names the host and never the whole address, which may be private."""
    host = host_of(url)
    if expired:
        return Passing(timed_out(url))
    for kind, text in _PASSING:
        if isinstance(error, kind):
            found = FetchError("unreachable", text.format(host=host, cause=_cause(error)))
            return found if _is_unknown_name(error) else Passing(found)
    if isinstance(error, _TIME_OUTS):
        return Passing(timed_out(url))
    if isinstance(error, ValueError):
        return FetchError("unreachable", f"{host or 'what was named'} is no address that can be asked")
    if isinstance(error, SSLError):
        return FetchError("unreachable", f"{host} has no trusted TLS: {_cause(error)}")
    return Passing(FetchError("unreachable", f"{host} cannot be reached: {_cause(error)}"))


def _is_unknown_name(error: Exception) -> bool:
    """Whether the name server knows that there is no such name; silence of the name server may pass."""
    cause = error.__cause__
    return isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME


def timed_out(url: str) -> FetchError:
    """Return the error for a request that took too long."""
    return FetchError("time-out", f"{host_of(url)} did not answer in time")


def _cause(error: Exception) -> str:
    """Return the last part of the message: what stands before it is a Python object."""
    return (str(error).splitlines() or [type(error).__name__])[0].rpartition(": ")[2][:200]
