"""The web side of a service of its own for a test: a database in a folder, secrets, and a clock that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.github.auth import App
from bot.github.session import Settings as GitHub
from bot.service import sign_ins
from bot.service.database.tables import METADATA
from bot.service.secrets import Keyring, Secrets
from bot.service.services import Services
from bot.service.settings import File, Settings
from bot.service.web._callers import Callers
from bot.service.web.app import create
from bot.service.web.model import Web
from tests.support.github.grants import App as StandInApp
from tests.support.github.tokens import key_pair
from tests.support.github_client import FakeClock

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
URL = "https://debtscan.example.org"
SETUP_CODE = "ABCD-EFGH-JKMN-PQRS"
COOKIE = "__Host-debtscan"


@dataclass(slots=True)
class Clock:
    """A clock that goes when it is told to. Calling it returns seconds."""

    now: datetime = NOON

    def __call__(self) -> float:
        return self.now.timestamp()

    def go(self, **by: float) -> None:
        """Let time pass: ``go(minutes=5)``."""
        self.now += timedelta(**by)


@dataclass(slots=True)
class Enqueued:
    """Notes what is enqueued, in place of the engine."""

    items: list[tuple[str, str]] = field(default_factory=list)

    def enqueue(self, name: str, arguments: Mapping[str, Any], *, id: str, **named: Any) -> bool:  # noqa: A002, ANN401 - the engine's words
        """Note it."""
        del arguments, named
        is_new = (name, id) not in self.items
        self.items.append((name, id))
        return is_new


def secrets_of_an_app() -> Secrets:
    """Return what a registered App has."""
    return Secrets(
        app=App("4711", key_pair()[0]),
        client_id="Iv23liTESTTESTTEST",
        client_secret="client-secret-of-the-app",
        webhook=("webhook-secret-of-the-app",),
    )


def secrets_of(app: StandInApp) -> Secrets:
    """Return what the owner of an App of the stand-in has."""
    return Secrets(
        app=App(str(app.id), app.private_key),
        client_id=app.client_id,
        client_secret=app.client_secret,
        webhook=(app.hook_secret or "webhook-secret-of-the-app",),
    )


def make_web(
    folder: Path,
    clock: Clock,
    *,
    url: str = URL,
    github: str = "https://github.com",
    secrets: Secrets | None = None,
    is_registered: bool = True,
    environ: Mapping[str, str] | None = None,
    **file: Any,  # noqa: ANN401 - further keys of the configuration
) -> Web:
    """Make the web side of a service whose folder is ``folder``, with the secrets of an App. Dispose of its engine."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        file=File(url=url, data=str(folder), github=github, **file), secrets=folder / "secrets", database=""
    )
    engine = sa.create_engine(settings.database_url)
    METADATA.create_all(engine)
    keyring = Keyring(settings, environ or {})
    if is_registered:
        keyring.register(secrets or secrets_of_an_app())
    return Web(
        services=Services(settings=settings, engine=engine, now=lambda: clock.now),
        keyring=keyring,
        work=Enqueued(),
        github=GitHub(address=settings.address, clock=FakeClock().clock),
        setup_code=SETUP_CODE,
        clock=clock,
        callers=Callers(clock),
    )


def client_of(web: Web, *, address: str = "192.0.2.7", **headers: str) -> TestClient:
    """Return a client that comes from an address, and follows no redirect. Use it as a context."""
    return TestClient(
        create(web),
        base_url=web.url,
        client=(address, 50_000),
        headers=headers,
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def sign_in(web: Web, client: TestClient, repositories: Iterable[int] = (), *, login: str = "ada", id: int = 1) -> str:  # noqa: A002 - GitHub's word
    """Let a person be signed in, without GitHub's pages; return the cookie's value."""
    value = sign_ins.open_for(web.services, id, login, repositories)
    client.cookies.set(COOKIE if web.is_https else "debtscan", value)
    return value


def csrf_of(client: TestClient) -> str:
    """Return the token that a page holds for whoever is signed in."""
    page = client.get("/no/such/page", headers={"accept": "text/html"}).text
    before, found, rest = page.partition('name="csrf" value="')
    assert found, before
    return rest.partition('"')[0]
