from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest

from analyzers.errors import FetchError
from analyzers.http.fetch import Fetcher
from analyzers.http.limits import HostLimit, LocalLimiter
from analyzers.http.retries import Patience
from analyzers.http.wire import Wire
from analyzers.model.exchange import Request
from tests.support.fetching import fetcher_with, reason_of
from tests.support.http_server import Reply, Script, serve
from tests.support.pace import allowed


@pytest.fixture
def server() -> Iterator[Script]:
    with serve() as script:
        yield script


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(waits: list[float]) -> Iterator[Fetcher]:
    with fetcher_with(waits=waits) as made:
        yield made


def test_an_answer_comes_with_status_headers_and_body(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(headers={"ETag": '"1"', "X-Odd": "yes"}, body=b"hello"))
    response = fetcher.send(Request(url=url, headers={"Accept": "text/plain"}))
    assert (response.status, response.body, response.headers["x-odd"]) == (200, b"hello", "yes")
    sent = server.seen[0].headers
    assert sent["user-agent"] == "debtscan/test"
    assert sent["accept"] == "text/plain"
    assert "authorization" not in sent


def test_a_body_is_posted(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(body=b"ok"))
    fetcher.send(Request(url=url, method="POST", body=b'{"q":1}', headers={"content-type": "application/json"}))
    assert (server.seen[0].method, server.seen[0].body) == ("POST", b'{"q":1}')


def test_a_head_request_has_no_body(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(body=b"0123", headers={"docker-content-digest": "sha256:1"}))
    response = fetcher.send(Request(url=url, method="HEAD"))
    assert (response.body, response.headers["docker-content-digest"]) == (b"", "sha256:1")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 418])
def test_a_refusal_is_an_answer_of_its_own(server: Script, fetcher: Fetcher, status: int, waits: list[float]) -> None:
    url = server.on("/a", Reply(status=status, headers={"www-authenticate": 'Bearer realm="r"'}))
    response = fetcher.send(Request(url=url))
    assert response.status == status
    assert response.headers["www-authenticate"] == 'Bearer realm="r"'
    assert waits == []


def test_compressed_bodies_are_unpacked(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(headers={"content-encoding": "gzip"}, body=gzip.compress(b"x" * 5000)))
    assert fetcher.send(Request(url=url)).body == b"x" * 5000
    assert server.seen[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("packed", [True, False])
def test_a_large_body_is_the_same_each_time_it_is_read(server: Script, fetcher: Fetcher, packed: bool) -> None:
    content = bytes(range(256)) * 8192
    reply = Reply(headers={"content-encoding": "gzip"}, body=gzip.compress(content)) if packed else Reply(body=content)
    response = fetcher.send(Request(url=server.on("/a", reply)))
    assert response.body == content
    assert response.body == content


def test_one_connection_serves_many_requests(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(body=b"a"))
    before = threading.active_count()
    for _count in range(20):
        fetcher.send(Request(url=url))
    # The server has a thread a connection; one more is the watchdog.
    assert threading.active_count() <= before + 2


def test_a_server_error_is_tried_again(server: Script, fetcher: Fetcher, waits: list[float]) -> None:
    url = server.on("/a", Reply(status=500), Reply(status=503), Reply(body=b"at last"))
    assert fetcher.send(Request(url=url)).body == b"at last"
    assert waits == [0.5, 1.0]


def test_a_lasting_server_error_is_one(server: Script, fetcher: Fetcher, waits: list[float]) -> None:
    url = server.on("/a", Reply(status=502))
    assert reason_of(fetcher, Request(url=url)) == "server-error"
    assert len(server.seen) == 3
    assert waits == [0.5, 1.0]


def test_an_error_that_does_not_pass_is_not_tried_again(server: Script, fetcher: Fetcher) -> None:
    assert reason_of(fetcher, Request(url=server.on("/a", Reply(status=501)))) == "server-error"
    assert len(server.seen) == 1


def test_the_wait_that_a_host_asks_for_is_kept(server: Script, fetcher: Fetcher, waits: list[float]) -> None:
    url = server.on("/a", Reply(status=429, headers={"Retry-After": "3"}), Reply(body=b"ok"))
    assert fetcher.send(Request(url=url)).body == b"ok"
    assert 3.0 in waits


def test_the_wait_may_be_a_date(server: Script) -> None:
    waits: list[float] = []
    now = 1_800_000_000.0
    date = formatdate(now + 2, usegmt=True)
    url = server.on("/a", Reply(status=503, headers={"Retry-After": date}), Reply(body=b"ok"))
    with fetcher_with(waits=waits, now=now) as fetcher:
        assert fetcher.send(Request(url=url)).body == b"ok"
    assert 2.0 in waits


def test_a_longer_wait_than_patience_ends_the_request(server: Script, fetcher: Fetcher, waits: list[float]) -> None:
    url = server.on("/a", Reply(status=429, headers={"Retry-After": "3600"}))
    assert reason_of(fetcher, Request(url=url)) == "rate-limited"
    assert (len(server.seen), waits) == (1, [])


def test_too_many_requests_is_a_reason_of_its_own(server: Script, fetcher: Fetcher) -> None:
    assert reason_of(fetcher, Request(url=server.on("/a", Reply(status=429)))) == "rate-limited"
    assert len(server.seen) == 3


def test_a_used_up_limit_is_not_a_refusal(server: Script, fetcher: Fetcher) -> None:
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 3000)}
    assert reason_of(fetcher, Request(url=server.on("/a", Reply(status=403, headers=spent)))) == "rate-limited"


def test_an_unreachable_host_is_named(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError) as caught:
        fetcher.send(Request(url="http://user:hunter2@localhost:1/secret-path"))
    assert caught.value.reason == "unreachable"
    assert "localhost:1" in caught.value.detail
    assert "hunter2" not in str(caught.value)
    assert "secret-path" not in str(caught.value)


def test_a_host_without_address_is_unreachable(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert reason_of(fetcher, Request(url="http://no-such-host.invalid/")) == "unreachable"


@pytest.mark.parametrize("url", ["http://", "http://[::1", "ftp://localhost/", "", "http://local host/", "file:///etc"])
def test_what_is_no_web_address_is_not_asked(fetcher: Fetcher, url: str) -> None:
    assert reason_of(fetcher, Request(url=url)) == "unreachable"


def test_a_broken_off_answer_is_tried_again(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(body=b"x" * 1000, cut=True), Reply(body=b"whole"))
    assert fetcher.send(Request(url=url)).body == b"whole"


def test_an_answer_that_is_not_http_is_unreachable(server: Script, fetcher: Fetcher) -> None:
    assert reason_of(fetcher, Request(url=server.on("/a", Reply(raw=b"SSH-2.0-OpenSSH\r\n")))) == "unreachable"


def test_a_late_answer_is_a_time_out(server: Script) -> None:
    url = server.on("/a", Reply(delay=5))
    with fetcher_with(patience=Patience(read=0.2, attempts=1)) as fetcher:
        assert reason_of(fetcher, Request(url=url)) == "time-out"


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(body=b"x" * 500, drip=0.05), id="body"),
        pytest.param(Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 50, raw_drip=0.05), id="headers"),
        pytest.param(
            Reply(headers={"content-encoding": "gzip"}, body=gzip.compress(bytes(range(256)) * 9), drip=0.05), id="gzip"
        ),
    ],
)
def test_a_dripping_answer_ends_at_the_deadline(server: Script, reply: Reply) -> None:
    url = server.on("/a", reply)
    started = time.monotonic()
    with fetcher_with(patience=Patience(read=5, total=0.6, attempts=1)) as fetcher:
        assert reason_of(fetcher, Request(url=url)) == "time-out"
    assert time.monotonic() - started < allowed(3)


def test_a_body_over_the_bound_is_too_large(server: Script, fetcher: Fetcher) -> None:
    url = server.on("/a", Reply(body=b"x" * 2000))
    assert reason_of(fetcher, Request(url=url, max_bytes=1999)) == "too-large"
    assert fetcher.send(Request(url=url, max_bytes=2000)).body == b"x" * 2000


def test_a_compressed_bomb_is_too_large(server: Script, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    url = server.on("/a", Reply(headers={"content-encoding": "gzip"}, body=bomb))
    assert reason_of(fetcher, Request(url=url, max_bytes=1_000_000)) == "too-large"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"not gzip at all"),
        ("gzip", gzip.compress(b"x" * 5000, mtime=0)[:-9]),
        ("gzip", gzip.compress(b"x", mtime=0) + b"more"),
        ("br", b"x"),
        ("gzip, br", b"x"),
    ],
)
def test_a_damaged_body_is_malformed(server: Script, fetcher: Fetcher, encoding: str, body: bytes) -> None:
    url = server.on("/a", Reply(headers={"content-encoding": encoding}, body=body))
    assert reason_of(fetcher, Request(url=url)) == "malformed-answer"


def test_no_more_requests_than_the_limit_are_under_way(server: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    url = server.on("/a", Reply(delay=0.05))
    under_way, most = 0, 0
    lock = threading.Lock()
    limiter = LocalLimiter(default=HostLimit(at_once=3))
    original = Wire._follow

    def counted(*arguments: Any) -> object:  # noqa: ANN401 - passed through
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        try:
            return original(*arguments)
        finally:
            with lock:
                under_way -= 1

    monkeypatch.setattr(Wire, "_follow", counted)
    with Fetcher(user_agent="t", limiter=limiter, allow_private=True, environ={}) as fetcher:
        threads = [threading.Thread(target=fetcher.send, args=(Request(url=url),)) for _count in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most == 3
    assert len(server.seen) == 12


def test_a_name_that_is_known_not_to_exist_is_asked_once() -> None:
    waits: list[float] = []
    with fetcher_with(waits=waits, allow_private=True) as fetcher:
        assert reason_of(fetcher, Request(url="http://no-such-host.invalid/")) == "unreachable"
    assert waits == []
