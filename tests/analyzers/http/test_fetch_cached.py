from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.http.cache import Cache
from analyzers.http.clients import Credential
from analyzers.http.credentials import Credentials
from analyzers.http.fetch import Fetcher
from analyzers.model.exchange import Request, Response
from tests.support.fetching import fetcher_with, reason_of
from tests.support.http_server import Reply, Script, serve


@pytest.fixture
def server() -> Iterator[Script]:
    with serve() as script:
        yield script


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_a_fresh_answer_is_not_asked_for_again(server: Script, folder: Path) -> None:
    url = server.on("/a", Reply(body=b"one"), Reply(body=b"two"))
    for _count in range(2):
        with fetcher_with(cache=Cache(folder)) as fetcher:
            response = fetcher.send(Request(url=url))
            assert (response.status, response.body) == (200, b"one")
    assert len(server.seen) == 1


def test_an_old_answer_is_confirmed_by_its_validators(server: Script, folder: Path) -> None:
    validators = {"ETag": '"v1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    url = server.on("/a", Reply(body=b"one", headers=validators), Reply(status=304), Reply(body=b"two"))
    with fetcher_with(cache=Cache(folder)) as fetcher:
        bodies = [fetcher.send(Request(url=url, fresh_for=0)).body for _count in range(3)]
    assert bodies == [b"one", b"one", b"two"]
    assert "if-none-match" not in server.seen[0].headers
    assert server.seen[1].headers["if-none-match"] == '"v1"'
    assert server.seen[1].headers["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_a_confirmed_answer_is_fresh_again(server: Script, folder: Path) -> None:
    url = server.on("/a", Reply(body=b"one", headers={"ETag": '"v1"'}), Reply(status=304))
    clock = [1_000_000.0]
    cache = Cache(folder, clock=lambda: clock[0])
    with Fetcher(user_agent="t", cache=cache, allow_private=True, environ={}, now=lambda: clock[0]) as fetcher:
        for later in (0, 700, 500):
            clock[0] += later
            assert fetcher.send(Request(url=url)).body == b"one"
    assert len(server.seen) == 2


def test_a_missing_thing_is_remembered_shortly(server: Script, folder: Path) -> None:
    url = server.on("/a", Reply(status=404))
    clock = [1_000_000.0]
    cache = Cache(folder, clock=lambda: clock[0])
    with Fetcher(user_agent="t", cache=cache, allow_private=True, environ={}, now=lambda: clock[0]) as fetcher:
        for later, asked in ((0, 1), (300, 1), (301, 2)):
            clock[0] += later
            assert fetcher.send(Request(url=url, fresh_for=86400)).status == 404
            assert len(server.seen) == asked


@pytest.mark.parametrize(
    ("reply", "request_options"),
    [
        (Reply(headers={"Cache-Control": "private, No-Store"}), {}),
        (Reply(headers={"Vary": "*"}), {}),
        (Reply(status=401), {}),
        (Reply(), {"cacheable": False}),
        (Reply(), {"headers": {"Authorization": "Bearer t"}}),
        (Reply(headers={"Cache-Control": "no-cache"}), {}),
        # Without a length nobody knows whether this is all of it.
        (Reply(raw=b"HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\nhalf"), {}),
    ],
)
def test_what_must_not_be_kept_is_asked_for_again(
    server: Script, folder: Path, reply: Reply, request_options: dict[str, bool]
) -> None:
    url = server.on("/a", reply)
    with fetcher_with(cache=Cache(folder)) as fetcher:
        fetcher.send(Request(url=url, **request_options))  # type: ignore[arg-type] # a table of options
        fetcher.send(Request(url=url, **request_options))  # type: ignore[arg-type] # as above
    assert len(server.seen) == 2


READING = b"how it was read"


def kept_reading(fetcher: Fetcher, request: Request, value: bytes) -> Response:
    """Send, and keep a reading of the answer."""
    response = fetcher.send(request)
    assert response.keep is not None
    response.keep(value)
    return response


def test_a_reading_comes_in_place_of_the_body_it_was_made_of(server: Script, folder: Path) -> None:
    request = Request(url=server.on("/a", Reply(body=b"one", headers={"X-A": "1"})), reading=READING)
    with fetcher_with(cache=Cache(folder)) as fetcher:
        first = kept_reading(fetcher, request, b"read")
        assert (first.read, first.body) == (None, b"one")
    with fetcher_with(cache=Cache(folder)) as fetcher:
        again = fetcher.send(request)
        assert (again.status, again.headers["x-a"], again.read, again.body) == (200, "1", b"read", b"")
        for other in (b"", b"another"):
            response = fetcher.send(replace(request, reading=other))
            assert (response.read, response.body) == (None, b"one")
    with fetcher_with(cache=Cache(folder), offline=True) as fetcher:
        assert fetcher.send(request).read == b"read"
    assert len(server.seen) == 1


def test_a_reading_lasts_as_long_as_its_answer(server: Script, folder: Path) -> None:
    replies = (Reply(body=b"one", headers={"ETag": '"1"'}), Reply(status=304), Reply(body=b"two"))
    request = Request(url=server.on("/a", *replies), fresh_for=0, reading=READING)
    with fetcher_with(cache=Cache(folder)) as fetcher:
        kept_reading(fetcher, request, b"read")
        assert fetcher.send(request).read == b"read"
        changed = fetcher.send(request)
    assert (changed.read, changed.body) == (None, b"two")


def test_a_reading_of_an_answer_that_was_replaced_meanwhile_is_dropped(server: Script, folder: Path) -> None:
    request = Request(url=server.on("/a", Reply(body=b"one"), Reply(body=b"two")), fresh_for=0, reading=READING)
    with fetcher_with(cache=Cache(folder)) as fetcher:
        early = fetcher.send(request)
        fetcher.send(request)
        assert early.keep is not None
        early.keep(b"read in one")
        later = fetcher.send(replace(request, fresh_for=60))
    assert (later.read, later.body) == (None, b"two")


def test_what_is_not_stored_keeps_no_reading(server: Script, folder: Path) -> None:
    request = Request(url=server.on("/a", Reply(headers={"Cache-Control": "no-store"})), reading=READING)
    with fetcher_with(cache=Cache(folder)) as fetcher:
        assert fetcher.send(request).keep is None
        assert fetcher.send(replace(request, cacheable=False)).keep is None
    with fetcher_with() as fetcher:
        assert fetcher.send(request).keep is None


def test_an_answer_over_the_bound_is_refused_though_it_was_read(server: Script, folder: Path) -> None:
    request = Request(url=server.on("/a", Reply(body=b"x" * 100)), reading=READING)
    with fetcher_with(cache=Cache(folder)) as fetcher:
        kept_reading(fetcher, request, b"read")
        assert reason_of(fetcher, replace(request, max_bytes=99)) == "too-large"


def test_answers_for_one_user_are_not_given_to_another(server: Script, folder: Path) -> None:
    host = server.url.partition("//")[2]
    url = server.on("/a", Reply(body=b"mine"), Reply(body=b"yours"), Reply(body=b"everyone's"))
    request = Request(url=url, credentials=host)
    bodies = []
    for header in ("Basic bWU6", "Basic eW91Og==", None, "Basic bWU6"):
        credentials = Credentials([Credential("localhost", header, None)] if header else [])
        with fetcher_with(cache=Cache(folder), credentials=credentials) as fetcher:
            bodies.append(fetcher.send(request).body)
    assert bodies == [b"mine", b"yours", b"everyone's", b"mine"]


def test_an_answer_behind_a_token_is_kept_under_the_credentials_that_led_to_it(server: Script, folder: Path) -> None:
    host = server.url.partition("//")[2]
    url = server.on("/a", Reply(status=401), Reply(body=b"tags"))
    with fetcher_with(cache=Cache(folder)) as fetcher:
        assert fetcher.send(Request(url=url, credentials=host)).status == 401
        assert fetcher.send(Request(url=url, credentials=host, headers={"authorization": "Bearer t"})).body == b"tags"
    with fetcher_with(cache=Cache(folder), offline=True) as fetcher:
        assert fetcher.send(Request(url=url, credentials=host)).body == b"tags"


def test_secrets_are_not_written_to_the_cache(server: Script, folder: Path) -> None:
    host = server.url.partition("//")[2]
    url = server.on("/a", Reply(body=b"x", headers={"Set-Cookie": "session=s3cret"}))
    with fetcher_with(
        cache=Cache(folder), credentials=Credentials([Credential("localhost", "Basic czNjcmV0", None)])
    ) as fetcher:
        fetcher.send(Request(url=url, credentials=host))
    stored = b"".join(path.read_bytes() for path in folder.iterdir())
    assert b"czNjcmV0" not in stored
    assert b"s3cret" not in stored


def test_offline_an_answer_of_any_age_is_given(server: Script, folder: Path) -> None:
    url = server.on("/a", Reply(body=b"old", headers={"Cache-Control": "no-cache"}))
    missing = server.url + "/never"
    with fetcher_with(cache=Cache(folder, max_age=1e12), now=0.0) as fetcher:
        fetcher.send(Request(url=url))
    with fetcher_with(cache=Cache(folder, max_age=1e12), offline=True) as fetcher:
        assert fetcher.send(Request(url=url)).body == b"old"
        assert reason_of(fetcher, Request(url=missing)) == "offline"
    assert len(server.seen) == 1


def test_offline_without_a_cache_nothing_is_known(server: Script) -> None:
    with fetcher_with(offline=True) as fetcher:
        assert reason_of(fetcher, Request(url=server.on("/a", Reply()))) == "offline"
    assert server.seen == []


def test_a_stored_answer_is_held_to_the_bound_of_the_request(server: Script, folder: Path) -> None:
    url = server.on("/a", Reply(body=b"x" * 1000))
    with fetcher_with(cache=Cache(folder)) as fetcher:
        fetcher.send(Request(url=url))
        assert reason_of(fetcher, Request(url=url, max_bytes=10)) == "too-large"


def test_a_failure_is_not_kept(server: Script, folder: Path) -> None:
    url = server.on("/a", Reply(status=501), Reply(body=b"fine"))
    with fetcher_with(cache=Cache(folder)) as fetcher:
        assert reason_of(fetcher, Request(url=url)) == "server-error"
        assert fetcher.send(Request(url=url)).body == b"fine"
