from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.service.web.model import Web
from tests.support.github import GitHubStandIn
from tests.support.github_client import FakeClock
from tests.support.service import data
from tests.support.service.kinds import Scans
from tests.support.service.web import Clock, client_of, make_web, sign_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web(tmp_path: Path, clock: Clock) -> Iterator[Web]:
    """Make the web side of a registered service."""
    made = make_web(tmp_path / "service", clock)
    yield made
    made.services.engine.dispose()


@pytest.fixture
def new(tmp_path: Path, clock: Clock) -> Iterator[Web]:
    """Make the web side of a service that nobody registered yet."""
    made = make_web(tmp_path / "new", clock, is_registered=False)
    yield made
    made.services.engine.dispose()


@pytest.fixture
def client(web: Web) -> Iterator[TestClient]:
    with client_of(web) as made:
        yield made


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubStandIn]:
    """Run a GitHub whose address the service's configuration can name: one on a server of its own."""
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        standin.world.clock = FakeClock().moment
        yield standin


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, scans: Mapping[str, Scans]) -> Iterator[Web]:
    """Make the web side of a service that holds the sample organisation. Tests only read it."""
    made = make_web(tmp_path_factory.mktemp("sample"), Clock(data.NOW))
    data.filled(made.services.engine, scans)
    yield made
    made.services.engine.dispose()


@pytest.fixture
def ada(sample: Web) -> Iterator[TestClient]:
    """Give the browser of somebody who sees every repository of the sample."""
    with client_of(sample) as made:
        sign_in(sample, made, data.ids())
        yield made


@pytest.fixture
def bob(sample: Web) -> Iterator[TestClient]:
    """Give the browser of somebody who sees three of them."""
    with client_of(sample) as made:
        sign_in(sample, made, {data.FIRST + 1, data.FIRST + 4, data.FIRST + 5}, login="bob", id=2)
        yield made
