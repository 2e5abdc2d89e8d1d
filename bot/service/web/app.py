"""The web side as one application: the routes of all modules here that state ROUTES, behind the same guards."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Final

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from analyzers.model.discovery import modules
from bot.service.web._access_log import AccessLog
from bot.service.web._forms import Forms
from bot.service.web._guard import Guard
from bot.service.web._headers import SecurityHeaders
from bot.service.web._limits import Limits
from bot.service.web._viewing import Viewing
from bot.service.web.errors import answer
from bot.service.web.model import STATE, Web

THREADS: Final = 8
"""So many pages are made at once: plain functions run in threads. The webhook has threads of its own."""


def create(web: Web) -> Starlette:
    """Return the application. A route that is a plain function runs in a thread, so it may ask the database."""
    app = Starlette(
        routes=routes(),
        middleware=[
            Middleware(AccessLog, web),
            Middleware(SecurityHeaders, web),
            Middleware(GZipMiddleware, compresslevel=5),
            Middleware(Guard),
            Middleware(Limits, web),
            Middleware(Viewing, web),
            Middleware(Forms, web),
        ],
        exception_handlers={HTTPException: answer},
        lifespan=_bounded,
    )
    # What is not there is 404, with a slash or without.
    app.router.redirect_slashes = False
    setattr(app.state, STATE, web)
    return app


def routes() -> list[BaseRoute]:
    """Return all routes: those that begin with a word before those that begin with a name of anybody's."""
    found: list[BaseRoute] = [route for module in modules(__package__, states="ROUTES") for route in module.ROUTES]
    return sorted(found, key=lambda route: getattr(route, "path", "").startswith("/{"))


@contextlib.asynccontextmanager
async def _bounded(app: Starlette) -> AsyncIterator[None]:
    del app
    current_default_thread_limiter().total_tokens = THREADS
    yield
