from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from bot.service.web._client import client_address, is_from_proxy, network_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["1.2.3.4", "203.0.113.9, 10.1.1.1"], "203.0.113.9"),
        ("10.0.0.1", ["10.9.9.9"], "10.9.9.9"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("fd00::1", ["[2001:db8::7]"], "2001:db8::7"),
        ("testclient", ["203.0.113.9"], "unknown"),
    ],
)
def test_the_last_address_that_is_no_proxy_of_ours_is_the_client(peer: str, forwarded: list[str], found: str) -> None:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope = {"type": "http", "client": (peer, 1), "headers": headers}
    assert client_address(scope, PROXIES) == found


def test_without_a_peer_nobody_is_known() -> None:
    scope: dict[str, Any] = {"type": "http", "client": None, "headers": []}
    assert client_address(scope, PROXIES) == "unknown"
    assert not is_from_proxy(scope, PROXIES)


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("unknown", "unknown")],
)
def test_a_client_of_the_newer_protocol_has_a_whole_network_for_itself(address: str, network: str) -> None:
    assert network_of(address) == network
