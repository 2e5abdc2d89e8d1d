"""Where a request comes from. What proxies say is believed of the operator's own ones alone."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

Network = IPv4Network | IPv6Network
UNKNOWN: Final = "unknown"


def client_address(scope: Scope, proxies: Sequence[Network]) -> str:
    """Return the address of the client: the last one in the chain that is no proxy of ours, ``unknown`` without one.

    X-Forwarded-For is read from its end, for everybody can write whatever they like at its beginning.
    """
    peer = scope.get("client")
    at = _address(peer[0]) if peer else None
    if at is None:
        return UNKNOWN
    hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while _is_ours(at, proxies) and hops:
        before = _address(hops.pop().strip())
        if before is None:
            break
        at = before
    return str(at)


def network_of(address: str) -> str:
    """Return what one client has for itself: an address of IPv4, the first 64 bits of one of IPv6."""
    at = _address(address)
    if isinstance(at, IPv6Address):
        return str(IPv6Network((at, 64), strict=False))
    return address


def is_from_proxy(scope: Scope, proxies: Sequence[Network]) -> bool:
    """Whether the request itself came through one of the operator's proxies."""
    peer = scope.get("client")
    at = _address(peer[0]) if peer else None
    return at is not None and _is_ours(at, proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_ours(at: IPv4Address | IPv6Address, proxies: Sequence[Network]) -> bool:
    return any(at in network for network in proxies)
