from __future__ import annotations

import ipaddress
import socket

import pytest

from analyzers.errors import FetchError
from analyzers.http.targets import is_permitted, is_private_name, is_public, open_socket


@pytest.mark.parametrize(
    ("address", "public", "where_allowed"),
    [
        ("151.101.0.223", True, True),
        ("2a04:4e42::223", True, True),
        ("10.1.2.3", False, True),
        ("172.16.0.1", False, True),
        ("192.168.1.1", False, True),
        ("100.64.0.1", False, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("64:ff9b::9765:df", True, True),
        ("2002:a9fe:a9fe::1", False, False),
        ("224.0.0.1", False, False),
        ("0.0.0.0", False, False),  # noqa: S104 - nothing is bound
        ("::", False, False),
    ],
)
def test_an_address_is_public_private_or_never_asked(address: str, public: bool, where_allowed: bool) -> None:
    judged = ipaddress.ip_address(address)
    assert is_public(judged) == public
    assert is_permitted(judged, allow_private=False) == public
    assert is_permitted(judged, allow_private=True) == where_allowed


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("db.internal", True),
        ("10.0.0.1", True),
        ("[::1]", True),
        ("127.1", True),
        ("0x7f000001", True),
        ("2130706433", True),
        ("intranet", True),
        ("pypi.org", False),
        ("${HOST}", False),
        ("a\0b", False),
        ("151.101.0.223", False),
        ("localhost.example.org", False),
    ],
)
def test_a_name_may_be_private_by_its_spelling(host: str, private: bool) -> None:
    assert is_private_name(host) == private


def test_the_address_that_was_judged_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [("169.254.169.254", 80), ("127.0.0.1", 1)]
    tried: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", answer) for answer in answers])
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: tried.append(address))
    opened, private = open_socket("two.example", 80, 1.0, allow_private=True)
    opened.close()
    assert (tried, private) == ([("127.0.0.1", 1)], True)


def test_the_next_address_is_tried_when_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answers = [("127.0.0.1", 1), ("127.0.0.1", port)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", answer) for answer in answers])
        opened, _private = open_socket("two.example", 80, 1.0, allow_private=True)
        assert opened.getpeername()[1] == port
        opened.close()


def test_a_host_without_permitted_address_is_refused() -> None:
    with pytest.raises(FetchError) as caught:
        open_socket("127.0.0.1", 80, 1.0, allow_private=False)
    assert caught.value.reason == "refused"
