"""Sign-ins as they are kept, on each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.service import sign_ins
from bot.service.database.tables import SIGN_INS
from bot.service.services import Services
from bot.service.settings import Settings
from tests.support.service.web import Clock

EVENING = datetime(2026, 11, 27, 20, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(EVENING)


@pytest.fixture
def services(settings: Settings, engine: sa.Engine, clock: Clock) -> Services:
    return Services(settings=settings, engine=engine, now=lambda: clock.now)


def test_a_sign_in_is_found_by_its_cookie_until_it_ends(services: Services, clock: Clock) -> None:
    value = sign_ins.open_for(services, 7, "ada", [3, 1, 2**40])
    found = sign_ins.find(services, value)
    assert found
    assert (found.user_id, found.login, found.seen_at) == (7, "ada", EVENING)
    assert found.repositories == {1, 3, 2**40}
    clock.go(hours=8)
    assert sign_ins.find(services, value) is None


@pytest.mark.parametrize("value", ["", "x", "x" * 10_000, "é", "\x00"])
def test_another_value_finds_nobody(services: Services, value: str) -> None:
    sign_ins.open_for(services, 7, "ada", [])
    assert sign_ins.find(services, value) is None


def test_the_value_itself_is_not_kept(services: Services) -> None:
    value = sign_ins.open_for(services, 7, "ada", [])
    with services.engine.connect() as connection:
        (row,) = connection.execute(sa.select(SIGN_INS)).all()
    assert value not in str(tuple(row))
    assert row.id == sign_ins.hashed(value)


def test_it_is_renewed_for_the_same_person_alone_and_ends_when_it_would_have(services: Services, clock: Clock) -> None:
    value = sign_ins.open_for(services, 7, "ada", [1])
    clock.go(hours=7)
    assert sign_ins.renew(services, value, 7, "ada-renamed", [2])
    found = sign_ins.find(services, value)
    assert found
    assert (found.login, found.seen_at) == ("ada-renamed", EVENING + timedelta(hours=7))
    assert found.repositories == {2}
    assert not sign_ins.renew(services, value, 8, "bob", [3])
    assert not sign_ins.renew(services, "another", 7, "ada", [3])
    clock.go(hours=1)
    assert not sign_ins.renew(services, value, 7, "ada", [3])


def test_who_signs_out_is_forgotten_and_nobody_else(services: Services) -> None:
    first, second = sign_ins.open_for(services, 7, "ada", []), sign_ins.open_for(services, 7, "ada", [])
    sign_ins.close(services, first)
    sign_ins.close(services, "nobody's")
    assert sign_ins.find(services, first) is None
    assert sign_ins.find(services, second)


def test_whoever_sees_a_thousand_repositories_is_kept_whole(services: Services) -> None:
    value = sign_ins.open_for(services, 7, "a" * 100, range(2**33, 2**33 + 5000))
    found = sign_ins.find(services, value)
    assert found
    assert len(found.repositories) == 5000
