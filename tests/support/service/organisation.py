"""An organisation on the tests' own GitHub, and debtscan serving it: real processes, real git, real webhooks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.service.database.opening import open_engine
from bot.service.database.tables import DELIVERIES, REPOSITORIES, SCANS
from bot.service.engine._rows import DELAYED, workflows
from bot.service.engine.work import Work
from bot.service.secrets import write as write_secrets
from bot.service.settings import Settings, load_settings
from tests.support.github import GitHubStandIn
from tests.support.github.exchange import Exchange
from tests.support.github.grants import App
from tests.support.github.hosted import HostedRepository
from tests.support.packages import PythonIndex, python_index
from tests.support.service.running import Running, free_port, started, written
from tests.support.service.web import secrets_of

PACKAGES = ("attrs", "flask", "requests", "celery", "django")
# Nobody else is asked: without a name that leads anywhere it takes no time to be refused.
_ELSEWHERE = "github.com,githubusercontent.com,endoflife.date,osv.dev,docker.io,npmjs.org"
_WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: ubuntu-22.04\n    steps:\n      - uses: actions/checkout@v2\n"


@dataclass
class Organisation:
    """`acme` with its repositories; `settings` are those of the service, whose database is looked into by `engine`."""

    github: GitHubStandIn
    app: App
    index: PythonIndex
    repositories: Sequence[HostedRepository]
    settings: Settings
    file: Path
    engine: sa.Engine
    environ: Mapping[str, str] = field(default_factory=dict)

    @contextlib.contextmanager
    def serving(self) -> Iterator[Running]:
        """Run ``debtscan serve``, and wait until it is ready."""
        with started("serve", self.file, self.settings.database, self.environ) as service:
            service.until('"event": "ready"')
            yield service

    @contextlib.contextmanager
    def working(self) -> Iterator[Running]:
        """Run a ``debtscan worker`` beside it, with another address for its operators."""
        lines = [line for line in self.file.read_text().splitlines() if not line.startswith("operations = ")]
        port = free_port()
        file = self.file.with_name(f"worker-{port}.toml")
        file.write_text("\n".join([f'operations = "127.0.0.1:{port}"', *lines]) + "\n")
        with started("worker", file, self.settings.database, self.environ) as service:
            service.until('"event": "ready"')
            yield service

    def install(self, service: Running) -> None:
        """Have GitHub tell the service what happens from now on, beginning with its installation at ``acme``."""
        self.github.hooks.on(self.app, f"{service.web}/webhooks/github", self.app.hook_secret)
        self.github.install(self.app, "acme")
        self.github.hooks.settle()

    def column(self, column: sa.Column[Any], *where: sa.ColumnElement[bool]) -> list[Any]:
        """Return a column of all rows."""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(column).where(*where)).scalars())

    def scanned(self) -> int:
        """Return how many repositories have a report."""
        return len(self.column(REPOSITORIES.c.id, REPOSITORIES.c.scanned_commit != ""))

    def sweep(self, turn: int) -> None:
        """Let the hour come in which every repository is swept."""
        with self.engine.begin() as connection:
            connection.execute(sa.update(REPOSITORIES).values(sweep_after=_LONG_AGO))
        self.sweep_on(turn)

    def sweep_on(self, turn: int) -> None:
        """Let the next hour come: each takes a part of what is due."""
        Work(self.engine).enqueue("sweep", {"scheduled_at": f"turn {turn}"}, id=f"sweep:turn:{turn}", queue="chores")

    def enable(self) -> None:
        """Have the organisation enable all: those that have a configuration need no invitation."""
        policy = '[organization]\nrepositories = ["service-*"]\n'
        self.github.repository("acme/.github", {"debtscan.toml": policy}, organization=True)
        self.github.hooks.settle()

    def troubled(self) -> int:
        """Return how many scans were put off, or left something to be tried again."""
        return len(self.column(SCANS.c.id, sa.or_(SCANS.c.outcome == "postponed", SCANS.c.error != "")))

    def hurry(self) -> None:
        """Let the time come for which things were put off."""
        rows = workflows(self.engine)
        with self.engine.begin() as connection:
            connection.execute(sa.update(rows).where(rows.c.status == DELAYED).values(delay_until_epoch_ms=0))

    def swept(self) -> int:
        """Return how many repositories were swept and found unchanged."""
        return len(self.column(SCANS.c.id, SCANS.c.reason == "sweep", SCANS.c.outcome == "unchanged"))

    def is_idle(self) -> bool:
        """Whether nothing waits or runs; what was put off to a later time may be left."""
        return not any(one.status != "delayed" for one in Work(self.engine).depth())

    def is_done(self) -> bool:
        """Whether nothing is left at all."""
        return not Work(self.engine).depth()

    def until(self, holds: Callable[[], bool], seconds: float, service: Running) -> float:
        """Wait until something holds; return how long it took."""
        begun = time.monotonic()
        while not holds():
            assert service.process.poll() is None, f"it ended: {service.told()[-4000:]}"
            took = time.monotonic() - begun
            assert took < seconds, f"not within {seconds} s: {self.state()}\n{service.told()[-4000:]}"
            time.sleep(0.1)
        return time.monotonic() - begun

    def state(self) -> str:
        """Return what a person would look at who asks why something does not come."""
        with self.engine.connect() as connection:
            scans = connection.execute(sa.select(SCANS.c.outcome, sa.func.count()).group_by(SCANS.c.outcome)).all()
            told = connection.execute(
                sa.select(DELIVERIES.c.event, DELIVERIES.c.outcome, sa.func.count()).group_by(
                    DELIVERIES.c.event, DELIVERIES.c.outcome
                )
            ).all()
            errors = connection.execute(
                sa.select(SCANS.c.error, sa.func.count()).where(SCANS.c.error != "").group_by(SCANS.c.error)
            ).all()
        return f"scans {scans}; deliveries {told}; errors {errors}; queues {Work(self.engine).depth()}"

    def requests(self, since: int) -> list[Exchange]:
        """Return what was asked of GitHub since then (`len(github.requests)`), without git's own requests."""
        return [one for one in self.github.requests[since:] if not one.request.path.endswith(_GIT)]


_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_GIT = ("/info/refs", "/git-upload-pack")


@contextlib.contextmanager
def organisation(
    folder: Path, count: int, *, configured: bool = False, database: str = "", delay: float = 0.0, **keys: str | int
) -> Iterator[Organisation]:
    """Make the organisation ``acme`` of so many repositories, and a service that is not started yet.

    Each requires packages of an index on loopback, which takes ``delay`` seconds to answer. With ``configured`` each
    has a configuration of its own.
    """
    with GitHubStandIn(folder / "github", enterprise=True) as github, python_index(delay=delay) as index:
        for name in PACKAGES:
            index.add(name, "1.0", "2.0")
        app = github.app("debtscan")
        repositories = [_repository(github, number, configured=configured) for number in range(count)]
        app.hook_secret = "webhook-secret-of-the-app"
        file = written(folder, github=github.url, **keys)
        with file.open("a") as text:
            # Pushes need not be waited for as long as people's.
            text.write("sweep = {settle-seconds = 1}\n")
        settings = load_settings(file, {"DEBTSCAN_DATABASE": database} if database else {})
        write_secrets(settings, secrets_of(app))
        environ = {"PIP_INDEX_URL": index.url, "NO_PROXY": f"localhost,127.0.0.1,{_ELSEWHERE}"}
        engine = open_engine(settings)
        try:
            yield Organisation(github, app, index, repositories, settings, file, engine, environ)
        finally:
            engine.dispose()


def _repository(github: GitHubStandIn, number: int, *, configured: bool) -> HostedRepository:
    """Make one: a small program with two requirements, a workflow, and an image."""
    pinned = (PACKAGES[number % len(PACKAGES)], PACKAGES[(number + 2) % len(PACKAGES)])
    files = {
        "requirements.txt": "".join(f"{name}==1.0\n" for name in pinned),
        ".github/workflows/ci.yml": _WORKFLOW,
        "Dockerfile": "FROM python:3.8-slim\nCOPY . /app\n",
        "app.py": f"def number() -> int:\n    return {number}\n",
    }
    if configured:
        files[".github/debtscan.toml"] = "[posts]\n"
    return github.repository(f"acme/service-{number:03d}", files, organization=True, private=bool(number % 3))
