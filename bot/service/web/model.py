"""What all routes share: the service's parts, and how a request reaches them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, Protocol, TypeVar, TypeVarTuple

import sqlalchemy as sa
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import HTTPConnection

from analyzers.http.retries import Patience
from bot.github.session import Settings as GitHub
from bot.service.metrics import exposition
from bot.service.secrets import Keyring
from bot.service.services import Services
from bot.service.setup_code import Attempts
from bot.service.web._callers import Callers
from bot.service.web.once import Once


class Enqueues(Protocol):
    """What the webhook needs of `bot.service.engine.work.Work`."""

    def enqueue(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        id: str,  # noqa: A002 - the engine's word
        queue: Literal["intake", "scans", "chores"],
        key: str = "",
        priority: int = 0,
        delay: float = 0.0,
        once: str = "",
        connection: sa.Connection | None = None,
    ) -> bool:
        """Enqueue once; False where it is there already."""


Ts = TypeVarTuple("Ts")
R = TypeVar("R")
GITHUB_THREADS: Final = 4
_PATIENCE: Final = Patience(connect=5, read=10, total=15)
_LONGEST_WAIT: Final = 5.0


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """One process's web side. `github` is how GitHub is asked; `setup_code` opens ``/setup`` while none is registered.

    `clock` counts seconds for rate limits; `is_worker_healthy` tells of the worker in this process, true without one.
    `exposition` returns the metrics.
    """

    services: Services
    keyring: Keyring
    work: Enqueues
    github: GitHub
    setup_code: str = field(default="", repr=False)
    is_worker_healthy: Callable[[], bool] = _always
    exposition: Callable[[], bytes] = exposition
    clock: Callable[[], float] = time.monotonic

    once: Once = field(default_factory=Once)
    attempts: Attempts = field(default_factory=Attempts)
    callers: Callers = field(default_factory=Callers, repr=False)
    _github_lane: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(GITHUB_THREADS), repr=False)

    async def asking_github(self, function: Callable[[*Ts], R], *arguments: *Ts) -> R:
        """Call a function that asks GitHub in a thread: of these there are few, so that pages wait for none of it."""
        return await run_sync(function, *arguments, limiter=self._github_lane)

    @property
    def patient(self) -> GitHub:
        """How GitHub is asked while somebody waits for a page."""
        bounds = replace(self.github.bounds, attempts=2, first_delay=0.5, longest_wait=_LONGEST_WAIT)
        return replace(self.github, patience=_PATIENCE, bounds=bounds)

    @property
    def url(self) -> str:
        """Where people reach the service, without a slash at the end."""
        return self.services.settings.file.url

    @property
    def is_https(self) -> bool:
        """Whether people reach it over TLS."""
        return self.url.startswith("https://")


STATE: Final = "web"


def web_of(connection: HTTPConnection) -> Web:
    """Return the parts that a request is answered with."""
    found: Web = connection.app.state.web
    return found
