"""A git host on loopback: real git behind it, raw files, and GitHub's one API resource that the scan asks.

`git http-backend` serves the repositories below a folder by the smart protocol; the same repositories answer for raw
files (``/raw/owner/repo/ref/path``) and for their state (``/api/repos/owner/repo``).
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.support.repository import RepositoryBuilder

_SECONDS = 20
_MAX_BODY = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class GitHost:
    """A running host. `old_protocol` makes it ignore the version that clients ask for; `archived` and `moved` (old
    name → new name) are what the API says, and the git side redirects what has moved. With a `token` every git
    request must carry it (``x-access-token``). `requests` are method and path of all that came in.
    """

    url: str
    root: Path
    archived: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    old_protocol: bool = False
    token: str = ""
    requests: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> dict[str, str]:
        """The base addresses of the sources that this host stands in for."""
        return {"git-refs": self.url, "action": f"{self.url}/raw", "github-repository": f"{self.url}/api"}

    def repository(self, name: str) -> RepositoryBuilder:
        """Return the repository ``owner/name``, made on first use."""
        return RepositoryBuilder(self.root / f"{name}.git")

    def action(self, name: str, **using: str) -> RepositoryBuilder:
        """Make an action whose every tag (``v2_0_0="node12"`` tags v2.0.0) is a commit declaring that runtime."""
        built = self.repository(name)
        for tag, word in using.items():
            built.write("action.yml", f"name: {name}\nruns:\n  using: {word}\n  main: {tag}.js\n").commit(tag)
            built.git("tag", "--annotate", "--message", tag, tag.replace("_", "."))
        return built


@contextmanager
def serve_git(root: Path, *, old_protocol: bool = False, token: str = "") -> Iterator[GitHost]:
    """Serve the repositories below ``root`` on a free port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    host = GitHost(f"http://127.0.0.1:{server.server_address[1]}", root, old_protocol=old_protocol, token=token)
    server.host = host
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    host: GitHost


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    timeout = _SECONDS
    server: _Server

    def do_GET(self) -> None:
        host, path = self.server.host, unquote(urlsplit(self.path).path)
        host.requests.append(f"GET {self.path}")
        if path.startswith("/raw/"):
            self._send_raw(path.removeprefix("/raw/"))
        elif path.startswith("/api/repos/"):
            self._send_state(path.removeprefix("/api/repos/"))
        else:
            self._run_git(path, b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        self.server.host.requests.append(f"POST {self.path}")
        if length > _MAX_BODY:
            self._send(413, b"")
            return
        self._run_git(unquote(urlsplit(self.path).path), self.rfile.read(length))

    def _send_raw(self, path: str) -> None:
        """Send a file at a ref: the longest ref that the path can begin with, as refs may hold slashes."""
        owner, name, *rest = path.split("/")
        folder = self.server.host.root / owner / f"{name}.git"
        for cut in range(len(rest) - 1, 0, -1) if folder.is_dir() else ():
            revision = f"{'/'.join(rest[:cut])}:{'/'.join(rest[cut:])}"
            shown = subprocess.run(
                ["git", "show", "--end-of-options", revision],
                cwd=folder,
                env=_environment({}),
                check=False,
                capture_output=True,
                timeout=_SECONDS,
            )
            if shown.returncode == 0:
                self._send(200, shown.stdout, {"content-type": "text/plain; charset=utf-8"})
                return
        self._send(404, b"404: Not Found")

    def _send_state(self, name: str) -> None:
        host = self.server.host
        new = host.moved.get(name, name)
        if not (host.root / f"{new}.git").is_dir():
            self._send(404, b'{"message": "Not Found"}')
            return
        body = json.dumps({"full_name": new, "archived": new in host.archived}).encode()
        self._send(200, body, {"content-type": "application/json"})

    def _run_git(self, path: str, body: bytes) -> None:
        host = self.server.host
        name, dot, rest = path.strip("/").partition(".git")
        if name in host.moved:
            query = urlsplit(self.path).query
            target = f"/{host.moved[name]}{dot}{rest}" + (f"?{query}" if query else "")
            self._send(301, b"", {"location": target})
            return
        if host.token and self.headers.get("authorization") != _basic(host.token):
            self._send(401, b"", {"www-authenticate": 'Basic realm="git"'})
            return
        status, headers, content = _http_backend(host, self, path, body)
        self._send(status, content, headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as http.server calls it
        """Print nothing."""


def _http_backend(
    host: GitHost, request: BaseHTTPRequestHandler, path: str, body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Run git's own server program for one request, as a web server does by CGI."""
    done = subprocess.run(
        ["git", "http-backend"],
        input=body,
        env=_environment(
            {
                "GIT_PROJECT_ROOT": str(host.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": request.command,
                "PATH_INFO": path,
                "QUERY_STRING": urlsplit(request.path).query,
                "CONTENT_TYPE": request.headers.get("content-type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "GIT_PROTOCOL": "" if host.old_protocol else request.headers.get("git-protocol", ""),
            }
        ),
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    pairs = (line.partition(": ")[::2] for line in head.decode().split("\r\n"))
    headers = {name.lower(): value for name, value in pairs}
    return int(headers.pop("status", "200").split()[0]), headers, content


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        **more,
    }


def _basic(token: str) -> str:
    return "Basic " + base64.b64encode(f"x-access-token:{token}".encode()).decode()
