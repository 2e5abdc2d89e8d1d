from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.service.database.tables import USAGES
from bot.service.reading import uses
from bot.service.reading.uses import Thing
from tests.support.service.data import FIRST, ids

ALL = ids()
ROW = {"ecosystem": "npm", "value": "1", "version": "1", "kind": "package-json", "path": "a", "line": 1, "direct": True}


def test_a_query_finds_what_holds_it_whatever_its_case(connection: sa.Connection) -> None:
    found = uses.things(connection, ALL, "FLAS")
    assert [(one.ecosystem, one.name) for one in found.things] == [("pypi", "flask")]
    assert not found.is_cut


def test_without_a_query_the_most_used_come_first(connection: sa.Connection) -> None:
    counts = [one.repositories for one in uses.things(connection, ALL).things]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) > 5


def test_an_ecosystem_narrows(connection: sa.Connection) -> None:
    found = uses.things(connection, ALL, "python", "docker").things
    assert {one.ecosystem for one in found} == {"docker"}


@pytest.mark.parametrize("query", ["%", "_", "\\", "'; DROP TABLE debtscan_usages; --", "x" * 5000, "\0", "\udc80"])
def test_what_a_query_holds_is_text(connection: sa.Connection, query: str) -> None:
    assert uses.things(connection, ALL, query).things == ()


def test_versions_are_sorted_by_their_numbers_and_say_who_uses_them(connection: sa.Connection) -> None:
    found = uses.use(connection, ALL, "pypi", "flask")
    assert [one.version for one in found.versions] == ["2.0.0", "3.0.0", "3.0.1"]
    assert found.repositories == sum(len(one.users) for one in found.versions)
    (place, *_rest) = found.versions[0].users[0].places
    assert (place.path, place.line, place.value, place.direct) == ("requirements.txt", 2, "==2.0.0", True)


def test_only_visible_repositories_count(connection: sa.Connection) -> None:
    whole = uses.use(connection, ALL, "pypi", "flask")
    one = whole.versions[0].users[0].repository
    seen = uses.use(connection, {one}, "pypi", "flask")
    assert seen.repositories == 1
    assert uses.things(connection, {one}, "flask").things == (Thing("pypi", "flask", 1),)
    assert uses.use(connection, frozenset(), "pypi", "flask").versions == ()


def test_nobody_uses_what_is_unknown(connection: sa.Connection) -> None:
    found = uses.use(connection, ALL, "pypi", "nothing")
    assert (found.versions, found.repositories, found.is_cut) == ((), 0, False)


def test_what_is_written_stands_for_an_unknown_version(connection: sa.Connection) -> None:
    row = {**ROW, "repository_id": FIRST, "name": "loose", "value": "^1.2", "version": ""}
    connection.execute(sa.insert(USAGES), [row, {**row, "value": "", "line": 2}])
    assert [one.version for one in uses.use(connection, ALL, "npm", "loose").versions] == ["", "^1.2"]


def test_more_than_a_page_can_bear_is_cut_and_said(connection: sa.Connection) -> None:
    rows = [{**ROW, "repository_id": FIRST, "name": f"many-{at}"} for at in range(uses.MOST_THINGS + 1)]
    places = [{**ROW, "repository_id": FIRST, "name": "often", "line": at + 1} for at in range(uses.MOST_PLACES + 1)]
    connection.execute(sa.insert(USAGES), [*rows, *places])
    found = uses.things(connection, ALL, "many-")
    assert (len(found.things), found.is_cut) == (uses.MOST_THINGS, True)
    often = uses.use(connection, ALL, "npm", "often")
    assert (len(often.versions[0].users[0].places), often.is_cut) == (uses.MOST_PLACES, True)


def test_a_query_means_the_thing_of_that_name() -> None:
    found = uses.Things(
        things=(Thing("pypi", "flask", 9), Thing("pypi", "flask-login", 5), Thing("docker", "python", 4)), is_cut=False
    )
    assert uses.exact(found, "Flask") == Thing("pypi", "flask", 9)
    assert uses.exact(found, "fla") is None
    assert uses.exact(found, "python", "pypi") is None
    assert uses.exact(uses.Things(things=found.things[:1], is_cut=False), "fla") == Thing("pypi", "flask", 9)


def test_one_name_in_two_worlds_is_left_to_choose() -> None:
    found = uses.Things(things=(Thing("pypi", "redis", 9), Thing("docker", "redis", 5)), is_cut=False)
    assert uses.exact(found, "redis") is None
    assert uses.exact(found, "redis", "docker") == Thing("docker", "redis", 5)


def test_users_are_sorted_by_the_names_of_their_repositories() -> None:
    users = (uses.User(1, ()), uses.User(2, ()), uses.User(3, ()))
    assert [name for name, _user in uses.by_name(users, {1: "o/b", 2: "o/A"})] == ["o/A", "o/b"]
