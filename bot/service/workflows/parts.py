"""What the workflows work with, and what they are told of one repository."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.github.app_client import AppClient
from bot.github.client import Client
from bot.service.engine.work import Work
from bot.service.lookups import Lookups
from bot.service.mirror import Mirrors
from bot.service.scanning import Limits
from bot.service.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One worker's parts. `apps` returns the client of the App that is registered now; it raises HostError else."""

    services: Services
    work: Work
    apps: Callable[[], AppClient]
    mirrors: Mirrors
    lookups: Lookups
    limits: Limits

    def client(self, installation: int, repository: int, name: str) -> Client:
        """Return the host of one repository: its tokens are for this one alone, and kept nowhere."""
        return self.apps().repository(installation, repository, name)
