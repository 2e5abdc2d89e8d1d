from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, Opener


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    with GitHubStandIn(tmp_path / "github") as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opener(github: GitHubStandIn, clock: FakeClock) -> Iterator[Opener]:
    opening = Opener(github, clock)
    yield opening
    opening.close()


@pytest.fixture(autouse=True)
def _no_other_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyGithub's own connections know nothing of proxies, authorities and limits as debtscan keeps them."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a connection of PyGithub's own")

    monkeypatch.setattr(requests.Session, "send", refuse)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubStandIn]:
    """Run a GitHub Enterprise Server."""
    with GitHubStandIn(tmp_path / "server", enterprise=True) as running:
        yield running
