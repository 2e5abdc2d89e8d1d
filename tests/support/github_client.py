"""debtscan's GitHub client, aimed at the stand-in, with a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from analyzers.http.cache import Cache
from bot.github.address import Address
from bot.github.app_client import AppClient
from bot.github.auth import App, Credentials, Token
from bot.github.client import Client, open_repository
from bot.github.rate import Clock
from bot.github.session import Session, Settings
from tests.support.github.grants import App as StandInApp
from tests.support.github.standin import GitHubStandIn


@dataclass(slots=True)
class FakeClock:
    """Sleeping moves it on. `slept` are the seconds of every sleep."""

    seconds: float = 1_790_000_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Return seconds since the epoch."""
        return self.seconds

    def moment(self) -> datetime:
        """Return the same as a date."""
        return datetime.fromtimestamp(self.seconds, tz=UTC)

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        """It, as the client takes it."""
        return Clock(self.now, self.now, self.sleep)


def settings_for(
    github: GitHubStandIn, clock: FakeClock, *, environ: Mapping[str, str] | None = None, cache: Cache | None = None
) -> Settings:
    """Return settings for the stand-in, which from then on goes by the same clock."""
    github.world.clock = clock.moment
    address = Address(github.url, github.api_url)
    return Settings(address=address, environ=environ or {}, cache=cache, clock=clock.clock)


@dataclass(slots=True)
class Opener:
    """Opens clients of the stand-in's repositories, and closes them all. With a token for everything unless told."""

    github: GitHubStandIn
    clock: FakeClock = field(default_factory=FakeClock)
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let the stand-in go by the same clock from the start: tokens made before count by it."""
        self.github.world.clock = self.clock.moment

    def __call__(self, name: str, credentials: Credentials | str | None = None) -> Client:
        """Return the client of a repository, in a session of its own."""
        return open_repository(self.session(credentials), name)

    def session(self, credentials: Credentials | str | None = None, *, cache: Cache | None = None) -> Session:
        """Return a session."""
        if credentials is None or isinstance(credentials, str):
            credentials = Token(credentials or self.github.token())
        self.sessions.append(Session(credentials, settings_for(self.github, self.clock, cache=cache)))
        return self.sessions[-1]

    def close(self) -> None:
        """Close what was opened."""
        for session in self.sessions:
            session.close()


def installed_app(github: GitHubStandIn, *owners: str, permissions: Mapping[str, str] | None = None) -> App:
    """Return the credentials of an App, installed at some owners."""
    made = github.app("debtscan", permissions, on=owners)
    return App(str(made.id), made.private_key)


@contextmanager
def app_client(github: GitHubStandIn, app: StandInApp, clock: FakeClock | None = None) -> Iterator[AppClient]:
    """Ask as an App of the stand-in."""
    settings = settings_for(github, clock or FakeClock())
    with AppClient(App(str(app.id), app.private_key), settings) as client:
        yield client
