from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from analyzers.errors import FetchError
from analyzers.http.fetch import Fetcher
from analyzers.http.retries import Patience
from analyzers.model.exchange import Request
from tests.support.http_proxy import Proxy, proxy
from tests.support.http_server import Reply, Script, serve


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return str(tmp_path / "ca.pem")


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Script]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with serve(context) as script:
        yield script


@pytest.fixture
def between() -> Iterator[Proxy]:
    with proxy() as running:
        yield running


def fetcher(*, allow_private: bool = True, **environ: str) -> Fetcher:
    patience = Patience(connect=2, read=2, total=5, attempts=1)
    return Fetcher(user_agent="t", environ=environ, allow_private=allow_private, patience=patience)


def failure(fetcher: Fetcher, url: str) -> FetchError:
    with fetcher, pytest.raises(FetchError) as caught:
        fetcher.send(Request(url=url))
    return caught.value


def test_a_private_authority_is_trusted_where_the_user_names_it(secure: Script, bundle: str) -> None:
    url = secure.on("/a", Reply(body=b"private"))
    with fetcher(SSL_CERT_FILE=bundle) as trusting:
        assert trusting.send(Request(url=url)).body == b"private"


def test_an_unknown_authority_is_not_trusted(secure: Script) -> None:
    error = failure(fetcher(), secure.on("/a", Reply()))
    assert error.reason == "unreachable"
    assert "TLS" in error.detail


def test_a_certificate_of_another_host_is_not_trusted(secure: Script, bundle: str) -> None:
    url = secure.on("/a", Reply()).replace("localhost", "127.0.0.1")
    assert "TLS" in failure(fetcher(SSL_CERT_FILE=bundle), url).detail


def test_https_does_not_redirect_to_http(secure: Script, bundle: str) -> None:
    with serve() as plain:
        target = plain.on("/end", Reply(body=b"x"))
        url = secure.on("/a", Reply(status=302, headers={"location": target}))
        assert failure(fetcher(SSL_CERT_FILE=bundle), url).reason == "refused"
        assert plain.seen == []


def test_http_may_redirect_to_https(secure: Script, bundle: str) -> None:
    with serve() as plain, fetcher(SSL_CERT_FILE=bundle) as trusting:
        url = plain.on("/a", Reply(status=301, headers={"location": secure.on("/end", Reply(body=b"ok"))}))
        assert trusting.send(Request(url=url)).body == b"ok"


def test_a_dripping_body_over_tls_ends_at_the_deadline(secure: Script, bundle: str) -> None:
    url = secure.on("/a", Reply(body=b"x" * 200, drip=0.05))
    patience = Patience(total=0.5, attempts=1)
    impatient = Fetcher(user_agent="t", environ={"SSL_CERT_FILE": bundle}, allow_private=True, patience=patience)
    assert failure(impatient, url).reason == "time-out"


def test_plain_requests_go_through_the_proxy(between: Proxy) -> None:
    with serve() as server, fetcher(HTTP_PROXY=between.url.replace("//", "//me:p%40ss@")) as proxied:
        url = server.on("/a", Reply(body=b"ok"))
        assert proxied.send(Request(url=url)).body == b"ok"
        assert between.asked == [f"GET {url}"]
    assert base64.b64decode(between.logins[0].removeprefix("Basic ")) == b"me:p@ss"


def test_secure_requests_tunnel_through_the_proxy(secure: Script, bundle: str, between: Proxy) -> None:
    url = secure.on("/a", Reply(body=b"ok"))
    with fetcher(HTTPS_PROXY=between.url, SSL_CERT_FILE=bundle) as proxied:
        assert proxied.send(Request(url=url)).body == b"ok"
    assert between.asked == [f"CONNECT {url.split('/')[2]}"]


def test_exempt_hosts_are_asked_directly(between: Proxy) -> None:
    with serve() as server, fetcher(HTTP_PROXY=between.url, NO_PROXY="localhost") as direct:
        assert direct.send(Request(url=server.on("/a", Reply(body=b"ok")))).body == b"ok"
    assert between.asked == []


def test_private_names_are_refused_before_the_proxy_is_asked(between: Proxy) -> None:
    error = failure(fetcher(allow_private=False, HTTP_PROXY=between.url), "http://localhost:1/")
    assert error.reason == "refused"
    assert between.asked == []


def test_the_proxy_itself_may_be_private(between: Proxy) -> None:
    with serve() as server, fetcher(allow_private=False, HTTP_PROXY=between.url) as proxied:
        port = server.url.rpartition(":")[2]
        server.on("/a", Reply(body=b"ok"))
        assert proxied.send(Request(url=f"http://public.example:{port}/a")).body == b"ok"


def test_a_proxy_that_is_down_is_named() -> None:
    error = failure(fetcher(HTTP_PROXY="http://user:hunter2@localhost:1"), "http://public.example/")
    assert error.reason == "unreachable"
    assert "hunter2" not in str(error)


def test_other_kinds_of_proxies_are_named() -> None:
    assert "socks5" in failure(fetcher(ALL_PROXY="socks5://localhost:1"), "http://public.example/").detail
