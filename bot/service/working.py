"""A worker's parts: mirrors, look-ups, and the workflows that use them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

from analyzers.http.cache import Cache
from analyzers.http.credentials import load_settings
from analyzers.http.fetch import Fetcher
from bot import VERSION
from bot.service.engine.workers import Worker
from bot.service.ground import Ground
from bot.service.hosts import Hosts
from bot.service.lookups import Lookups
from bot.service.mirror import Mirrors
from bot.service.scanning import Limits
from bot.service.workflows.all import SCHEDULES, workflows
from bot.service.workflows.parts import Parts

_MIB: Final = 2**20
_LOG: Final = structlog.get_logger(__name__)


@contextmanager
def worker(ground: Ground, environ: Mapping[str, str] = os.environ) -> Iterator[Worker]:
    """Yield a worker that is not started yet, with all workflows."""
    settings = ground.services.settings
    user = load_settings(environ, Path(environ.get("HOME") or "/"))
    for note in user.notes:
        _LOG.warning("of the operator's own settings", note=note)
    hosts = Hosts.of(settings.file.hosts, user.addresses.values())
    with Fetcher(
        user_agent=f"debtscan/{VERSION}",
        cache=Cache(settings.folder / "cache"),
        credentials=user.credentials,
        environ=environ,
    ) as fetcher:
        lookups = Lookups(hosts.guarded(fetcher.send), user.addresses, ground.services.now)
        yield Worker(ground.services, workflows(_parts(ground, lookups)), SCHEDULES)


def _parts(ground: Ground, lookups: Lookups) -> Parts:
    settings = ground.services.settings
    limits = settings.file.limits
    return Parts(
        services=ground.services,
        work=ground.work,
        apps=ground.apps,
        mirrors=Mirrors(settings.folder / "mirrors", limits.mirrors * _MIB, limits.repository * _MIB),
        lookups=lookups,
        limits=Limits.of(limits),
    )
