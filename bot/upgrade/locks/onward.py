"""What a client asks of a proxy, and the connection that its request goes on over."""

from __future__ import annotations

import base64
import re
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from analyzers.http.surroundings import proxy_for, tls_context
from bot.upgrade.locks.reach import Reach

_MOST_HEAD: Final = 64 * 1024
_MOST_WORDS: Final = 200
_END: Final = b"\r\n\r\n"
_PLAIN_PORT: Final = 80
_BAD_GATEWAY: Final = 502
_TLS_PORT: Final = 443
_PIECE: Final = 8192
# What one program takes for the end of an address, another takes for a part of it: no blanks, no other signs in a host.
_FIRST: Final = re.compile(rb"([A-Z]{1,20}) ([!-~]+) HTTP/1\.[01]")
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_LINE: Final = re.compile(rb"([!-9;-~]+):[^\r\n]*")
# Between a client and its proxy alone; connections are made anew for each request.
_OURS: Final = frozenset({b"connection", b"keep-alive", b"te", b"trailer", b"upgrade", b"expect", b"host"})
_LENGTH: Final = b"content-length"
_ACCEPTED: Final = re.compile(rb"HTTP/1\.[01] 2[0-9][0-9]\b")


class Refusal(Exception):
    """What a client is told instead of being connected."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status

    def answer(self) -> bytes:
        """Return the answer as it is sent."""
        # Many clients show the first line and nothing else.
        words = "".join(sign for sign in str(self) if sign.isascii() and sign.isprintable())[:_MOST_WORDS]
        head = f"HTTP/1.1 {self.status} {words}\r\nConnection: close\r\nContent-Type: text/plain\r\n"
        return f"{head}Content-Length: {len(words)}\r\n\r\n{words}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. A tunnel has no `head`; of a plain request it is what goes on, `target` what follows the place.

    `body` is how much may follow from the client, None for a tunnel; `begun` is what it has sent of it already.
    """

    host: str
    port: int
    target: str = ""
    method: str = "CONNECT"
    head: tuple[bytes, ...] = ()
    body: int | None = None
    begun: bytes = b""

    @property
    def established(self) -> bytes:
        """What the client is told when it is connected: of a plain request, what the server says."""
        return b"" if self.target else b"HTTP/1.1 200 Connection established\r\n\r\n"

    @property
    def place(self) -> str:
        """Host and port, as an address has them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Closing:
    """Passes an answer on, with the word that its connection ends: not all servers say so, and clients would go on."""

    def __init__(self, asked: Asked) -> None:
        self._held: bytes | None = b"" if asked.target else None

    def feed(self, piece: bytes) -> bytes:
        """Return what can go to the client now; an empty piece is the end."""
        if self._held is None:
            return piece
        self._held += piece
        head, end, rest = self._held.partition(_END)
        if piece and not end and len(head) <= _MOST_HEAD:
            return b""
        self._held = None
        if not end:
            return head
        lines = (line for line in head.split(b"\r\n") if line.partition(b":")[0].strip().lower() not in _OURS)
        return b"\r\n".join((*lines, b"Connection: close")) + end + rest


def read_head(client: socket.socket) -> Asked:
    """Read a request up to its body. Raises Refusal, OSError."""
    read = _head_of(client, at_once=_PIECE)
    head, _, begun = read.partition(_END)
    first, *lines = head.split(b"\r\n")
    try:
        method, target = _first(first)
        if method == "CONNECT":
            host, port = _place(urlsplit(f"//{target}"), _TLS_PORT)
            return Asked(host=host, port=port, begun=begun)
        parts = urlsplit(target)
        if parts.scheme != "http":
            raise Refusal(400, "a proxy is asked for addresses of http, or with CONNECT")
        host, port = _place(parts, _PLAIN_PORT)
        named = [(_name(line), line) for line in lines]
    except ValueError as error:
        raise Refusal(400, "this is no request") from error
    body = _length(named)
    kept = tuple(line for name, line in named if name not in _OURS and not name.startswith(b"proxy-"))
    begun = begun[:body]
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return Asked(host=host, port=port, target=path, method=method, head=kept, body=body - len(begun), begun=begun)


def onward(asked: Asked, reach: Reach) -> socket.socket:
    """Connect, and send what has come of the request. Raises Refusal, FetchError (refused)."""
    scheme = "http" if asked.target else "https"
    server: socket.socket | None = None
    try:
        proxy = proxy_for(f"{scheme}://{asked.place}", reach.environ)
        if proxy:
            reach.check_name(asked.host)
            server = _connected(urlsplit(proxy), reach)
            _introduce(server, asked, urlsplit(proxy))
        else:
            server = reach.connect(asked.host, asked.port)
            server.sendall(_head(asked, asked.target) + asked.begun)
    except BaseException as error:
        if server is not None:
            server.close()
        if isinstance(error, OSError):
            raise Refusal(
                _BAD_GATEWAY, f"bad gateway: {asked.host} cannot be reached: {error.strerror or error}"
            ) from error
        raise
    return server


def _connected(proxy: SplitResult, reach: Reach) -> socket.socket:
    """Connect to the user's own proxy, wherever it lies."""
    if proxy.scheme not in {"http", "https"} or not proxy.hostname:
        raise Refusal(_BAD_GATEWAY, f"proxies of kind {proxy.scheme!r} are not supported, only http and https")
    default = _TLS_PORT if proxy.scheme == "https" else _PLAIN_PORT
    opened = reach.connect_to_proxy(proxy.hostname, proxy.port or default)
    if proxy.scheme == "http":
        return opened
    return tls_context(reach.environ).wrap_socket(opened, server_hostname=proxy.hostname)


def _introduce(server: socket.socket, asked: Asked, proxy: SplitResult) -> None:
    """Ask the user's proxy for what was asked of this one."""
    login = b""
    if proxy.username:
        pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        login = b"Proxy-Authorization: Basic " + base64.b64encode(pair.encode()) + b"\r\n"
    if asked.target:
        # Never the address as it came: the proxy might read another host in it than the one that was judged.
        server.sendall(_head(asked, f"http://{asked.place}{asked.target}", login) + asked.begun)
        return
    place = asked.place.encode()
    server.sendall(b"CONNECT " + place + b" HTTP/1.1\r\nHost: " + place + b"\r\n" + login + b"\r\n")
    # Byte by byte: what follows the answer is the client's to read.
    answer = _head_of(server, at_once=1)
    if not _ACCEPTED.match(answer):
        said = answer.partition(b"\r\n")[0].decode("ascii", errors="replace")[:100]
        raise Refusal(_BAD_GATEWAY, f"bad gateway: your proxy does not connect to {asked.host}: {said}")
    server.sendall(asked.begun)


def _head(asked: Asked, target: str, login: bytes = b"") -> bytes:
    if not asked.target:
        return b""
    lines = (f"{asked.method} {target} HTTP/1.1".encode(), b"Host: " + asked.place.encode(), *asked.head)
    return b"\r\n".join(lines) + b"\r\nConnection: close\r\n" + login + b"\r\n"


def _head_of(client: socket.socket, *, at_once: int) -> bytes:
    """Read up to the blank line. Raises Refusal, OSError."""
    read = bytearray()
    while _END not in read:
        piece = client.recv(at_once)
        if not piece or len(read) + len(piece) > _MOST_HEAD:
            raise Refusal(400, "this is no request")
        read += piece
    return bytes(read)


def _first(line: bytes) -> tuple[str, str]:
    """Return method and target. Raises ValueError."""
    found = _FIRST.fullmatch(line)
    if found is None:
        raise ValueError("no request line")
    return found[1].decode(), found[2].decode()


def _place(parts: SplitResult, default: int) -> tuple[str, int]:
    """Return host and port. Raises ValueError."""
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        raise ValueError("no host")
    return parts.hostname, parts.port or default


def _name(line: bytes) -> bytes:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError("no header")
    return found[1].lower()


def _length(named: list[tuple[bytes, bytes]]) -> int:
    """Return how long the body is. Raises Refusal where it does not say, or says two things."""
    said = {line.partition(b":")[2].strip() for name, line in named if name == _LENGTH}
    if len(said) > 1 or any(name == b"transfer-encoding" for name, _ in named):
        raise Refusal(411, "a body has to say how long it is")
    length = next(iter(said), b"0")
    if not length.isdigit():
        raise Refusal(400, "this is no length")
    return int(length)
