from __future__ import annotations

from starlette.testclient import TestClient

from bot.service.web.model import Web
from tests.support.service.counted import queries
from tests.support.service.web import client_of, sign_in


def test_somebody_who_did_not_sign_in_is_welcomed(sample: Web) -> None:
    with client_of(sample) as client:
        answer = client.get("/")
    assert answer.status_code == 200
    assert "Sign in with GitHub" in answer.text
    assert "Acme" not in answer.text


def test_before_a_registration_it_leads_to_the_setup(new: Web) -> None:
    with client_of(new) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup")


def test_it_lists_the_organisations_that_one_sees(ada: TestClient, sample: Web) -> None:
    with queries(sample.services.engine) as asked:
        page = ada.get("/").text
    assert '<a href="/Acme"><bdi>Acme</bdi></a>' in page
    assert ">200</td>" in page
    assert len(asked) <= 5


def test_figures_are_of_what_one_sees(bob: TestClient) -> None:
    page = bob.get("/").text
    assert ">3</td>" in page
    assert ">200</td>" not in page


def test_somebody_who_sees_nothing_is_told_why(sample: Web) -> None:
    with client_of(sample) as client:
        sign_in(sample, client, {1, 2}, login="eve", id=3)
        page = client.get("/").text
    assert "Acme" not in page
    assert "none of the repositories that you can see" in page
