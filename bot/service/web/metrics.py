"""``/metrics`` at the service's own address: for whoever has the token, and not there where no token was set."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.service.metrics import CONTENT_TYPE
from bot.service.web.model import web_of


def _metrics(request: Request) -> Response:
    web = web_of(request)
    token = web.keyring.metrics()
    if not token:
        raise HTTPException(404)
    scheme, _space, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return Response(web.exposition(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})


ROUTES: Final[Sequence[BaseRoute]] = (Route("/metrics", _metrics),)
