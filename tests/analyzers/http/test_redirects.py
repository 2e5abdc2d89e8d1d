from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzers.http import targets
from analyzers.http.clients import Credential
from analyzers.http.credentials import Credentials
from analyzers.http.fetch import Fetcher
from analyzers.model.exchange import Request
from tests.support.fetching import fetcher_with, reason_of
from tests.support.http_server import Reply, Script, serve


@pytest.fixture
def server() -> Iterator[Script]:
    with serve() as script:
        yield script


@pytest.fixture
def elsewhere() -> Iterator[Script]:
    with serve() as script:
        yield script


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with fetcher_with() as made:
        yield made


def test_redirects_are_followed(server: Script, elsewhere: Script, fetcher: Fetcher) -> None:
    elsewhere.on("/end", Reply(body=b"here"))
    server.on("/b", Reply(status=301, headers={"location": f"{elsewhere.url}/end"}))
    url = server.on("/a", Reply(status=302, headers={"location": "b"}))
    assert fetcher.send(Request(url=url)).body == b"here"


def test_a_redirect_loop_ends(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(status=302, headers={"location": "/a"}))
    assert reason_of(fetcher, Request(url=url)) == "malformed-answer"
    assert len(server.seen) == 6


@pytest.mark.parametrize("location", ["ftp://localhost/", "http://[", "javascript:1"])
def test_a_redirect_to_no_web_address_is_not_followed(server: Script, fetcher: Fetcher, location: str) -> None:
    url = server.on("/a", Reply(status=302, headers={"location": location}))
    assert reason_of(fetcher, Request(url=url)) == "malformed-answer"


def test_a_posted_request_is_not_redirected(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(status=307, headers={"location": "/b"}))
    assert fetcher.send(Request(url=url, method="POST", body=b"x")).status == 307


def test_nothing_secret_follows_to_another_host(server: Script, elsewhere: Script) -> None:
    elsewhere.on("/end", Reply(status=302, headers={"location": f"{server.url}/back"}))
    server.on("/back", Reply(body=b"ok"))
    url = server.on("/a", Reply(status=302, headers={"location": f"{elsewhere.url}/end"}))
    credentials = Credentials([Credential("localhost", "Basic c2VjcmV0", None)])
    host = server.url.partition("//")[2]
    with fetcher_with(credentials=credentials) as fetcher:
        fetcher.send(Request(url=url, credentials=host, headers={"X-Api-Key": "secret", "Cookie": "secret"}))
    assert server.asked("/a")[0].headers["authorization"] == "Basic c2VjcmV0"
    strayed = {*elsewhere.seen[0].headers, *server.asked("/back")[0].headers}
    assert not {"authorization", "x-api-key", "cookie"} & strayed


def test_a_token_of_the_request_does_not_follow_either(server: Script, elsewhere: Script, fetcher: Fetcher) -> None:
    elsewhere.on("/end", Reply(body=b"ok"))
    url = server.on("/a", Reply(status=302, headers={"location": f"{elsewhere.url}/end"}))
    fetcher.send(Request(url=url, headers={"Authorization": "Bearer t"}))
    assert server.seen[0].headers["authorization"] == "Bearer t"
    assert "authorization" not in elsewhere.seen[0].headers


def test_credentials_go_to_the_named_host_only(server: Script, elsewhere: Script) -> None:
    credentials = Credentials([Credential("localhost", "Basic c2VjcmV0", None)])
    host = server.url.partition("//")[2]
    with fetcher_with(credentials=credentials) as fetcher:
        fetcher.send(Request(url=server.on("/a", Reply()), credentials=host))
        fetcher.send(Request(url=server.on("/b", Reply())))
        fetcher.send(Request(url=elsewhere.on("/c", Reply()), credentials=host))
    assert server.asked("/a")[0].headers["authorization"] == "Basic c2VjcmV0"
    assert "authorization" not in server.asked("/b")[0].headers
    assert "authorization" not in elsewhere.seen[0].headers


def test_a_token_of_the_exchange_wins_over_the_settings(server: Script) -> None:
    url = server.on("/a", Reply())
    host = server.url.partition("//")[2]
    with fetcher_with(credentials=Credentials([Credential("localhost", "Basic c2VjcmV0", None)])) as fetcher:
        fetcher.send(Request(url=url, credentials=host, headers={"authorization": "Bearer t"}))
    assert server.seen[0].headers["authorization"] == "Bearer t"


def test_private_targets_are_refused_unless_allowed(server: Script) -> None:
    url = server.on("/a", Reply(body=b"internal"))
    with fetcher_with(allow_private=False) as fetcher:
        assert reason_of(fetcher, Request(url=url)) == "refused"
    assert server.seen == []


def test_link_local_targets_are_never_asked(fetcher: Fetcher) -> None:
    assert reason_of(fetcher, Request(url="http://169.254.169.254/latest/meta-data/")) == "refused"


def test_a_public_host_does_not_redirect_to_a_private_one(
    server: Script, elsewhere: Script, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two loopback addresses; the first is declared public for this test.
    real = targets.is_public
    monkeypatch.setattr(targets, "is_public", lambda address: str(address) == "127.0.0.1" or real(address))
    port = elsewhere.url.rpartition(":")[2]
    inside = f"http://127.0.0.2:{port}/inside"
    url = server.on("/a", Reply(status=302, headers={"location": inside})).replace("localhost", "127.0.0.1")
    assert reason_of(fetcher, Request(url=url)) == "refused"
    assert elsewhere.seen == []


def test_a_pooled_private_connection_is_not_lent_to_a_redirect(
    server: Script, elsewhere: Script, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = targets.is_public
    inside = elsewhere.on("/inside", Reply(body=b"x"))
    fetcher.send(Request(url=inside))
    monkeypatch.setattr(targets, "is_public", lambda address: str(address) == "127.0.0.1" or real(address))
    url = server.on("/a", Reply(status=302, headers={"location": inside})).replace("localhost", "127.0.0.1")
    assert reason_of(fetcher, Request(url=url)) == "refused"
    assert len(elsewhere.seen) == 1
