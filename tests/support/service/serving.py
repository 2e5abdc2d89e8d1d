"""The web side on a real server of a free loopback port, for browsers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from bot.service.web.app import create
from bot.service.web.model import Web

_SECONDS = 30.0


@contextmanager
def serving(make: Callable[[str], Web]) -> Iterator[Web]:
    """Serve what ``make`` makes for an address (``http://localhost:PORT``), and stop at the end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        web = make(f"http://localhost:{listener.getsockname()[1]}")
        config = uvicorn.Config(create(web), log_config=None, access_log=False, server_header=False, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield web
        finally:
            server.should_exit = True
            thread.join(_SECONDS)
            web.services.engine.dispose()
        assert not thread.is_alive(), "the server did not stop"
