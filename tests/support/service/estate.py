"""An organisation on the stand-in, an App installed there, and the service: real webhooks, real git, real scans.

What the service enqueues waits in line until a test has it done, by a clock that goes when it is told to.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from analyzers.model.exchange import Request, Response
from bot.github.app_client import AppClient
from bot.github.auth import App
from bot.service.database.tables import DELIVERIES, INSTALLATIONS, REPOSITORIES, SCANS
from bot.service.engine.work import Work
from bot.service.lookups import Lookups
from bot.service.mirror import Mirrors
from bot.service.scanning import Limits
from bot.service.secrets import Keyring, Secrets
from bot.service.services import Services
from bot.service.settings import Settings
from bot.service.web.model import Web
from bot.service.workflows.all import workflows
from bot.service.workflows.parts import Parts
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.grants import App as StandInApp
from tests.support.github.installed import InstalledApp
from tests.support.github_client import FakeClock, settings_for
from tests.support.service.lined import Lined
from tests.support.service.scans import nobody
from tests.support.service.serving import serving

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
ACCOUNT = "acme"
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v2
"""
FILES: Mapping[str, str | bytes] = {
    "Dockerfile": "FROM python:3.8-slim-buster\nRUN true\n",
    ".github/workflows/ci.yml": WORKFLOW,
    "README.md": "Shop\n",
}
LIMITS = Limits(seconds=60, memory=2 * 1024**3)
HOOK = "/webhooks/github"


@dataclass
class Estate:
    """All of it. `line` holds what waits; `app` is the App as GitHub knows it, `asked` whom scans asked.

    `meanwhile` is done, each once, while a scan looks something up.
    """

    github: GitHubStandIn
    app: StandInApp
    clock: FakeClock
    services: Services
    line: Lined
    parts: Parts
    web: Web
    asked: list[str] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def add(self, name: str, files: Mapping[str, str | bytes] | None = FILES, **settings: Any) -> HostedRepository:  # noqa: ANN401 - of the stand-in
        """Make a repository in the organisation, before or after the App is installed."""
        return self.github.repository(f"{ACCOUNT}/{name}", files, organization=True, **settings)

    def install(self) -> InstalledApp:
        """Install the App, and have all that follows from it done."""
        made = self.github.install(self.app, ACCOUNT)
        self.go()
        self.go(seconds=10)
        return made

    def go(self, **by: float) -> int:
        """Let time pass, have GitHub deliver, and do what is due, again until nothing is; return how much that was."""
        self.clock.seconds += sum(_SECONDS[unit] * number for unit, number in by.items())
        count = 0
        while True:
            self.github.hooks.settle()
            done = self.line.do(self.workflows)
            if not done:
                return count
            count += done

    @property
    def workflows(self) -> Mapping[str, Callable[[Mapping[str, Any]], Any]]:
        """The workflows by name."""
        return workflows(self.parts)

    def start(self, name: str) -> int:
        """Have a workflow that begins by the clock done, and what follows at once."""
        moment = self.clock.moment().isoformat()
        self.line.enqueue(name, {"scheduled_at": moment}, id=f"sched:{name}:{moment}", queue="chores")
        return self.go()

    def row(self, name: str) -> Mapping[str, Any]:
        """Return a repository's row."""
        return self._one(sa.select(REPOSITORIES).where(REPOSITORIES.c.key == f"{ACCOUNT}/{name}".lower()))

    def installation(self) -> Mapping[str, Any]:
        """Return the row of the newest installation."""
        return self._one(sa.select(INSTALLATIONS).order_by(INSTALLATIONS.c.id.desc()).limit(1))

    def scans(self, name: str = "") -> list[Mapping[str, Any]]:
        """Return the scans of a repository, or all, as they were requested."""
        wanted = sa.select(SCANS).order_by(SCANS.c.requested_at, SCANS.c.id)
        if name:
            wanted = wanted.where(SCANS.c.repository_id == self.row(name)["id"])
        return self._all(wanted)

    def deliveries(self) -> list[Mapping[str, Any]]:
        """Return what was delivered."""
        return self._all(sa.select(DELIVERIES).order_by(DELIVERIES.c.received_at))

    def set(self, table: sa.Table, which: sa.ColumnElement[bool] | None = None, **values: Any) -> None:  # noqa: ANN401 - columns
        """Change rows."""
        with self.services.engine.begin() as connection:
            connection.execute(sa.update(table).where(sa.true() if which is None else which).values(**values))

    def count(self, table: sa.Table) -> int:
        """Return how many rows a table has."""
        with self.services.engine.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()

    def requests(self, since: int = 0) -> list[str]:
        """Return what GitHub was asked, by the names of its description."""
        return [exchange.name for exchange in self.github.requests[since:]]

    def _one(self, wanted: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a select
        (row,) = self._all(wanted)
        return row

    def _all(self, wanted: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - as above
        with self.services.engine.connect() as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]


_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


@contextmanager
def estate(
    folder: Path, settings: Settings, engine: sa.Engine, *, permissions: Mapping[str, str] | None = None
) -> Iterator[Estate]:
    """Yield an organisation without repositories, whose App is not installed yet."""
    with ExitStack() as stack:
        github = stack.enter_context(GitHubStandIn(folder / "github"))
        clock = FakeClock(NOON.timestamp())
        github.world.now = NOON
        app = github.app("debtscan", permissions)
        services = Services(settings=settings, engine=engine, now=clock.moment)
        line, asked, meanwhile = Lined(clock.moment), list[str](), list[Callable[[], object]]()
        web = stack.enter_context(serving(_Served(services, line, github, app, clock)))
        client = stack.enter_context(AppClient(App(str(app.id), app.private_key), web.github))
        send = _Nobody(asked, meanwhile)
        parts = parts_of(folder, services, line, lambda: client, send)
        github.hooks.on(app, f"{web.url}{HOOK}")
        yield Estate(github, app, clock, services, line, parts, web, asked, meanwhile)


def parts_of(
    folder: Path, services: Services, work: Work, apps: Callable[[], AppClient], send: Callable[[Request], Response]
) -> Parts:
    """Return a worker's parts, whose scans ask the network by ``send``."""
    return Parts(
        services=services,
        work=work,
        apps=apps,
        mirrors=Mirrors(folder / "mirrors", 10**9, 10**9),
        lookups=Lookups(send, {}, services.now),
        limits=LIMITS,
    )


@dataclass(frozen=True, slots=True)
class _Nobody:
    """A network in which nobody answers."""

    asked: list[str]
    meanwhile: list[Callable[[], object]]
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Response:
        with self._lock:
            self.asked.append(request.url)
            if self.meanwhile:
                self.meanwhile.pop(0)()
        return nobody(request)


@dataclass(frozen=True, slots=True)
class _Served:
    """Makes the web side for an address."""

    services: Services
    line: Work
    github: GitHubStandIn
    app: StandInApp
    clock: FakeClock

    def __call__(self, url: str) -> Web:
        settings, app = self.services.settings, self.app
        settings = replace(settings, file=msgspec.structs.replace(settings.file, url=url))
        app.hook_secret = "the webhook's own secret"
        keyring = Keyring(settings, {})
        keyring.register(
            Secrets(
                app=App(str(app.id), app.private_key),
                client_id=app.client_id,
                client_secret=app.client_secret,
                webhook=(app.hook_secret,),
            )
        )
        return Web(
            services=replace(self.services, settings=settings),
            keyring=keyring,
            work=self.line,
            github=settings_for(self.github, self.clock),
            clock=self.clock.now,
        )
