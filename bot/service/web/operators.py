"""What operators ask at an address of their own: metrics and health, without a token. Nothing else is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.service.metrics import CONTENT_TYPE
from bot.service.web.health import alive, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """`exposition` returns the metrics, `is_ready` whether the process takes work."""

    engine: sa.Engine
    exposition: Callable[[], bytes]
    is_ready: Callable[[], bool]

    def application(self) -> Starlette:
        """Return the application."""
        return Starlette(
            routes=[Route("/metrics", self._metrics), Route("/healthz", alive), Route("/readyz", self._ready)]
        )

    def _metrics(self, request: Request) -> Response:
        del request
        return Response(self.exposition(), headers={"Content-Type": CONTENT_TYPE})

    def _ready(self, request: Request) -> Response:
        del request
        found = {"database": answers(self.engine), "worker": self.is_ready()}
        return JSONResponse(found, 200 if all(found.values()) else 503)
