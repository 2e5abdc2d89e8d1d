"""The way out of a lock tool: a proxy for HTTP on loopback, for the length of one call.

It looks each name up once, connects to the very address that it judged (see `reach`), and goes on through the user's
own proxy where there is one: the tool does not get to know that one's password. Redirects lead here as well.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from analyzers.errors import FetchError
from bot.upgrade.locks.hosts import PRIVATE
from bot.upgrade.locks.onward import Asked, Closing, Refusal, onward, read_head
from bot.upgrade.locks.reach import Reach

_MOST_CONNECTIONS: Final = 256
_MOST_BYTES: Final = 8 * 1024**3
_MOST_REFUSED: Final = 5
_HEAD_SECONDS: Final = 20.0
_IDLE_SECONDS: Final = 120.0
_TICK: Final = 0.2
_PIECE: Final = 128 * 1024


@dataclass(slots=True, eq=False)
class WayOut:
    """Serves one tool. `refused` are the hosts that it was not let to, in the order in which it asked."""

    reach: Reach
    refused: list[str] = field(default_factory=list)
    _room: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_MOST_CONNECTIONS))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[socket.socket] = field(default_factory=set)
    _bytes: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        """Serve what connects to an open port, which is closed at the end."""
        threading.Thread(target=self._accept, args=(listener,), name="debtscan-way-out", daemon=True).start()

    def end(self) -> None:
        """Cut all connections."""
        self._ended.set()
        with self._lock:
            for one in self._open:
                _cut(one)

    def told(self) -> str:
        """Return whom the tool was not let to, as the beginning of what its failure says; ``""`` for nobody."""
        with self._lock:
            names = ", ".join(host[:100] for host in self.refused)
        if not names:
            return ""
        if self.reach.allows:
            return f"the repository or a package leads to {names}, which is not among the hosts asked here. It says: "
        return (
            f"the repository or a package leads to {names}, a private or link-local address that your own settings "
            f"do not name; set your index to it, or {PRIVATE}=1 where every repository may name such. It says: "
        )

    def _accept(self, listener: socket.socket) -> None:
        with listener, self._known(listener):
            listener.settimeout(_TICK)
            while not self._ended.is_set():
                try:
                    client = listener.accept()[0]
                except TimeoutError:
                    continue
                except OSError:
                    return
                self._room.acquire()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    @contextmanager
    def _known(self, *sockets: socket.socket) -> Iterator[None]:
        """Have the sockets cut when the call ends."""
        with self._lock:
            self._open.update(sockets)
        if self._ended.is_set():
            for one in sockets:
                _cut(one)
        try:
            yield
        finally:
            with self._lock:
                self._open.difference_update(sockets)

    def _serve(self, client: socket.socket) -> None:
        try:
            with suppress(OSError), client, self._known(client):
                client.settimeout(_HEAD_SECONDS)
                self._answer(client)
        finally:
            self._room.release()

    def _answer(self, client: socket.socket) -> None:
        try:
            asked = read_head(client)
            server = self._onward(asked)
        except Refusal as refusal:
            client.sendall(refusal.answer())
            return
        with server, self._known(server):
            client.sendall(asked.established)
            self._pass_on(client, server, asked)

    def _onward(self, asked: Asked) -> socket.socket:
        try:
            return onward(asked, self.reach)
        except FetchError as error:
            with self._lock:
                if asked.host not in self.refused and len(self.refused) < _MOST_REFUSED:
                    self.refused.append(asked.host)
            raise Refusal(403, error.detail) from error

    def _pass_on(self, client: socket.socket, server: socket.socket, asked: Asked) -> None:
        """Pass bytes on in both directions, until the server has said all, or nobody says anything."""
        client.settimeout(_IDLE_SECONDS)
        server.settimeout(_IDLE_SECONDS)
        left, closing = asked.body, Closing(asked)
        with selectors.DefaultSelector() as waiting:
            waiting.register(client, selectors.EVENT_READ)
            waiting.register(server, selectors.EVENT_READ)
            while ready := waiting.select(_IDLE_SECONDS):
                for key, _ in ready:
                    if key.fileobj is server:
                        for piece in _pieces(server):
                            self._count(piece)
                            client.sendall(closing.feed(piece))
                            if not piece:
                                return
                        continue
                    piece = client.recv(_PIECE)
                    if not piece:
                        waiting.unregister(client)
                        # TLS ends in both directions at once, and the answer is still to come.
                        if not isinstance(server, ssl.SSLSocket):
                            server.shutdown(socket.SHUT_WR)
                        continue
                    # Of a plain request, its body and no second one, which could be for somebody else.
                    part = piece if left is None else piece[:left]
                    left = None if left is None else left - len(part)
                    self._count(part)
                    server.sendall(part)

    def _count(self, piece: bytes) -> None:
        with self._lock:
            self._bytes += len(piece)
            if self._bytes > _MOST_BYTES:
                raise OSError(f"more than {_MOST_BYTES:,} bytes")


def _pieces(server: socket.socket) -> Iterator[bytes]:
    """Yield what can be read now, an empty piece at the end. What TLS has unpacked already wakes nobody."""
    yield server.recv(_PIECE)
    while isinstance(server, ssl.SSLSocket) and server.pending():
        yield server.recv(_PIECE)


def _cut(one: socket.socket) -> None:
    # The plain socket's shutdown: TLS objects belong to the thread that reads.
    with suppress(OSError):
        socket.socket.shutdown(one, socket.SHUT_RDWR)
