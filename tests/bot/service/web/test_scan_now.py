"""The button that has a repository scanned now."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.service.database.tables import INSTALLATIONS, REPOSITORIES, SCANS
from bot.service.web.csrf import token_for
from bot.service.web.model import Web
from tests.support.service.web import NOON, Enqueued, sign_in

PATH = "/-/scan"
SHOP = 7


@pytest.fixture(autouse=True)
def shop(web: Web) -> None:
    """Put a repository into the tables."""
    account = {"account": "acme", "account_id": 1, "account_kind": "Organization", "installed_at": NOON}
    named = {"installation_id": 3, "name": "acme/shop", "key": "acme/shop", "private": True}
    with web.services.engine.begin() as connection:
        connection.execute(sa.insert(INSTALLATIONS).values(id=3, **account))
        connection.execute(sa.insert(REPOSITORIES).values(id=SHOP, **named))


def _token(web: Web, cookie: str) -> str:
    return token_for(web.keyring, hashlib.sha256(cookie.encode()).hexdigest())


def _scans(web: Web) -> list[tuple[str, str]]:
    with web.services.engine.connect() as connection:
        return [(row.reason, row.urgency) for row in connection.execute(sa.select(SCANS))]


def test_who_sees_a_repository_has_it_scanned_now_and_once(web: Web, client: TestClient) -> None:
    cookie = sign_in(web, client, [SHOP])
    for _turn in range(3):
        answered = client.post(PATH, data={"csrf": _token(web, cookie), "repository": str(SHOP)})
        assert (answered.status_code, answered.headers["location"]) == (303, "/acme/shop#service")
    assert _scans(web) == [("asked", "person")]
    assert isinstance(web.work, Enqueued)
    assert len(web.work.items) == 1


@pytest.mark.parametrize("number", ["8", "", "x", "-7", "7 ", "٧", "9" * 40])
def test_what_a_person_does_not_see_is_not_there(web: Web, client: TestClient, number: str) -> None:
    cookie = sign_in(web, client, [SHOP])
    assert client.post(PATH, data={"csrf": _token(web, cookie), "repository": number}).status_code == 404
    assert _scans(web) == []


def test_another_sites_form_is_refused(web: Web, client: TestClient) -> None:
    sign_in(web, client, [SHOP])
    assert client.post(PATH, data={"csrf": "no token", "repository": str(SHOP)}).status_code == 403
    assert _scans(web) == []


def test_a_stranger_is_refused(web: Web, client: TestClient) -> None:
    assert client.post(PATH, data={"repository": str(SHOP)}).status_code == 403
    assert _scans(web) == []
