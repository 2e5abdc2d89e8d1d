"""The client at work on the stand-in, with a clock that never waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.github.address import Address
from bot.github.auth import Token
from bot.github.client import Client, open_repository
from bot.github.rate import Bounds, Clock
from bot.github.session import Session, Settings
from tests.support.github import GitHubStandIn

LOGIN = "octobot"


@contextmanager
def opened(github: GitHubStandIn, name: str, token: str = "") -> Iterator[Client]:
    """Open a repository of the stand-in, with a token that may do all where none is given."""
    clock = Clock(sleep=lambda _seconds: None)
    settings = Settings(address=Address(github.url, github.api_url), bounds=Bounds(spacing=0), clock=clock)
    with Session(Token(token or github.token(login=LOGIN)), settings) as session:
        yield open_repository(session, name)
