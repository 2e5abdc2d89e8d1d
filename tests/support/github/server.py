"""The stand-in as an HTTP server on loopback, in a thread."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.support.github.faults import Dropped
from tests.support.github.messages import Request, Response

_LARGEST = 64 * 1024 * 1024
_SECONDS = 60
Answer = Callable[[Request], Response]


class Server(ThreadingHTTPServer):
    """Answers with a function; raise Dropped there to hang up."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Answer
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self, answer: Answer) -> None:
        """Answer from now on."""
        self.answer = answer
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up: many tests are about them."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = _SECONDS
    server: Server

    def _answer(self) -> None:
        split = urlsplit(self.path)
        length = int(self.headers.get("content-length", "0"))
        chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        if length > _LARGEST:
            self.close_connection = True
            return
        request = Request(
            method=self.command,
            path=unquote(split.path),
            query=dict(parse_qsl(split.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self._chunks() if chunked else self.rfile.read(length),
        )
        try:
            response = self.server.answer(request)
        except Dropped:
            self.close_connection = True
            return
        self._send(response)

    def _chunks(self) -> bytes:
        """Read a body that comes in chunks, as git sends large ones."""
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, response: Response) -> None:
        content = response.content
        self.send_response_only(response.status)
        plain = "text/plain; charset=utf-8" if isinstance(response.body, bytes) else "application/json; charset=utf-8"
        kind = {} if response.body is None else {"content-type": plain}
        for name, value in {**kind, **response.headers, "content-length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and response.status not in {204, 304}:
            self.wfile.write(content[: len(content) // 2] if response.cut else content)
        self.close_connection = self.close_connection or response.cut

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - names of http.server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Print nothing."""
