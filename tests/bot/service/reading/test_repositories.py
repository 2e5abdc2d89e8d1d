from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.reading import repositories
from tests.support.service import data
from tests.support.service.data import FIRST, INSTALLATION, NOW, listed

ALL = data.ids()


def test_an_organisation_is_found_whatever_the_case_of_its_name(connection: sa.Connection) -> None:
    found = repositories.organisation(connection, "aCME", ALL)
    assert found is not None
    assert (found.account, found.installation, len(found.repositories)) == ("Acme", INSTALLATION, 200)
    names = [one.name.lower() for one in found.repositories]
    assert names == sorted(names)


def test_only_what_the_viewer_sees_is_read(connection: sa.Connection) -> None:
    found = repositories.organisation(connection, "acme", {FIRST + 3, FIRST + 8, 5})
    assert found is not None
    assert {one.id for one in found.repositories} == {FIRST + 3, FIRST + 8}


@pytest.mark.parametrize(
    ("login", "visible"), [("nobody", ALL), ("acme", frozenset({5})), ("acme", frozenset()), ("", ALL)]
)
def test_an_organisation_that_is_unknown_or_invisible_is_none(
    connection: sa.Connection, login: str, visible: frozenset[int]
) -> None:
    assert repositories.organisation(connection, login, visible) is None


@pytest.mark.parametrize("login", ["' OR 1=1 --", "acme%", "_cme", "acme\\", "é" * 500, "\0", "\udc80"])
def test_a_hostile_name_is_a_name(connection: sa.Connection, login: str) -> None:
    assert repositories.organisation(connection, login, ALL) is None


def test_more_ids_than_a_statement_takes_parameters_are_fine(connection: sa.Connection) -> None:
    many = frozenset(range(FIRST - 70_000, FIRST + 1))
    found = repositories.organisation(connection, "acme", many)
    assert found is not None
    assert [one.id for one in found.repositories] == [FIRST]


@pytest.mark.parametrize("holder", ["Zed/.github", "zed/.GitHub"])
def test_what_the_configuration_says_is_for_those_who_see_it(connection: sa.Connection, holder: str) -> None:
    told = "debtscan.toml:6: unknown key 'project-nobody-knows'"
    account = {"id": 1, "account": "Zed", "account_id": 2, "account_kind": "Organization", "installed_at": NOW}
    connection.execute(sa.insert(INSTALLATIONS).values(**account, configuration_error=told))
    for number, name in ((7, "Zed/a"), (8, holder), (9, "Zed/a.github")):
        row = {"id": number, "installation_id": 1, "name": name, "key": name.lower(), "private": True}
        connection.execute(sa.insert(REPOSITORIES).values(row))

    def shown(*visible: int) -> str:
        found = repositories.organisation(connection, "zed", visible)
        assert found
        return found.configuration_error

    assert shown(7, 8) == told
    hidden = shown(7, 9)
    assert "what is wrong is told to those who see its repository .github" in hidden
    assert "project" not in hidden
    connection.execute(sa.update(INSTALLATIONS).where(INSTALLATIONS.c.id == 1).values(configuration_error=""))
    assert shown(7) == shown(8) == ""


def test_organisations_are_those_of_which_something_is_seen(connection: sa.Connection) -> None:
    connection.execute(
        sa.insert(INSTALLATIONS).values(
            id=1, account="Zed", account_id=2, account_kind="Organization", installed_at=NOW
        )
    )
    connection.execute(sa.insert(REPOSITORIES).values(id=7, installation_id=1, name="Zed/a", key="zed/a", private=True))
    assert [one.account for one in repositories.organisations(connection, {*ALL, 7})] == ["Acme", "Zed"]
    assert [one.account for one in repositories.organisations(connection, {7})] == ["Zed"]
    assert repositories.organisations(connection, frozenset()) == ()


def test_what_is_gone_is_not_there(connection: sa.Connection) -> None:
    gone = sa.update(REPOSITORIES).where(REPOSITORIES.c.id == FIRST + 1).values(gone_at=NOW)
    connection.execute(gone)
    found = repositories.organisation(connection, "acme", ALL)
    assert found is not None
    assert FIRST + 1 not in found.ids
    connection.execute(sa.update(INSTALLATIONS).values(gone_at=NOW))
    assert repositories.organisation(connection, "acme", ALL) is None


def test_a_repository_is_found_whatever_the_case_of_its_name(connection: sa.Connection) -> None:
    found = repositories.repository(connection, "ACME/Billing-001", ALL)
    assert found is not None
    owner, one = found
    assert (owner.account, one.id, one.short, one.state) == ("Acme", FIRST + 1, "billing-001", "scanned")
    assert one.scanned_at is not None
    assert one.scanned_at.tzinfo is UTC
    assert one.is_scanning


def test_an_invisible_repository_is_none_like_an_unknown_one(connection: sa.Connection) -> None:
    assert repositories.repository(connection, "acme/billing-001", ALL - {FIRST + 1}) is None
    assert repositories.repository(connection, "acme/unknown", ALL) is None


def test_any_repository_is_found_for_those_who_answer_for_it(connection: sa.Connection) -> None:
    found = repositories.any_repository(connection, "acme/SHOP-000")
    assert found is not None
    assert (found.id, found.private) == (FIRST, True)
    assert repositories.any_repository(connection, "acme/nothing") is None


def test_every_state_is_told_apart() -> None:
    one = listed()
    assert one.state == "scanned"
    assert replace(one, scanned_at=None, grade=None).state == "waiting"
    assert replace(one, grade=None).state == "unjudged"
    assert replace(one, error="too large", error_at=datetime(2026, 1, 1, tzinfo=UTC)).state == "failed"
    assert replace(one, skip="archived", error="too large").state == "skipped"


def test_a_repository_whose_last_scan_failed_still_counts_by_the_one_before() -> None:
    assert listed(error="too large").is_judged
    assert not listed(skip="archived").is_judged
    assert not listed(grade=None).is_judged
