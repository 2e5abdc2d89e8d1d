"""An organisation of a thousand repositories: pages stay quick, and as small as one of a hundred."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.service.web.model import Web
from tests.support.service import data
from tests.support.service.counted import queries
from tests.support.service.kinds import Scans
from tests.support.service.web import Clock, client_of, make_web, sign_in

pytestmark = pytest.mark.soak
COUNT = 1000
MOST_SECONDS = 0.3
ROUNDS = 5


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, scans: Mapping[str, Scans]) -> Iterator[Web]:
    folder: Path = tmp_path_factory.mktemp("large")
    made = replace(make_web(folder, Clock(data.NOW)), clock=count().__next__)
    data.filled(made.services.engine, scans, count=COUNT)
    yield made
    made.services.engine.dispose()


@pytest.fixture
def client(large: Web) -> Iterator[TestClient]:
    with client_of(large) as made:
        sign_in(large, made, data.ids(COUNT))
        yield made


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/acme",
        "/acme?q=shop&sort=name&page=3",
        "/acme/-/uses?q=flask",
        "/acme/billing-026",
        "/acme/billing-026/hotspots",
        "/api/v1/organizations/acme",
        "/api/v1/organizations/acme/repositories?limit=500",
    ],
)
def test_a_page_takes_little_of_the_processor_and_five_questions(client: TestClient, large: Web, path: str) -> None:
    client.get(path)
    started = time.process_time()
    with queries(large.services.engine) as asked:
        answers = [client.get(path) for _round in range(ROUNDS)]
    seconds = (time.process_time() - started) / ROUNDS
    assert {answer.status_code for answer in answers} == {200}
    assert len(asked) <= 5 * ROUNDS
    assert max(len(answer.content) for answer in answers) < 300_000
    assert seconds < MOST_SECONDS, f"{seconds:.3f} s"
