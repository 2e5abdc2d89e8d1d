from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot.service.web.model import Web
from tests.support.service.counted import queries


def test_a_version_leads_to_who_uses_it_and_where(ada: TestClient, sample: Web) -> None:
    with queries(sample.services.engine) as asked:
        page = ada.get("/acme/-/uses?q=Flask").text
    assert "In 80 repositories, 3 versions." in page
    assert page.index("<code>2.0.0</code>") < page.index("<code>3.0.0</code>") < page.index("<code>3.0.1</code>")
    assert "/blob/" in page
    assert "requirements.txt:2" in page
    assert len(asked) <= 5


def test_without_a_query_it_lists_what_most_use(ada: TestClient) -> None:
    page = ada.get("/acme/-/uses").text
    assert "What most repositories use" in page
    assert 'href="/Acme/-/uses?q=actions%2Fcheckout&amp;ecosystem=githubactions"' in page


def test_several_names_are_left_to_choose(ada: TestClient) -> None:
    page = ada.get("/acme/-/uses?q=a").text
    assert "Names that hold “a”" in page
    assert 'id="use"' not in page


def test_a_world_narrows(ada: TestClient) -> None:
    page = ada.get("/acme/-/uses?q=python&ecosystem=docker").text
    assert "Only docker." in page
    assert 'id="use"' in page


def test_only_what_one_sees_counts(bob: TestClient) -> None:
    page = bob.get("/acme/-/uses?q=flask").text
    assert "billing-001" in page
    assert "In 2 repositories" in page or "In 1 repository" in page
    assert "billing-026" not in page


def test_nothing_is_said_in_words(ada: TestClient) -> None:
    assert "Nothing of that name is used" in ada.get("/acme/-/uses?q=nothing-like-that").text


@pytest.mark.parametrize("query", ["%00", "%25%25", "'; DROP TABLE x --", "<script>alert(1)</script>", "%ED%B2%80"])
def test_what_is_asked_for_stays_text(ada: TestClient, query: str) -> None:
    answer = ada.get(f"/acme/-/uses?q={query}&ecosystem={query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_another_organisation_is_not_there(ada: TestClient) -> None:
    assert ada.get("/nobody/-/uses").status_code == 404
