"""What a real scan stores, and what pages and programs read of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.reading import courses, ends, one, overview, repositories, uses
from bot.service.scanning import Scan
from bot.service.services import Services
from bot.service.settings import Settings
from bot.service.storing import Done, Packed, store
from tests.support.service.scans import NOW, Workshop, workshop

ID = 41


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with workshop(tmp_path_factory.mktemp("shop")) as made:
        yield made


@pytest.fixture(scope="module")
def scan(shop: Workshop) -> Scan:
    return shop.scan()


@pytest.fixture
def services(settings: Settings, engine: sa.Engine) -> Services:
    """Give a service that knows one repository, which was not scanned yet."""
    with engine.begin() as connection:
        row = {"id": 7, "account": "acme", "account_id": 8, "account_kind": "Organization", "installed_at": NOW}
        connection.execute(sa.insert(INSTALLATIONS).values(row))
        values = {"id": ID, "installation_id": 7, "name": "acme/shop", "key": "acme/shop", "private": True}
        connection.execute(sa.insert(REPOSITORIES).values(values))
    return Services(settings=settings, engine=engine, now=lambda: NOW)


def _store(services: Services, scan: Scan) -> None:
    done = Done(services=services, repository=ID, scan="scan-1", commit=scan.entry.commit, now=NOW)
    with services.engine.begin() as connection:
        assert store(connection, done, scan, Packed.of(scan))


def test_what_a_scan_stores_is_what_pages_read(services: Services, scan: Scan) -> None:
    _store(services, scan)
    with services.engine.connect() as connection:
        found = repositories.organisation(connection, "acme", {ID})
        stored = one.stored(connection, ID)
        known = courses.courses(connection, {ID}, NOW.date())
        use = uses.use(connection, {ID}, "pypi", "requests")
        ending = ends.endings(connection, {ID}).rows
        history = one.history(connection, ID)
    assert found is not None
    assert stored is not None
    (listed,) = found.repositories
    assert (listed.state, listed.grade, listed.score) == ("scanned", scan.entry.grade, scan.entry.score)
    assert listed.findings == scan.findings == len(stored.scanned().findings)
    assert stored.whole() == scan.document
    assert [spot.function for spot in stored.hot().hotspots] == ["price"]
    assert stored.lines() == ()
    assert overview.trend(found.repositories, known)[-1].median == scan.entry.score
    assert [(version.version, len(version.users)) for version in use.versions] == [("2.19.0", 1)]
    assert [one.subject for one in ending] == ["debian 10", "python 3.8"]
    assert history.entries == (scan.entry,)


def test_a_score_that_means_nothing_is_not_shown_as_a_good_one(services: Services, scan: Scan) -> None:
    _store(services, replace(scan, judged=False))
    with services.engine.connect() as connection:
        listed = repositories.any_repository(connection, "acme/shop")
    assert listed is not None
    assert (listed.state, listed.grade, listed.score, listed.findings) == ("unjudged", None, None, None)
    assert listed.scanned_at == NOW


def test_a_repository_that_was_forgotten_meanwhile_is_not_written(services: Services, scan: Scan) -> None:
    with services.engine.begin() as connection:
        connection.execute(sa.update(REPOSITORIES).values(gone_at=NOW))
        done = Done(services=services, repository=ID, scan="scan-1", commit=scan.entry.commit, now=NOW)
        assert not store(connection, done, scan, Packed.of(scan))
        assert one.stored(connection, ID) is None


def test_the_same_scan_once_more_is_the_same(services: Services, scan: Scan) -> None:
    _store(services, scan)
    _store(services, scan)
    with services.engine.connect() as connection:
        assert len(one.history(connection, ID).entries) == 1
        stored = one.stored(connection, ID)
        assert uses.use(connection, {ID}, "pypi", "requests").repositories == 1
    assert stored is not None
    assert json.loads(stored.whole()) == json.loads(scan.document)
