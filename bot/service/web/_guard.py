"""Middleware between all that can go wrong and whoever asked."""

from __future__ import annotations

from typing import Final

import anyio
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.service import metrics
from bot.service.web.errors import answer

_LOG: Final = structlog.get_logger(__name__)
_EXPECTED: Final = (HTTPException, TimeoutError, ClientDisconnect)
_DATABASE: Final = (OperationalError, InterfaceError, PoolTimeoutError)
"""Nobody answers there, or too many ask."""
_NO_QUERY: Final = "The address holds bytes that no address may hold. Write them as percent signs and digits."
BEGIN_WITHIN: Final = 30.0
END_WITHIN: Final = 600.0
"""Seconds until an answer begins, and until it has ended."""


class Guard:
    """Middleware: nothing that goes wrong is told but in the log, and nothing begins later than it should.

    Threads are waited for: what they do is bounded by the database's own limits.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not scope["query_string"].isascii():
            # No browser sends one, and nothing below can read it: not even what tells of the mistake.
            asked = Request({**scope, "query_string": b""}, receive)
            await answer(asked, HTTPException(400, _NO_QUERY))(scope, receive, send)
            return
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            limit.deadline = anyio.current_time() + END_WITHIN
            await send(message)

        try:
            with anyio.fail_after(BEGIN_WITHIN) as limit:
                await self._app(scope, receive, noting)
        except Exception as error:
            if has_begun:
                raise
            if not isinstance(error, _EXPECTED):
                metrics.failed("web", error)
                _LOG.exception("a request failed")
            await answer(Request(scope, receive), _sorted(error))(scope, receive, send)


def _sorted(error: Exception) -> Exception:
    if isinstance(error, TimeoutError):
        return HTTPException(503)
    if isinstance(error, ClientDisconnect):
        # Nobody is there to read it; the log has it.
        return HTTPException(400)
    if isinstance(error, _DATABASE):
        return HTTPException(503, "The service cannot look anything up at the moment.", {"Retry-After": "10"})
    return error
