"""The sample organisation in both databases, made once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest
import sqlalchemy as sa

from tests.support.postgres import running_postgres
from tests.support.service import data
from tests.support.service.kinds import Scans


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def organisation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, scans: Mapping[str, Scans]
) -> Iterator[sa.Engine]:
    """Give the organisation of 200 repositories. Tests only read it, or undo what they write."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            engine = data.made(tmp_path_factory.mktemp("database"), scans)
        else:
            address = stack.enter_context(running_postgres())
            engine = data.filled(sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:")), scans)
        stack.callback(engine.dispose)
        yield engine


@pytest.fixture
def connection(organisation: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection of which nothing stays."""
    with organisation.connect() as opened:
        yield opened
        opened.rollback()
