"""Middleware that answers 429 to a client that asks too often."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.service.web._buckets import ClientBuckets
from bot.service.web._client import network_of
from bot.service.web._policy import policy_of
from bot.service.web.model import Web


class Limits:
    """Middleware."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._buckets = ClientBuckets(web.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowance = policy_of(scope["path"]).allowance_of(scope["method"]) if scope["type"] == "http" else None
        if allowance:
            wait = self._buckets.wait(allowance, network_of(scope["state"]["client"]))
            if wait:
                raise HTTPException(429, headers={"Retry-After": str(wait)})
        await self._app(scope, receive, send)
