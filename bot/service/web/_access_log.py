"""A name for each request, and one line of log for it: without its query string, without anything that is secret."""

from __future__ import annotations

import re
import time
from secrets import token_hex
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.markup import visible
from bot.service import metrics
from bot.service.logs import bound
from bot.service.web._client import client_address, is_from_proxy
from bot.service.web.model import Web

_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LONGEST: Final = 200
_LOG: Final = structlog.get_logger(__name__)


class AccessLog:
    """Middleware. A proxy of the operator's own may name the request by ``X-Request-Id``."""

    def __init__(self, app: ASGIApp, web: Web) -> None:
        self._app = app
        self._web = web
        self._proxies = web.services.settings.proxies
        self._has_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["client"] = client_address(scope, self._proxies)
        state["request_id"] = name = self._name(scope)
        self._warn_of_proxy(scope)
        begun, status = time.perf_counter(), 500

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = name
            await send(message)

        with bound(request=name):
            try:
                await self._app(scope, receive, named)
            finally:
                _tell(scope, status, time.perf_counter() - begun)

    def _warn_of_proxy(self, scope: Scope) -> None:
        """Say once that all clients behind a proxy count as one."""
        if self._has_warned or "x-forwarded-for" not in Headers(scope=scope):
            return
        if not is_from_proxy(scope, self._proxies):
            self._has_warned = True
            _LOG.warning("a proxy is not believed: name it in trusted-proxies", peer=scope["state"]["client"])

    def _name(self, scope: Scope) -> str:
        given = Headers(scope=scope).get("x-request-id", "")
        if is_from_proxy(scope, self._proxies) and _ID.fullmatch(given):
            return given
        return token_hex(8)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "")
    metrics.HTTP_SECONDS.labels(route=route or metrics.OTHER, status=f"{status // 100}xx").observe(seconds)
    viewer = scope["state"].get("viewer")
    log = _LOG.debug if route in {"/healthz", "/readyz", "/metrics"} else _LOG.info
    log(
        "request",
        method=scope["method"][:20],
        path=visible(scope["path"])[:_LONGEST],
        status=status,
        seconds=round(seconds, 4),
        client=scope["state"]["client"],
        **({"person": viewer.login} if viewer else {}),
    )
