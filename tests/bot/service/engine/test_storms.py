from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from tests.support.postgres import Postgres, restartable_postgres
from tests.support.service.databases import Postgreses, opened
from tests.support.service.forge import Forge
from tests.support.service.processes import Smalls
from tests.support.service.small import Spec
from tests.support.service.storms import Storm, weather


def _none() -> None:
    raise AssertionError("SQLite has no outages")


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "storm",
    [Storm(workers=1, rounds=8, kills=2), pytest.param(Storm(workers=1, rounds=60, kills=20), marks=pytest.mark.soak)],
    ids=["short", "full"],
)
def test_on_one_file_everything_is_done_once_whatever_dies(
    engine: sa.Engine, forge: Forge, processes: Smalls, spec: Spec, storm: Storm
) -> None:
    weather(storm, engine, forge, processes, spec, _none)


@pytest.fixture
def server() -> Iterator[Postgres]:
    with restartable_postgres() as server:
        yield server


@pytest.mark.parametrize(
    "storm",
    [
        Storm(workers=2, rounds=12, kills=2),
        pytest.param(Storm(workers=3, rounds=200, kills=20, pauses=3, outages=2), marks=pytest.mark.soak),
    ],
    ids=["short", "full"],
)
def test_many_workers_do_everything_once_whatever_dies(
    server: Postgres, forge: Forge, processes: Smalls, tmp_path: Path, storm: Storm
) -> None:
    settings = Postgreses(server.address).fresh(tmp_path / "data")
    spec = Spec(data=str(settings.folder), database=settings.database, forge=forge.address)
    # An outage is shorter than a lease.
    spec = msgspec.structs.replace(spec, life=6.0, beat=0.5) if storm.outages else spec

    def outage() -> None:
        server.stop()
        server.start()

    with opened(settings) as engine:
        weather(storm, engine, forge, processes, spec, outage)
