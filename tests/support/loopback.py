"""Names beyond this machine are unknown: tests go the same way with a network and without one."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

NAMES = {"127.0.0.1", "::1", "localhost"}
_look_up = socket.getaddrinfo


def _is_address(name: str) -> bool:
    """Whether nobody has to be asked for it: what may be connected to is another matter."""
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as socket's own
    """Answer as the system does for this machine, and as a name server that knows no other."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and name not in NAMES and not _is_address(name):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _look_up(host, *rest, **named)
