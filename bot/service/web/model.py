"""What all routes share: the service's parts, and how a request reaches them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol

import sqlalchemy as sa
from starlette.requests import HTTPConnection

from bot.github.session import Settings as GitHub
from bot.service.secrets import Keyring
from bot.service.services import Services


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


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """One process's web side. `github` is how GitHub is asked; `setup_code` opens ``/setup`` while none is registered.

    `clock` counts seconds for rate limits; `is_worker_healthy` tells of the worker in this process, true without one.
    """

    services: Services
    keyring: Keyring
    work: Enqueues
    github: GitHub
    setup_code: str = field(default="", repr=False)
    is_worker_healthy: Callable[[], bool] = _always
    clock: Callable[[], float] = time.monotonic

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
