"""A loopback forward proxy: plain requests and CONNECT tunnels, to loopback only. Notes what it was asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(slots=True)
class Proxy:
    """Its address, the lines ``METHOD target`` it was asked, and the Proxy-Authorization headers it got."""

    url: str
    asked: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


@contextmanager
def proxy() -> Iterator[Proxy]:
    """Run a proxy on a free loopback port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.proxy = Proxy(f"http://localhost:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    proxy: Proxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5

    def _note(self) -> None:
        self.server.proxy.asked.append(f"{self.command} {self.path}")
        self.server.proxy.logins.append(self.headers.get("proxy-authorization", ""))

    def do_GET(self) -> None:
        self._note()
        parts = urlsplit(self.path)
        # Whatever host was named: everything lives on loopback here.
        onward = HTTPConnection("127.0.0.1", parts.port or 80, timeout=5)
        onward.request("GET", parts.path, headers={"host": parts.netloc})
        answer = onward.getresponse()
        body = answer.read()
        onward.close()
        self.send_response(answer.status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        self._note()
        port = int(self.path.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as onward:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pump, args=(onward, self.connection), daemon=True)
            back.start()
            _pump(self.connection, onward)
            back.join(5)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Print nothing."""


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
