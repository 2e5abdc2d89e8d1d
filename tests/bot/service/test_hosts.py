from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import analyzers
from analyzers.errors import FetchError
from analyzers.model.exchange import Request, Response
from bot.service.hosts import PUBLIC, Hosts

_ADDRESS = re.compile(r"^_?[A-Z_]+(?:: Final)? = \"(https://[^\"]+)\"", re.MULTILINE)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://pypi.org/simple/x/", True),
        ("https://PyPI.org:443/simple/x/", True),
        ("https://pypi.org./simple/x/", True),
        ("http://pypi.org/simple/x/", False),
        ("https://pypi.org:8443/simple/x/", False),
        ("https://pypi.org.evil.example/simple/", False),
        ("https://user@evil.example/?pypi.org", False),
        ("https://pypi.org@evil.example/", False),
        ("https://evil.example#pypi.org", False),
        ("https://registry.corp.example:8081/x", True),
        ("http://registry.corp.example/x", True),
        ("https://npm.packages.example/x", True),
        ("https://packages.example/x", False),
        ("https://evilpackages.example/x", False),
        ("https://index.corp.example/simple", True),
        ("https://[", False),
        ("https://pypi.org:x/", False),
        ("", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_public_registries_and_the_operators_hosts_are_asked(url: str, *, allowed: bool) -> None:
    hosts = Hosts.of(("Registry.corp.example", ".packages.example"), ("https://index.corp.example/simple",))
    assert hosts.allows(url) is allowed


def test_a_host_that_is_refused_is_named_with_the_reason_and_nothing_is_sent() -> None:
    def send(request: Request) -> Response:
        raise AssertionError(request)

    with pytest.raises(FetchError, match=r"evil\.example:8080 is not among the hosts that this service asks") as raised:
        Hosts().guarded(send)(Request(url="https://user:hunter2@evil.example:8080/simple"))
    assert raised.value.reason == "refused"
    assert "hunter2" not in str(raised.value)


def test_a_host_that_is_allowed_is_asked() -> None:
    answer = Response(200, {}, b"{}")
    assert Hosts().guarded(lambda _request: answer)(Request(url="https://pypi.org/simple/x/")) is answer


def test_the_documentation_names_the_public_hosts() -> None:
    page = (Path(analyzers.__file__).parents[1] / "docs" / "service-scans.md").read_text()
    told = page[page.index("The public ones are ") :].partition(", over https")[0]
    assert set(re.findall(r"`([^`]+)`", told)) == PUBLIC


def test_every_source_is_asked_where_it_is_by_default() -> None:
    folder = Path(analyzers.__file__).parent / "registries"
    found = {address for path in folder.glob("*.py") for address in _ADDRESS.findall(path.read_text())}
    assert len(found) >= 8
    assert {urlsplit(address).hostname for address in found} <= PUBLIC


def test_hosts_that_are_named_may_be_private_and_members_of_a_domain_may_not() -> None:
    hosts = Hosts.of(("index.corp.example", ".packages.example"))
    # Whoever may add a name to a domain decides where it leads.
    assert [hosts.may_be_private(f"https://{one}/simple") for one in ("index.corp.example", "a.packages.example")] == [
        True,
        False,
    ]
    seen: list[str] = []

    def publicly(request: Request) -> Response:
        seen.append(f"public {request.url}")
        return Response(200, {}, b"")

    def privately(request: Request) -> Response:
        seen.append(f"private {request.url}")
        return Response(200, {}, b"")

    send = hosts.guarded(publicly, privately)
    for url in ("https://index.corp.example/x", "https://a.packages.example/x", "https://pypi.org/simple/x/"):
        send(Request(url=url))
    assert seen == [
        "private https://index.corp.example/x",
        "public https://a.packages.example/x",
        "public https://pypi.org/simple/x/",
    ]


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://localhost:3141/simple", True),
        ("http://LOCALHOST:3141/root/pypi", True),
        ("http://localhost:9090/metrics", False),
        ("http://localhost/", False),
        ("https://index.corp.example/simple", True),
        ("https://index.corp.example:443/simple", True),
        ("http://index.corp.example/simple", False),
    ],
)
def test_an_address_of_the_operators_opens_no_other_port_of_a_private_host(url: str, *, private: bool) -> None:
    hosts = Hosts.of((), ("http://localhost:3141/simple", "https://index.corp.example/simple"))
    assert hosts.may_be_private(url) is private
