"""What the values of the service's configuration have to look like."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from typing import Final
from urllib.parse import SplitResult, urlsplit

_LAST_PORT: Final = 65_535
_HOST: Final = re.compile(r"\.?[\w-]+(?:\.[\w-]+)*")


def complaint_about_url(url: str) -> str:
    """Say what is wrong with the service's own address, "" where nothing is."""
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.netloc.endswith(":"):
        return f"url is {url!r}; write it like https://debtscan.example.org"
    if url.endswith("/"):
        return "url ends in a slash; leave it out"
    if parts.path or "@" in parts.netloc:
        return f"url is {url!r}; the service has a host of its own: leave out all after it, and any user before it"
    return ""


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address, None where it is none. What the parts would not show is no part of an address."""
    if not url.isascii() or not url.isprintable() or set(url) & set(" ?#"):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def is_host(name: str) -> bool:
    """Whether it is a host's name or address without a port, or a dot and a domain."""
    if _HOST.fullmatch(name):
        return True
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name))
    return False


def bind_of(listen: str) -> tuple[str, int]:
    """Return host and port of an address to listen at. Raises ValueError."""
    host, _colon, port = listen.rpartition(":")
    host, number = host.strip("[]"), int(port)
    if not host or not host.isprintable() or " " in host or not 0 < number <= _LAST_PORT:
        raise ValueError(listen)
    return host, number
