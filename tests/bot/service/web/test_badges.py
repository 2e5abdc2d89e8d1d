from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from bot.service.web.model import Web
from tests.support.service.web import client_of


@pytest.fixture
def anybody(sample: Web) -> TestClient:
    return client_of(sample)


def test_a_public_repository_shows_its_grade_to_everybody(anybody: TestClient) -> None:
    answer = anybody.get("/badge/acme/Billing-026.svg")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "technical debt: E 24.2" in answer.text
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "max-age=300"


def test_who_has_it_gets_it_not_again(anybody: TestClient) -> None:
    tag = anybody.get("/badge/acme/billing-026.svg").headers["etag"]
    again = anybody.get("/badge/acme/billing-026.svg", headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert anybody.get("/badge/acme/billing-026.svg", headers={"If-None-Match": '"x"'}).status_code == 200


def test_without_a_scorecard_it_says_so(anybody: TestClient) -> None:
    assert "not judged" in anybody.get("/badge/acme/web-frontend-007.svg").text


def test_a_private_repository_shows_it_by_its_key_alone(ada: TestClient, anybody: TestClient) -> None:
    page = ada.get("/acme/web-frontend-012").text
    found = re.search(r'<img src="(/badge/[^"]+\?key=[0-9a-f]{32})"', page)
    assert found
    assert anybody.get(found[1]).status_code == 200
    key = found[1].partition("?key=")[2]
    for wrong in ("", "?key=", f"?key={key[:-1]}", f"?key={key.upper()}x", "?key=%C3%BC", "?key=%00"):
        assert anybody.get(f"/badge/acme/web-frontend-012.svg{wrong}").status_code == 404
    assert (
        anybody.get(f"/badge/acme/a-service-with-a-rather-long-name-for-the-mobile-apps-004.svg?key={key}").status_code
        == 404
    )


def test_a_private_repository_is_like_none(anybody: TestClient) -> None:
    private, unknown = (anybody.get(f"/badge/acme/{name}.svg") for name in ("web-frontend-012", "nothing"))
    assert (private.status_code, unknown.status_code) == (404, 404)
    assert _plain(private.text) == _plain(unknown.text)


def _plain(text: str) -> str:
    return re.sub(r"<code>\w+</code>|next=[^\"]*", "", text)
