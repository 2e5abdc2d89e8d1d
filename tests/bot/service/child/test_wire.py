from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import msgspec
import pytest

from bot.service.child.messages import Answered, Ask, Bring, FromChild, Refused
from bot.service.child.wire import MOST_BYTES, Channel, EndedError, JunkError, LateError


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_message_larger_than_any_buffer_crosses(ends: tuple[socket.socket, socket.socket]) -> None:
    content = b"x" * 20_000_000
    sending = threading.Thread(
        target=Channel(ends[0]).send, args=(Answered(msgspec.Raw(msgspec.msgpack.encode(content))),)
    )
    sending.start()
    said = Channel(ends[1]).receive(Answered)
    sending.join()
    assert msgspec.msgpack.decode(said.value) == content


def test_messages_of_each_kind_are_told_apart(ends: tuple[socket.socket, socket.socket]) -> None:
    for message in (Bring.of(("1" * 40,)), Ask(())):
        Channel(ends[0]).send(message)
        assert Channel(ends[1]).receive(FromChild) == message  # type: ignore[arg-type] # a union


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ((MOST_BYTES + 1).to_bytes(8, "big"), JunkError),
        ((1).to_bytes(8, "big") + b"\xc1", JunkError),
        ((0).to_bytes(8, "big"), JunkError),
        ((8).to_bytes(8, "big") + msgspec.msgpack.encode("another"), JunkError),
        ((5000).to_bytes(8, "big") + b"\x91" * 5000, JunkError),
        ((9).to_bytes(8, "big") + b"short", EndedError),
        (b"\0\0", EndedError),
        (b"", EndedError),
    ],
)
def test_what_is_no_message_is_told_apart_from_an_end(
    ends: tuple[socket.socket, socket.socket], content: bytes, kind: type[Exception]
) -> None:
    ends[0].sendall(content)
    ends[0].shutdown(socket.SHUT_WR)
    with pytest.raises(kind):
        Channel(ends[1], time.monotonic() + 30).receive(Refused)


def test_nobody_waits_longer_than_until_the_deadline(ends: tuple[socket.socket, socket.socket]) -> None:
    channel = Channel(ends[1], time.monotonic() + 0.2)
    with pytest.raises(LateError):
        channel.receive(Refused)
    with pytest.raises(LateError):
        Channel(ends[0], time.monotonic() + 0.2).send(b"x" * 50_000_000)
    with pytest.raises(LateError):
        channel.send(b"x")


def test_who_sends_to_one_that_is_gone_is_told_so(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[1].close()
    with pytest.raises(EndedError):
        Channel(ends[0]).send(b"x" * 1_000_000)
