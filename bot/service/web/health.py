"""For probes: whether this process lives, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.service.web.model import Web, web_of


async def _alive(request: Request) -> Response:
    del request
    return JSONResponse({"alive": True})


def _ready(request: Request) -> Response:
    """Tell what works. A service that nobody registered yet is ready: for its setup, which has to be reached."""
    web = web_of(request)
    found = {"database": _answers(web), "worker": web.is_worker_healthy()}
    is_registered = web.keyring.now() is not None
    return JSONResponse({**found, "registered": is_registered}, 200 if all(found.values()) else 503)


def _answers(web: Web) -> bool:
    try:
        with web.services.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return False
    return True


ROUTES: Final[Sequence[BaseRoute]] = (Route("/healthz", _alive), Route("/readyz", _ready))
