"""A web server in a thread of its own, which others start and stop."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from contextlib import ExitStack
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from analyzers.errors import UsageError
from bot.service.prompt import PromptProtocol

_START: Final = 30.0
_POLL: Final = 0.02
_LAST_ANSWERS: Final = 8
"""So many seconds requests under way have to be answered when the server stops; GitHub waits for ten."""
_AT_ONCE: Final = 512
_IDLE: Final = 20
"""So many seconds a connection is held after an answer."""


class TakenError(UsageError):
    """Somebody listens at the address already."""


class Server:
    """Answers at an address. Headers of proxies are not believed here; who is, decides the application."""

    def __init__(self, app: ASGIApp, bind: tuple[str, int], key: str) -> None:
        """Prepare it; ``key`` names the address's key in the configuration."""
        self._bind = bind
        self._key = key
        config = uvicorn.Config(
            app,
            http=PromptProtocol,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            lifespan="on",
            ws="none",
            limit_concurrency=_AT_ONCE,
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=_LAST_ANSWERS,
        )
        self._server = uvicorn.Server(config)
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def bind(self) -> None:
        """Take the address. Who connects waits for `start`. Raises UsageError where it cannot be had."""
        self._listener = bound(self._bind, self._key, backlog=1024)
        # Those that are accepted inherit it: an answer is two writes, and the second one would wait for 40 ms.
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def start(self) -> None:
        """Answer."""
        listener = self._listener
        if listener is None:
            raise RuntimeError("bind comes first")
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name=f"web-{self._key}", daemon=True
        )
        self._thread.start()
        end = time.monotonic() + _START
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > end:
                raise RuntimeError(f"the web server at {self._key} did not start")
            time.sleep(_POLL)

    @property
    def is_alive(self) -> bool:
        """Whether it answers."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Take no further connection, answer what is under way, and end."""
        self._server.should_exit = True
        if self._thread:
            self._thread.join(_LAST_ANSWERS + 5)
        if self._listener:
            self._listener.close()


def bound(bind: tuple[str, int], key: str, *, backlog: int = 0) -> socket.socket:
    """Return a socket that has an address, and listens there with a ``backlog``.

    Raises UsageError with the address's ``key``, TakenError where somebody else has it.
    """
    host, port = bind
    try:
        return _bound(host, port, backlog)
    except (OSError, UnicodeError) as error:
        kind = TakenError if isinstance(error, OSError) and error.errno == errno.EADDRINUSE else UsageError
        raise kind(f"{key}: cannot listen at {host}:{port} ({_reason(error)}); name a free address") from error


def _bound(host: str, port: int, backlog: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if backlog:
        return socket.create_server((host, port), family=family, backlog=backlog)
    with ExitStack() as held:
        made = held.enter_context(socket.socket(family, socket.SOCK_STREAM))
        # As for one that listens: connections that have just ended are in nobody's way.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        held.pop_all()
        return made


def _reason(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    # The resolver's errors have numbers of their own, below nought.
    return os.strerror(number) if number and number > 0 else str(getattr(error, "strerror", None) or error)
