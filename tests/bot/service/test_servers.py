"""The web server against clients that ask for nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from analyzers.errors import UsageError
from bot.service import prompt, servers
from bot.service.servers import Server


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    async def answer(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    monkeypatch.setattr(prompt, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    monkeypatch.setattr(servers, "_IDLE", 1)
    server = Server(Starlette(routes=[Route("/", answer)]), ("127.0.0.1", number), "listen")
    server.bind()
    server.start()
    yield number
    server.stop()


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
@pytest.mark.parametrize("before", [0, 1])
def test_a_connection_without_a_whole_head_is_closed(port: int, said: bytes, before: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        for _turn in range(before):
            _ask(client)
        client.sendall(said)
        assert client.recv(1000) == b""


def test_who_says_a_head_a_byte_at_a_time_wins_no_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=0.05) as client:
        client.sendall(b"GET / HTTP/1.1\r\nX: ")
        end = time.monotonic() + 20
        while not _is_closed(client):
            assert time.monotonic() < end


def test_a_connection_is_good_for_several_requests(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        for _turn in range(3):
            _ask(client)


def test_a_name_that_is_none_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> socket.socket:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(UsageError, match=r"\(Name or service not known\); name a free address"):
        Server(Starlette(), ("nowhere.example", 8080), "listen").bind()


def _ask(client: socket.socket) -> None:
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    heard = b""
    while not heard.endswith(b"here"):
        heard += client.recv(1000)


def _is_closed(client: socket.socket) -> bool:
    try:
        client.sendall(b"x")
        return client.recv(10) == b""
    except TimeoutError:
        return False
    except OSError:
        return True
