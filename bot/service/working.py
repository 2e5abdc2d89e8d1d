"""A worker's parts: mirrors, look-ups, and the workflows that use them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.service.engine.workers import Worker
from bot.service.ground import Ground
from bot.service.lookups import Lookups, opened
from bot.service.mirror import Mirrors
from bot.service.mirror_keeping import kept
from bot.service.scanning import Limits
from bot.service.workflows.all import SCHEDULES, workflows
from bot.service.workflows.parts import Parts


@contextmanager
def worker(ground: Ground, environ: Mapping[str, str] = os.environ) -> Iterator[Worker]:
    """Yield a worker that is not started yet, with all workflows."""
    services = ground.services
    with opened(services.settings, environ, Path(environ.get("HOME") or "/"), services.now) as lookups:
        parts = _parts(ground, lookups)
        with kept(services.engine, parts.mirrors):
            yield Worker(services, workflows(parts), SCHEDULES)


def _parts(ground: Ground, lookups: Lookups) -> Parts:
    settings = ground.services.settings
    return Parts(
        services=ground.services,
        work=ground.work,
        apps=ground.apps,
        mirrors=Mirrors.of(settings),
        lookups=lookups,
        limits=Limits.of(settings.file.limits, settings.folder, settings.secrets),
    )
