"""What webhooks leave in the tables, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from bot.service.arrivals import arrival_of
from bot.service.arriving import arrive
from bot.service.changes import ListingWanted
from bot.service.database.tables import INSTALLATIONS, METADATA, REPOSITORIES, SIGN_INS
from tests.support.postgres import running_postgres
from tests.support.service.payloads import (
    INSTALLATION,
    NOW,
    OTHER_SHA,
    REPOSITORY,
    SHA,
    Payload,
    account,
    chosen,
    delivery,
    installation,
    installed,
    listed,
    of_repository,
    person,
    push,
    repository,
)

LATER = NOW + timedelta(hours=1)
NEW = INSTALLATION + 1
LISTING = ListingWanted(installation=INSTALLATION)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        made = sa.create_engine("sqlite://")
        METADATA.create_all(made)
        yield made
        made.dispose()
        return
    with running_postgres() as address:
        made = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
        METADATA.create_all(made)
        yield made
        made.dispose()


@pytest.fixture
def tables(engine: sa.Engine) -> Iterator[Tables]:
    with engine.connect() as connection:
        yield Tables(connection)
        connection.rollback()


class Tables:
    """The tables within one transaction that is taken back."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def take(self, event: str, payload: Payload, now: datetime = NOW) -> tuple[ListingWanted, ...]:
        return arrive(self.connection, arrival_of(delivery(event, payload)).changes, now)

    def installation(self, number: int = INSTALLATION) -> Mapping[str, Any] | None:
        return self._row(INSTALLATIONS, number)

    def repository(self, number: int = REPOSITORY) -> Mapping[str, Any] | None:
        return self._row(REPOSITORIES, number)

    def snapshot(self) -> list[Any]:
        found: list[Any] = []
        for table in (INSTALLATIONS, REPOSITORIES):
            found += self.connection.execute(sa.select(table).order_by(table.c.id)).all()
        return found

    def _row(self, table: sa.Table, number: int) -> Mapping[str, Any] | None:
        row = self.connection.execute(sa.select(table).where(table.c.id == number)).mappings().first()
        return dict(row) if row else None


def _of(row: Mapping[str, Any] | None, *names: str) -> tuple[Any, ...]:
    assert row is not None
    return tuple(row[name] for name in names)


def test_an_installation_comes_with_its_repositories(tables: Tables) -> None:
    assert tables.take("installation", installed(repositories=[listed(), listed("acme/Site", 5, private=True)])) == ()
    assert _of(tables.installation(), "account", "account_kind", "installed_at") == ("acme", "Organization", NOW)
    assert _of(tables.installation(), "permissions", "events") == (
        '{"contents": "write", "metadata": "read"}',
        '["pull_request", "push"]',
    )
    assert _of(tables.repository(), "name", "private", "phase", "sweep_after") == ("acme/shop", False, "silent", None)
    assert _of(tables.repository(5), "name", "key", "private") == ("acme/Site", "acme/site", True)


def test_a_thousand_repositories_come_at_once(tables: Tables) -> None:
    many = [listed(f"acme/r{number}", number) for number in range(1, 1201)]
    tables.take("installation", installed(repositories=many))
    count = tables.connection.execute(sa.select(sa.func.count()).select_from(REPOSITORIES)).scalar_one()
    assert count == 1200


def test_whatever_comes_twice_changes_nothing_the_second_time(tables: Tables) -> None:
    for event, payload in (
        ("installation", installed()),
        ("push", push()),
        ("repository", of_repository("renamed", repository("acme/store"))),
        ("installation_repositories", chosen(removed=[listed()])),
        ("installation", installed("deleted")),
    ):
        tables.take(event, payload)
        before = tables.snapshot()
        tables.take(event, payload)
        assert tables.snapshot() == before, event


def test_uninstalling_is_final_whenever_the_rest_comes(tables: Tables) -> None:
    events = [
        ("installation", installed()),
        ("installation", installed("deleted")),
        ("installation_repositories", chosen(added=[listed()])),
        ("push", push()),
    ]
    for order in permutations(events):
        with tables.connection.begin_nested() as nested:
            for event, payload in order:
                tables.take(event, payload)
            assert _of(tables.installation(), "gone_at") == (NOW,)
            row = tables.repository()
            assert row is None or row["gone_at"] is not None
            nested.rollback()


def test_a_repository_of_an_app_installed_again_keeps_all_that_is_known(tables: Tables) -> None:
    again = installed(installation=installation(NEW))
    for order in permutations([("installation", installed("deleted")), ("installation", again)]):
        with tables.connection.begin_nested() as nested:
            tables.take("installation", installed())
            tables.connection.execute(sa.update(REPOSITORIES).values(phase="posting", score=81.5, sweep_after=LATER))
            for event, payload in order:
                tables.take(event, payload)
            found = _of(tables.repository(), "installation_id", "gone_at", "phase", "score")
            assert found == (NEW, None, "posting", 81.5)
            nested.rollback()


def test_a_repository_that_was_gone_is_swept_soon(tables: Tables) -> None:
    tables.take("installation", installed())
    tables.connection.execute(sa.update(REPOSITORIES).values(sweep_after=LATER))
    tables.take("installation_repositories", chosen(added=[listed()]))
    assert _of(tables.repository(), "sweep_after") == (LATER,)
    tables.take("installation_repositories", chosen(removed=[listed()]))
    assert _of(tables.repository(), "gone_at") == (NOW,)
    tables.take("installation_repositories", chosen(added=[listed()]))
    assert _of(tables.repository(), "gone_at", "sweep_after") == (None, None)


def test_a_repository_that_moved_is_not_taken_by_the_one_that_it_left(tables: Tables) -> None:
    moved = of_repository("transferred", repository("globex/shop"), installation={"id": NEW})
    tables.take("installation", installed())
    tables.take(
        "installation", installed(installation=installation(NEW, account=account("globex", 2)), repositories=[])
    )
    for order in permutations(
        [
            ("repository", moved),
            ("installation_repositories", chosen(removed=[listed()])),
            ("push", push()),
        ]
    ):
        with tables.connection.begin_nested() as nested:
            for event, payload in order:
                tables.take(event, payload)
            found = _of(tables.repository(), "name", "installation_id", "gone_at")
            assert found == ("globex/shop", NEW, None)
            nested.rollback()


def test_a_later_fact_counts_whenever_it_comes(tables: Tables) -> None:
    told = [
        ("acme/one", "2026-11-01T10:00:00Z"),
        ("acme/two", "2026-11-01T11:00:00Z"),
        ("acme/three", "2026-11-01T12:00:00+00:00"),
    ]
    tables.take("installation", installed())
    for order in permutations(told):
        with tables.connection.begin_nested() as nested:
            for name, moment in order:
                tables.take("repository", of_repository("renamed", repository(name, updated_at=moment)))
            assert _of(tables.repository(), "name", "key") == ("acme/three", "acme/three")
            nested.rollback()


def test_suspending_and_the_reverse_are_put_in_order_by_their_time(tables: Tables) -> None:
    since = "2026-11-01T11:00:00Z"
    suspended = installed("suspend", installation=installation(updated_at=since, suspended_at=since))
    back = installed("unsuspend", installation=installation(updated_at="2026-11-01T12:00:00Z"))
    tables.take("installation", suspended)
    assert _of(tables.installation(), "suspended_at") == (NOW,)
    tables.take("installation", suspended, LATER)
    assert _of(tables.installation(), "suspended_at") == (NOW,)
    tables.take("installation", back)
    assert _of(tables.installation(), "suspended_at") == (None,)
    tables.take("installation", suspended)
    assert _of(tables.installation(), "suspended_at") == (None,)


def test_a_list_does_not_take_back_what_was_told_of_a_name(tables: Tables) -> None:
    tables.take("installation", installed())
    tables.take("repository", of_repository("renamed", repository("acme/store", private=True)))
    tables.take("installation_repositories", chosen(added=[listed("acme/shop")]))
    assert _of(tables.repository(), "name", "private") == ("acme/store", True)


def test_what_nobody_has_heard_of_is_asked_of_github(tables: Tables) -> None:
    assert tables.take("push", push()) == (LISTING,)
    assert tables.take("repository", of_repository("renamed")) == (LISTING,)
    tables.take("installation", installed())
    assert tables.take("push", push()) == ()
    tables.take("installation_repositories", chosen(removed=[listed()]))
    assert tables.take("push", push()) == (LISTING,)


def test_a_new_repository_is_there_at_once(tables: Tables) -> None:
    tables.take("installation", installed(repositories=[]))
    assert tables.take("repository", of_repository("created", repository(topics=["b", "a"]))) == ()
    found = _of(tables.repository(), "name", "default_branch", "topics", "skip")
    assert found == ("acme/shop", "main", '["a", "b"]', "")


def test_a_push_ends_that_a_repository_is_empty_and_nothing_else(tables: Tables) -> None:
    tables.take("installation", installed())
    for skip, expected in (("empty", ""), ("archived", "archived"), ("", "")):
        tables.connection.execute(sa.update(REPOSITORIES).values(skip=skip))
        tables.take("push", push())
        assert _of(tables.repository(), "skip", "head", "pushed_at") == (expected, SHA, NOW)


def test_what_is_left_alone_is_told_by_the_one_who_knows(tables: Tables) -> None:
    tables.take("installation", installed())
    tables.connection.execute(sa.update(REPOSITORIES).values(skip="empty"))
    tables.take("repository", of_repository("edited"))
    assert _of(tables.repository(), "skip") == ("empty",)
    tables.take("repository", of_repository("archived", repository(archived=True)))
    assert _of(tables.repository(), "skip") == ("archived",)
    tables.take("repository", of_repository("unarchived"))
    assert _of(tables.repository(), "skip") == ("",)


def test_an_account_with_another_name_takes_its_repositories_along(tables: Tables) -> None:
    tables.take("installation", installed(repositories=[listed(), listed("acme/Site", 5)]))
    renamed = {"action": "renamed", "account": account("Acme-Corp"), "installation": {"id": INSTALLATION}}
    tables.take("installation_target", renamed)
    assert _of(tables.installation(), "account") == ("Acme-Corp",)
    assert _of(tables.repository(), "name", "key") == ("Acme-Corp/shop", "acme-corp/shop")
    assert _of(tables.repository(5), "name") == ("Acme-Corp/Site",)


def test_a_deleted_repository_is_gone_with_its_head_known(tables: Tables) -> None:
    tables.take("installation", installed())
    tables.take("push", push(after=OTHER_SHA))
    tables.take("repository", of_repository("deleted"))
    assert _of(tables.repository(), "gone_at", "head") == (NOW, OTHER_SHA)


def test_who_takes_back_an_authorisation_is_signed_out(tables: Tables) -> None:
    row = {"login": "ada", "since": NOW, "until": LATER, "seen_at": NOW}
    rows = [{"id": "a", "user_id": 21_031_067, **row}, {"id": "b", "user_id": 5, **row}]
    tables.connection.execute(sa.insert(SIGN_INS), rows)
    tables.take("github_app_authorization", {"action": "revoked", "sender": person()})
    assert tables.connection.execute(sa.select(SIGN_INS.c.id)).scalars().all() == ["b"]
