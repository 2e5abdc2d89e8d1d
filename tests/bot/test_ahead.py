"""Ends within the year ahead: told, and not counted before the configuration lets them count."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from analyzers.read import read
from analyzers.scan import ScanResult, scan
from bot.ahead import ends_ahead
from bot.assemble import build
from bot.commands import _network
from bot.ends import ends_of
from bot.rounds.repository import open_repository
from bot.scorecard import Report
from tests.support.repository import RepositoryBuilder

DAY = date(2026, 7, 1)
# By the bundled table: Python 3.9 ended on 2025-10-31, Python 3.11 ends on 2027-10-31, Node.js 22 on 2027-04-30.
ENDED, SOON, LATER = "FROM python:3.9\n", "FROM node:22\n", "FROM python:3.11\n"


@pytest.fixture
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ScanResult, Report]:
    """Return a scan, as of DAY, of images that have ended, end within a year, and after it; nobody is asked."""
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))
    builder = RepositoryBuilder(tmp_path / "shop")
    for name, text in {"old": ENDED, "soon": SOON, "later": LATER}.items():
        builder.write(f"{name}/Dockerfile", text)
    builder.commit()
    opened = open_repository(builder.path, config=None, commit=None)
    with _network.asking(opened.settings.config, offline=True, progress=lambda *_: None) as network:
        result = scan(
            lambda: read(opened.snapshot, opened.settings, as_of=DAY, jobs=1),
            lambda inventory: network(inventory, DAY),
            opened.settings.config,
            as_of=DAY,
            offline=True,
        )
    return result, build(result, scanned_at=datetime(2026, 7, 1, tzinfo=UTC))


def test_what_ends_within_a_year_is_told_with_what_has_ended(scanned: tuple[ScanResult, Report]) -> None:
    result, report = scanned
    days = {end.day for end in ends_of(report)}
    ahead = {end.day for end in ends_ahead(result, report)}

    assert date(2025, 10, 31) in days
    assert date(2027, 4, 30) not in days
    assert ahead == days | {date(2027, 4, 30)}


def test_nothing_counts_that_did_not_count(scanned: tuple[ScanResult, Report]) -> None:
    result, report = scanned
    before = report.scorecard

    ends_ahead(result, report)

    assert build(result, scanned_at=report.scanned_at).scorecard == before
    assert result.config.docker.ending_days == 90


def test_in_the_order_of_their_days(scanned: tuple[ScanResult, Report]) -> None:
    days = [end.day for end in ends_ahead(*scanned)]
    assert days == sorted(days)
