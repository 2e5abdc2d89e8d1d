"""What every process of the service stands on: its database, its secrets, its way to GitHub."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from analyzers.errors import ConfigError
from bot.github.rate import Bounds, Pace, unpaced
from bot.github.session import Settings as GitHub
from bot.service.apps import Apps
from bot.service.database.migrate import migrate
from bot.service.database.opening import open_engine
from bot.service.engine.buckets import Buckets
from bot.service.engine.leases import live
from bot.service.engine.work import Work
from bot.service.github_counts import count
from bot.service.readings import OwnReadings, Readings
from bot.service.secrets import Keyring
from bot.service.services import Services, wall_clock
from bot.service.settings import Settings
from bot.service.temporary import temporary

# What would take longer is put off, and the work's place is free for others.
_BOUNDS: Final = Bounds(attempts=3, longest_wait=15.0, too_much_delay=30.0)
# GitHub's secondary limit is 15 points a second and installation; a write costs five.
_PER_SECOND, _AT_ONCE = 12.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One process's. `apps` gives the client of the App that is registered now."""

    services: Services
    keyring: Keyring = field(repr=False)
    github: GitHub
    apps: Apps = field(repr=False)
    work: Work

    @property
    def readings(self) -> Readings:
        """What the database and the disk tell Prometheus."""
        return Readings(services=self.services, depth=self.work.depth, live=lambda: len(live(self.services.engine)))

    @property
    def own_readings(self) -> OwnReadings:
        """What the disk and the database tell of a process that is one of many."""
        return OwnReadings(services=self.services)


@contextmanager
def opened(
    settings: Settings, environ: Mapping[str, str] = os.environ, now: Callable[[], datetime] = wall_clock
) -> Iterator[Ground]:
    """Yield what a process stands on; the database is migrated before. Raises DatabaseError and ConfigError."""
    with ExitStack() as held:
        _keep_within(settings, held)
        engine = open_engine(settings)
        held.callback(engine.dispose)
        migrate(engine)
        services = Services(settings=settings, engine=engine, now=now)
        keyring = Keyring(settings, environ)
        github = GitHub(address=settings.address, environ=environ, bounds=_BOUNDS, pace=_pace(services), heard=count)
        apps = Apps(keyring, github)
        held.callback(apps.close)
        yield Ground(services=services, keyring=keyring, github=github, apps=apps, work=Work(engine))


def _keep_within(settings: Settings, held: ExitStack) -> None:
    """Let all that this process and its children write lie in the folder that is theirs."""
    try:
        held.enter_context(temporary(settings.folder.absolute() / "tmp"))
    except OSError as error:
        raise ConfigError(
            f"data: {settings.folder} cannot be written to ({error.strerror}); give it to the service's own user, or"
            " name another folder"
        ) from error


def _pace(services: Services) -> Pace:
    """Return what keeps all processes together to GitHub's pace; one alone keeps it by itself."""
    if services.settings.is_embedded:
        return unpaced
    buckets = Buckets(services.engine)

    def pace(party: str) -> float:
        try:
            return buckets.take(party, _PER_SECOND, _AT_ONCE)
        except SQLAlchemyError:
            # GitHub says itself where it is too much; the database's absence is told elsewhere.
            return 0.0

    return pace
