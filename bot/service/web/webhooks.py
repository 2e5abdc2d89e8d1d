"""Where GitHub delivers: ``POST /webhooks/github``, answered once the delivery is kept, and before anything is done."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Final

import structlog
from anyio import CapacityLimiter, move_on_after
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.service import metrics
from bot.service.logs import bound
from bot.service.taking import TOO_LARGE, Taken, Taking
from bot.service.web._client import UNKNOWN, network_of
from bot.service.web.model import Web, web_of
from bot.service.webhooks.read import EVENT, GUID, MOST

# Of what nobody has verified yet, so much is held at once, and a part of it of one client. All but a few deliveries are
# a hundredth of the largest.
_MOST_HELD: Final = 8 * MOST
_MOST_OF_ONE: Final = 3 * MOST
# So many seconds a body may take. GitHub itself gives up after ten.
_SECONDS: Final = 10.0
# Beside the pages' own threads, which may all be busy. The database takes one after the other anyhow.
_THREADS: Final = 4
_LONGEST_ID: Final = 100
_LATE: Final = Taken(status=408, outcome="malformed", text=f"It did not come within {_SECONDS:.0f} seconds.")
_LOG: Final = structlog.get_logger(__name__)


class _Room:
    """How many bytes of bodies are held in this process, of all clients and of each."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self.of: Counter[str] = Counter()
        self._most = most
        self._most_of_one = most_of_one

    @property
    def held(self) -> int:
        """Those of all."""
        return self.of.total()

    def take(self, client: str, size: int) -> None:
        """Make room. Raises HTTPException where there is none."""
        if self.held + size > self._most or self.of[client] + size > self._most_of_one:
            raise HTTPException(503, headers={"Retry-After": "60"})
        self.of[client] += size

    def give_back(self, client: str, size: int) -> None:
        """Have room again."""
        self.of[client] -= size
        if not self.of[client]:
            del self.of[client]


_ROOM: Final = _Room(_MOST_HELD, _MOST_OF_ONE)


async def receive(request: Request) -> Response:
    """Take a delivery."""
    begun = time.perf_counter()
    headers = dict(request.headers)
    event = metrics.event_label(headers.get(EVENT, ""))
    with bound(delivery=headers.get(GUID, "")[:_LONGEST_ID]):
        try:
            taken = await _taken(request, headers)
        except ClientDisconnect:
            # Anybody can begin a request and leave: it is nothing that GitHub was refused.
            metrics.DELIVERIES.labels(event=event, outcome="malformed").inc()
            raise
        except Exception:
            metrics.DELIVERIES.labels(event=event, outcome="failed").inc()
            raise
        _LOG.info("delivery taken", kind=event, outcome=taken.outcome)
    metrics.DELIVERIES.labels(event=event, outcome=taken.outcome).inc()
    metrics.ANSWER_SECONDS.observe(time.perf_counter() - begun)
    return PlainTextResponse(taken.text, taken.status)


async def _taken(request: Request, headers: Mapping[str, str]) -> Taken:
    web = web_of(request)
    secrets = web.keyring.now()
    if secrets is None:
        raise HTTPException(503, "No App is registered here yet.")
    body, client = bytearray(), network_of(request.scope.get("state", {}).get("client", UNKNOWN))
    try:
        with move_on_after(_SECONDS) as reading:
            async for piece in request.stream():
                _ROOM.take(client, len(piece))
                body += piece
                if len(body) > MOST:
                    return TOO_LARGE
        if reading.cancel_called:
            return _LATE
        take = partial(_take, web, headers, bytes(body), secrets.webhook)
        return await run_sync(take, limiter=_limiter(request))
    finally:
        _ROOM.give_back(client, len(body))


def _take(web: Web, headers: Mapping[str, str], body: bytes, secrets: Collection[str]) -> Taken:
    return Taking(web.services, web.work).take(headers, body, secrets)


def _limiter(request: Request) -> CapacityLimiter:
    # A limiter belongs to one event loop, as the application does.
    state = request.app.state
    if not hasattr(state, "webhook_threads"):
        state.webhook_threads = CapacityLimiter(_THREADS)
    limiter: CapacityLimiter = state.webhook_threads
    return limiter


async def _refuse(request: Request) -> Response:
    """Refuse a visit, which would else be one of a repository of that name."""
    del request
    raise HTTPException(405, headers={"Allow": "POST"})


ROUTES: Final[Sequence[BaseRoute]] = [
    Route("/webhooks/github", receive, methods=["POST"]),
    Route("/webhooks/github", _refuse),
]
