from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.service.databases import Sqlites, opened
from tests.support.service.estate import Estate, estate


@pytest.fixture
def acme(tmp_path: Path, sqlites: Sqlites) -> Iterator[Estate]:
    """Make an organisation, and the service, on SQLite."""
    settings = sqlites.fresh(tmp_path / "data")
    with opened(settings) as engine, estate(tmp_path, settings, engine) as made:
        yield made
