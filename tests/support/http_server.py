"""A loopback HTTP server that answers as scripted: in turns, late, in drips, broken off."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One scripted answer.

    `delay` is seconds before it; `drip` sends the body a byte at a time, so many seconds apart; `raw` is sent as it
    is instead of a proper answer; `cut` closes the connection in the middle of the body.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    drip: float = 0.0
    raw: bytes | None = None
    raw_drip: float = 0.0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived. Header names are lower-case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Script:
    """What the server at `url` answers: path → replies in turn, the last one for ever. `seen` are all requests."""

    url: str
    replies: dict[str, Sequence[Reply]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def on(self, path: str, *replies: Reply) -> str:
        """Script ``path``; return its address."""
        self.replies[path] = replies
        return self.url + path

    def asked(self, path: str) -> list[Seen]:
        """Return the requests for ``path``."""
        return [request for request in self.seen if request.path == path]

    def next_reply(self, request: Seen) -> Reply:
        """Note the request and return its answer; 404 for what is not scripted."""
        with self.lock:
            turn = len(self.asked(request.path))
            self.seen.append(request)
        replies = self.replies.get(request.path, (Reply(status=404),))
        return replies[min(turn, len(replies) - 1)]


@contextmanager
def serve(context: ssl.SSLContext | None = None) -> Iterator[Script]:
    """Run a server on a free loopback port; over TLS with ``context``."""
    scheme = "https" if context else "http"
    server = _Server(("127.0.0.1", 0), _Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    script = Script(f"{scheme}://localhost:{server.server_address[1]}")
    server.script = script
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    script: Script

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.ending = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet, and no wait for the peer's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 10
    server: _Server

    def _answer(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Seen(self.command, self.path, headers, self.rfile.read(length))
        reply = self.server.script.next_reply(request)
        if reply.delay:
            self.server.ending.wait(reply.delay)
        if reply.raw is not None:
            self._send_slowly(reply.raw, reply.raw_drip)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send_slowly(reply.body[: len(reply.body) // 2] if reply.cut else reply.body, reply.drip)
        self.close_connection = self.close_connection or reply.cut

    def _send_slowly(self, content: bytes, pause: float) -> None:
        if not pause:
            self.wfile.write(content)
            return
        for number in range(len(content)):
            self.wfile.write(content[number : number + 1])
            self.wfile.flush()
            if self.server.ending.wait(pause):
                return

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - names of http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Print nothing."""
