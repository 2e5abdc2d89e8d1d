"""A place outside where work has effects: it makes a pull request as often as it is asked to, and counts them.

Whoever works tells which point was reached, and may be held there: so a test ends a process exactly there.
"""

from __future__ import annotations

import json
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.support.waiting import wait_for

_LONGEST = 120.0


class Forge:
    """The server, on loopback. Use it as a context."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: set[str] = set()
        self._waiting: list[tuple[str, str]] = []
        self.reached: list[tuple[str, str]] = []
        self.made: list[tuple[str, str]] = []
        """Pull requests: name, and who made it."""
        forge = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, given = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
                answer = forge._answer(path, given["name"][0], given["who"][0])
                body = json.dumps(answer).encode()
                # Who asked may have been killed meanwhile.
                with suppressed():
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with self._changed:
            self._held.clear()
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def hold(self, point: str) -> None:
        """Let nobody go on from a point, until `release`."""
        with self._changed:
            self._held.add(point)

    def release(self, point: str) -> None:
        """Let all go on from a point."""
        with self._changed:
            self._held.discard(point)
            self._changed.notify_all()

    def await_at(self, point: str) -> str:
        """Wait until somebody is held at a point, and return who."""
        wait_for(lambda: any(name == point for name, _who in self._waiting), f"somebody at {point}")
        return next(who for name, who in self._waiting if name == point)

    def count(self, name: str) -> int:
        """Return how many pull requests of a name were made."""
        return Counter(made for made, _who in self.made)[name]

    def _answer(self, path: str, name: str, who: str) -> object:
        if path == "/reach":
            return self._reach(name, who)
        with self._changed:
            if path == "/make":
                self.made.append((name, who))
            return self.count(name)

    def _reach(self, point: str, who: str) -> str:
        with self._changed:
            self.reached.append((point, who))
            if point in self._held:
                self._waiting.append((point, who))
                self._changed.wait_for(lambda: point not in self._held, timeout=_LONGEST)
                self._waiting.remove((point, who))
        return point


class Visitor:
    """Somebody who works there."""

    def __init__(self, address: str, who: str) -> None:
        self._address = address
        self._who = who

    def reach(self, point: str) -> None:
        """Tell that a point was reached; it may take a while."""
        self._ask("reach", point)

    def has(self, name: str) -> bool:
        """Whether a pull request of that name was made."""
        return self._ask("find", name) != 0

    def make(self, name: str) -> None:
        """Make a pull request, whether there is one or not."""
        self._ask("make", name)

    def _ask(self, what: str, name: str) -> object:
        query = urlencode({"name": name, "who": self._who})
        with urllib.request.urlopen(f"{self._address}/{what}?{query}", timeout=_LONGEST) as answer:  # noqa: S310 - loopback
            return json.load(answer)


@contextmanager
def suppressed() -> Iterator[None]:
    """Let the other side be gone."""
    try:
        yield
    except OSError:
        return
