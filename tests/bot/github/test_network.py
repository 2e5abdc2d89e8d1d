"""The way to GitHub: an own server, an own authority, a proxy, and what never leaves."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from analyzers.errors import SnapshotError
from analyzers.http.retries import Patience
from analyzers.repository import clone as copies
from bot.github.auth import App, Credentials, Token
from bot.github.client import open_host
from bot.github.errors import HostError, UnreachableError
from bot.github.rate import Bounds
from bot.github.requester import ClientRequester
from bot.github.session import Session, Settings, read_settings
from tests.support import http_proxy
from tests.support.github.messages import Response
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, Opener, installed_app
from tests.support.http_server import Reply, serve

NAME = "acme/shop"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def secure(authority: trustme.CA, tmp_path: Path) -> Iterator[GitHubStandIn]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with GitHubStandIn(tmp_path / "secure", enterprise=True, tls=context) as running:
        running.repository(NAME, {"app.py": "one\n"})
        yield running


def read_through(github: GitHubStandIn, environ: dict[str, str]) -> bytes | None:
    settings = read_settings({"DEBTSCAN_GITHUB_URL": github.url, **environ})
    with open_host(NAME, Token(github.token()), settings) as client:
        return client.file("app.py", "main")


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_an_own_server_with_an_own_authority(secure: GitHubStandIn, bundle: str, variable: str) -> None:
    assert read_through(secure, {variable: bundle}) == b"one\n"
    assert secure.api_url.endswith("/api/v3")


def test_an_unknown_authority_is_refused_with_the_remedy(secure: GitHubStandIn) -> None:
    with pytest.raises(UnreachableError, match=r"no trusted TLS.*set SSL_CERT_FILE"):
        read_through(secure, {})
    assert not secure.requests


def test_a_bundle_that_is_none(secure: GitHubStandIn, tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="cannot be read"):
        read_through(secure, {"SSL_CERT_FILE": str(tmp_path / "none.pem")})


def test_graphql_lies_beside_the_rest_of_an_own_server(tmp_path: Path) -> None:
    with GitHubStandIn(tmp_path / "github", enterprise=True) as github:
        hosted = github.repository(NAME, {"app.py": "one\n"})
        settings = read_settings({"DEBTSCAN_GITHUB_URL": github.url})
        settings = Settings(address=settings.address, clock=FakeClock().clock)
        with open_host(NAME, Token(github.token()), settings) as client:
            first = client.commit(hosted.head, {"app.py": b"1\n"}, "One")
            client.create_branch("debtscan/x", first)
            client.move_branch("debtscan/x", hosted.head, expected=first)
        assert github.requests[-1].template == "/graphql"


def test_a_proxy_is_used_and_no_proxy_heeded(secure: GitHubStandIn, bundle: str) -> None:
    with http_proxy.proxy() as proxy:
        environ = {"SSL_CERT_FILE": bundle, "HTTPS_PROXY": proxy.url.replace("://", "://user:word@")}
        assert read_through(secure, environ) == b"one\n"
        assert proxy.asked == [f"CONNECT {secure.url.removeprefix('https://')}"]
        assert proxy.logins[0].startswith("Basic ")
        assert read_through(secure, {**environ, "NO_PROXY": "localhost"}) == b"one\n"
        assert len(proxy.asked) == 1


def test_a_proxy_that_is_down_is_named_without_its_login(secure: GitHubStandIn, bundle: str) -> None:
    environ = {"SSL_CERT_FILE": bundle, "HTTPS_PROXY": "http://user:word@127.0.0.1:9"}
    settings = read_settings({"DEBTSCAN_GITHUB_URL": secure.url, **environ})
    settings = Settings(address=settings.address, environ=environ, clock=FakeClock().clock)
    with open_host(NAME, Token(secure.token()), settings) as client, pytest.raises(UnreachableError) as raised:
        client.branches("")
    assert "word" not in str(raised.value)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_copy_comes_the_same_way(
    secure: GitHubStandIn, bundle: str, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"):
        monkeypatch.delenv(name, raising=False)
    settings = read_settings({"DEBTSCAN_GITHUB_URL": secure.url})
    with open_host(NAME, Token(secure.token()), settings) as client:
        url, authorization = client.clone_source()
        with pytest.raises(SnapshotError, match="certificate"):
            copies.clone(url, tmp_path / "refused", authorization=authorization)
        monkeypatch.setenv(variable, bundle)
        with http_proxy.proxy() as proxy:
            monkeypatch.setenv("ALL_PROXY", proxy.url)
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            copies.clone(url, tmp_path / "copy", authorization=authorization)
            assert proxy.asked
    assert (tmp_path / "copy" / "HEAD").exists()


@pytest.mark.parametrize(
    "reply", [Reply(delay=30), Reply(body=b"{" + b" " * 100, drip=0.05), Reply(raw=b"H" * 90, raw_drip=0.05)]
)
def test_an_answer_that_does_not_end_is_cut(reply: Reply) -> None:
    with serve() as script:
        script.on("/api/v3/repos/acme/shop", reply)
        address = read_settings({"DEBTSCAN_GITHUB_URL": script.url}).address
        patience, bounds = Patience(read=0.5, total=0.5), Bounds(attempts=2)
        settings = Settings(address=address, clock=FakeClock().clock, patience=patience, bounds=bounds)
        with open_host(NAME, Token("ghp_x"), settings) as client, pytest.raises(UnreachableError, match="in time"):
            client.repository()
        assert len(script.seen) == 2


def test_nothing_goes_to_another_host() -> None:
    with serve() as elsewhere, serve() as script:
        target = elsewhere.url.replace("localhost", "127.0.0.1") + "/api/v3/repos/acme/shop"
        moved = Reply(status=301, headers={"location": target})
        script.on("/api/v3/repos/acme/shop", moved)
        link = {"link": f'<{target}/git/matching-refs/heads/>; rel="next"'}
        script.on("/api/v3/repos/acme/shop/git/matching-refs/heads/", Reply(headers=link, body=b"[]"))
        settings = read_settings({"DEBTSCAN_GITHUB_URL": script.url})
        with open_host(NAME, Token("ghp_secret"), settings) as client:
            for ask in (client.repository, lambda: client.branches("")):
                with pytest.raises(UnreachableError, match="DEBTSCAN_GITHUB_URL"):
                    ask()
        assert elsewhere.seen == []


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"<html>a portal</html>"),
        Reply(body=b"[]"),
        Reply(body=b"{}"),
        Reply(body=b'{"default_branch": 7}'),
        Reply(body=b"{"),
        Reply(body=b"\xff\xfe"),
        Reply(status=404, body=b"<html>"),
        Reply(status=418, body=b'{"message": ["a"], "errors": "b"}'),
        Reply(raw=b"nothing of HTTP"),
        Reply(body=b'{"default_branch": "main"', cut=True),
        Reply(status=303, headers={"location": "/"}),
        Reply(status=302, headers={"location": "//["}),
    ],
)
def test_whatever_answers_there_is_no_traceback(reply: Reply) -> None:
    with serve() as script:
        script.on("/api/v3/repos/acme/shop", reply)
        settings = read_settings({"DEBTSCAN_GITHUB_URL": script.url})
        settings = Settings(address=settings.address, clock=FakeClock().clock)
        with open_host(NAME, Token("ghp_secret"), settings) as client, pytest.raises(HostError) as raised:
            client.repository()
        assert str(raised.value).isprintable()
        assert "ghp_secret" not in str(raised.value)


@pytest.mark.parametrize("kind", ["token", "app"])
def test_no_secret_reaches_a_log_or_a_message(
    opener: Opener, github: GitHubStandIn, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    hosted = github.repository(NAME, {"app.py": "one\n"})
    caplog.set_level(logging.DEBUG)
    credentials: Credentials = Token(github.token()) if kind == "token" else installed_app(github, "acme")
    client = opener(NAME, credentials)
    client.create_branch("debtscan/x", client.commit(hosted.head, {"app.py": b"x\n"}, "Change"))
    client.move_branch("debtscan/x", hosted.head, expected=client.branches("debtscan/")["debtscan/x"])
    messages = [caplog.text, repr(client.__dict__), repr(opener.sessions[0].__dict__)]
    echo = Response(status=422, body={"message": f"no {' '.join(github.world.tokens)}"})
    github.fault("GET", response=echo)
    with pytest.raises(HostError) as raised:
        client.branches("other")
    messages.append(str(raised.value))
    secrets = [*github.world.tokens, *([credentials.key] if isinstance(credentials, App) else [])]
    assert len(secrets) >= 1
    for secret in secrets:
        assert not any(secret in message for message in messages)


def test_pygithubs_log_cannot_be_turned_on(
    opener: Opener, github: GitHubStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    github.repository(NAME, {"app.py": "one\n"})
    for name in ("github", "github.Requester", "debtscan.github"):
        caplog.set_level(logging.DEBUG, logger=name)
    opener(NAME).branches("")
    assert not [record for record in caplog.records if record.name.startswith(("github", "debtscan"))]


def test_no_request_leaves_by_another_way(opener: Opener, github: GitHubStandIn) -> None:
    github.repository(NAME, {"app.py": "one\n"})
    requester = opener(NAME)._requester
    assert isinstance(requester, ClientRequester)
    assert requester.withLazy(lazy=False) is requester
    assert requester.withApiVersion("2099-01-01") is requester
    with pytest.raises(NotImplementedError):
        requester.withAuth(None)


def test_a_session_is_a_context(github: GitHubStandIn) -> None:
    with Session(Token(github.token()), Settings()) as session:
        assert session.rate().asked == 0
