"""Which network addresses may be connected to: a scanned repository must not aim debtscan at private services."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TypeAlias

from analyzers.errors import FetchError

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_LABEL = re.compile(r"[a-z0-9_-]+")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def open_socket(host: str, port: int, timeout: float | None, *, allow_private: bool) -> tuple[socket.socket, bool]:
    """Connect to the first reachable permitted address; return the socket and whether the address is private.

    The address that was judged is the one connected to, so a second answer of the name service changes nothing.
    Raises FetchError (refused: no permitted address), socket.gaierror, TimeoutError, OSError.
    """
    failure: OSError | FetchError = blocked(host)
    for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        judged = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if not is_permitted(judged, allow_private=allow_private):
            continue
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.settimeout(timeout)
            opened.connect(address)
        except OSError as error:
            opened.close()
            failure = error
        else:
            return opened, not is_public(judged)
    raise failure


def blocked(host: str) -> FetchError:
    """Return the error for a host that must not be asked."""
    return FetchError("refused", f"{host} is a private or link-local address, which is not asked here")


def is_permitted(address: _Address, *, allow_private: bool) -> bool:
    """Public addresses always; private and loopback ones where allowed; link-local (metadata services) never."""
    if is_public(address):
        return True
    return allow_private and not any(_is_special(inner) for inner in _inside(address))


def is_public(address: _Address) -> bool:
    """Whether the address, and every address embedded in it, is routed on the public network."""
    return all(inner.is_global and not inner.is_multicast for inner in _inside(address))


def is_private_name(host: str) -> bool:
    """Whether a host is private by its spelling alone: for what a proxy resolves.

    A name without a dot means something in a network of one's own, if anywhere.
    """
    name = host.strip("[]").rstrip(".").lower()
    try:
        return not is_public(ipaddress.ip_address(name))
    except ValueError:
        pass
    # Resolvers take 127.1, 0x7f000001 and 2130706433 for addresses as well.
    with suppress(OSError, ValueError):
        return not is_public(ipaddress.ip_address(socket.inet_aton(name)))
    return bool(_LABEL.fullmatch(name)) or name.endswith((".localhost", ".local", ".internal"))


def _is_special(address: _Address) -> bool:
    return address.is_link_local or address.is_multicast or address.is_unspecified


def _inside(address: _Address) -> Iterator[_Address]:
    """Yield the address or the IPv4 addresses that an IPv6 one carries."""
    carried: list[_Address] = list(_carried(address)) if isinstance(address, ipaddress.IPv6Address) else []
    yield from carried or [address]


def _carried(address: ipaddress.IPv6Address) -> Iterable[ipaddress.IPv4Address]:
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return filter(None, (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())))
