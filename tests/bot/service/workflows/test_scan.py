"""Scans in one piece: from GitHub's webhook to what stands in the tables and on GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.service.databases import Sqlites, opened
from tests.support.service.estate import Estate, estate


@pytest.fixture
def acme(tmp_path: Path, sqlites: Sqlites) -> Iterator[Estate]:
    settings = sqlites.fresh(tmp_path / "data")
    with opened(settings) as engine, estate(tmp_path, settings, engine) as made:
        yield made


def test_a_new_installation_is_scanned_once_and_nothing_is_written_there(acme: Estate) -> None:
    for name in ("shop", "site"):
        acme.add(name)
    acme.install()
    for name in ("shop", "site"):
        row = acme.row(name)
        assert (row["phase"], row["error"], row["scanning"]) == ("silent", "", "")
        assert row["scanned_commit"] == acme.github.world.repositories[f"acme/{name}"].branches["main"]
        assert row["score"] is not None
        (scan,) = acme.scans(name)
        assert (scan["reason"], scan["urgency"], scan["outcome"]) == ("installed", "sweep", "done")
    assert acme.github.writes == []
