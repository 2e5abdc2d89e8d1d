"""Databases for all tests of the service. A test that takes `settings` or `engine` runs on each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.service.settings import Settings
from tests.support.postgres import running_postgres
from tests.support.service.databases import KINDS, Kind, Postgreses, Sqlites, opened
from tests.support.service.kinds import Scans, scanned


@pytest.fixture(scope="session")
def sqlites(tmp_path_factory: pytest.TempPathFactory) -> Sqlites:
    return Sqlites(tmp_path_factory.mktemp("sqlites"))


@pytest.fixture(scope="session")
def postgreses() -> Iterator[Postgreses]:
    with running_postgres() as address:
        yield Postgreses(address)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


@pytest.fixture
def settings(request: pytest.FixtureRequest, kind: Kind, tmp_path: Path) -> Settings:
    databases: Sqlites | Postgreses = request.getfixturevalue("sqlites" if kind == "sqlite" else "postgreses")
    return databases.fresh(tmp_path / "data")


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    with opened(settings) as engine:
        yield engine


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Scans]:
    """Scan the repositories of which the sample organisation consists."""
    return scanned(tmp_path_factory.mktemp("kinds"))
