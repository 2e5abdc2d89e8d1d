"""For probes: whether this process lives, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.service.web.model import web_of


async def alive(request: Request) -> Response:
    """Answer: that is all that it says."""
    del request
    return JSONResponse({"alive": True})


def _ready(request: Request) -> Response:
    """Tell what works. A service that nobody registered yet is ready: for its setup, which has to be reached."""
    web = web_of(request)
    found = {"database": answers(web.services.engine), "worker": web.is_worker_healthy()}
    is_registered = web.keyring.now() is not None
    return JSONResponse({**found, "registered": is_registered}, 200 if all(found.values()) else 503)


def answers(engine: sa.Engine) -> bool:
    """Whether a database answers."""
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return False
    return True


ROUTES: Final[Sequence[BaseRoute]] = (Route("/healthz", alive), Route("/readyz", _ready))
