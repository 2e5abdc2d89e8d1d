"""The one-time setup: from the printed code to an App that is registered, and closed from then on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from bot.github.app_client import AppClient
from bot.service import permissions
from bot.service.setup_code import MOST
from bot.service.web.model import Web
from tests.support.github import GitHubStandIn, pages
from tests.support.service.web import SETUP_CODE, URL, Clock, client_of, make_web

FILLED = {"code": SETUP_CODE, "organization": "acme", "name": "debtscan acme"}


@pytest.fixture
def new(github: GitHubStandIn, tmp_path: Path, clock: Clock) -> Iterator[Web]:
    github.world.account("acme", "Organization")
    made = make_web(tmp_path / "new", clock, github=github.url, is_registered=False)
    yield made
    made.services.engine.dispose()


@pytest.fixture
def client(new: Web) -> Iterator[TestClient]:
    with client_of(new, accept="text/html") as made:
        yield made


def _form(page: str) -> tuple[str, str]:
    """Return where the page's form leads, and the manifest that it holds."""
    action = page.partition('<form method="post" action="')[2].partition('"')[0]
    manifest = page.partition('name="manifest" value="')[2].partition('"')[0]
    return unescape(action), unescape(manifest)


def _back(client: TestClient, **changed: str) -> str:
    """Fill the form and press GitHub's button; return the path that it leads back to."""
    asked = client.post("/setup", data={**FILLED, **changed})
    assert asked.status_code == 200, asked.text
    action, manifest = _form(asked.text)
    location = pages.press(action, {"manifest": manifest})
    assert location.startswith(f"{URL}/setup/registered?")
    return location.removeprefix(URL)


def test_from_the_printed_code_to_an_app_that_works(new: Web, client: TestClient, github: GitHubStandIn) -> None:
    assert github.url in client.get("/setup").text
    end = client.get(_back(client))
    assert (end.status_code, end.headers["location"]) == (303, "/-/setup-done")
    done = client.get("/-/setup-done").text
    assert "Install debtscan-acme" in done
    assert f'href="{github.url}/' in done
    assert "/installations/new" in done
    secrets = new.keyring.now()
    assert secrets
    with AppClient(secrets.app, new.github) as app:
        told = app.app()
    made = next(one for one in github.world.apps.values() if one.slug == "debtscan-acme")
    assert told.owner == "acme"
    assert dict(told.permissions) == permissions.default_permissions()
    assert set(told.events) == set(permissions.default_events())
    assert secrets.webhook == (made.hook_secret,)
    assert (secrets.client_id, secrets.client_secret) == (made.client_id, made.client_secret)
    assert made.hook_url == f"{URL}/webhooks/github"
    assert made.callbacks == (f"{URL}/-/signed-in",)


def test_afterwards_it_is_closed(client: TestClient) -> None:
    path = _back(client)
    client.get(path)
    for answer in (client.get("/setup"), client.post("/setup", data=FILLED), client.get(path)):
        assert answer.status_code != 200
        assert "manifest" not in answer.text
        assert "Setup code" not in answer.text


def test_only_the_browser_that_registered_it_is_told_what_comes_next(new: Web, client: TestClient) -> None:
    client.get(_back(client))
    with client_of(new) as other:
        assert other.get("/-/setup-done").status_code == 404


def test_no_page_and_no_log_shows_a_secret(
    new: Web, client: TestClient, github: GitHubStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = client.post("/setup", data=FILLED).text
    path = _back(client)
    client.get(path)
    shown = asked + client.get("/-/setup-done").text
    told = capsys.readouterr()
    made = next(one for one in github.world.apps.values() if one.slug == "debtscan-acme")
    code = parse_qs(urlsplit(path).query)["code"][0]
    secret = [made.client_secret, made.hook_secret, "PRIVATE KEY", code, SETUP_CODE]
    assert not [one for one in secret if one in shown + told.out + told.err]
    assert "the App is registered" in told.out
    assert SETUP_CODE not in repr(new)


def test_without_the_code_nothing_is_shown_of_what_would_be_made(client: TestClient) -> None:
    for code in ("", "ABCD-EFGH-JKMN-PQRT"):
        refused = client.post("/setup", data={**FILLED, "code": code})
        assert refused.status_code == 422
        assert "not the code that debtscan serve printed" in refused.text
        assert "manifest" not in refused.text
        assert SETUP_CODE not in refused.text
        assert 'value="debtscan acme"' in refused.text, "and what was right is still there"


def test_guessing_is_slow_and_ends(new: Web, clock: Clock) -> None:
    with client_of(new) as client:
        answers = [client.post("/setup", data={"code": str(number)}).status_code for number in range(11)]
        assert answers == [422] * 10 + [429]
        for number in range(MOST - 10):
            clock.go(seconds=10)
            assert client.post("/setup", data={"code": str(number)}).status_code == 422
        clock.go(minutes=10)
        assert client.post("/setup", data=FILLED).status_code == 422
        assert "Too many wrong codes" in client.get("/setup").text


def test_a_service_that_printed_no_code_lets_nobody_in(new: Web) -> None:
    with client_of(replace(new, setup_code="")) as client:
        assert client.post("/setup", data={**FILLED, "code": ""}).status_code == 422


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": ""}, "34 at most"),
        ({"name": "x" * 35}, "34 at most"),
        ({"name": "<script>"}, "34 at most"),
        ({"organization": "acme/shop"}, "as it stands in its address"),
        ({"organization": '"><script>'}, "as it stands in its address"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_beside_its_field(
    client: TestClient, changed: dict[str, str], told: str
) -> None:
    refused = client.post("/setup", data={**FILLED, **changed})
    assert refused.status_code == 422
    assert told in refused.text
    assert "<script>" not in refused.text
    assert SETUP_CODE not in refused.text


def test_the_form_may_be_sent_to_github_and_nowhere_else(client: TestClient, github: GitHubStandIn) -> None:
    page = client.post("/setup", data=FILLED)
    assert f"form-action 'self' {github.url};" in page.headers["content-security-policy"]
    assert "form-action 'self';" in client.get("/setup").headers["content-security-policy"]
    action, manifest = _form(page.text)
    assert action.startswith(f"{github.url}/organizations/acme/settings/apps/new?state=")
    assert json.loads(manifest) == permissions.manifest("debtscan acme", URL)


def test_every_permission_is_shown_with_its_reason_before_the_app_is_made(client: TestClient) -> None:
    page = unescape(client.post("/setup", data=FILLED).text)
    for one in permissions.PERMISSIONS:
        assert all(text in page for text in (one.shown, one.reason, one.withholds))


def test_an_app_of_ones_own_account_needs_no_organisation(client: TestClient, github: GitHubStandIn) -> None:
    client.get(_back(client, organization=""))
    assert next(one for one in github.world.apps.values() if one.slug == "debtscan-acme").owner.login == "ada"


def test_a_registration_that_somebody_else_began_is_refused(new: Web, client: TestClient) -> None:
    """Else a page of an attacker's could give this service an App whose key the attacker has."""
    path = _back(client)
    with client_of(new) as victim:
        assert victim.get(path).status_code == 403
        victim.post("/setup", data=FILLED)
        assert victim.get(path).status_code == 403
    assert new.keyring.now() is None


def test_a_code_that_github_does_not_know_is_told_and_the_setup_stays_open(new: Web, client: TestClient) -> None:
    path = _back(client)
    state = parse_qs(urlsplit(path).query)["state"][0]
    refused = client.get("/setup/registered", params={"code": "made-up", "state": state})
    assert refused.status_code == 502
    assert "The App is not registered here" in refused.text
    assert "begin the registration anew" in refused.text
    assert new.keyring.now() is None
    assert client.get(_back(client, name="debtscan two")).status_code == 303


def test_where_secrets_cannot_be_written_no_app_is_made(new: Web, client: TestClient) -> None:
    folder = new.services.settings.secrets
    for place in folder.iterdir():
        place.unlink()
    folder.rmdir()
    folder.write_text("")
    refused = client.post("/setup", data=FILLED)
    assert refused.status_code == 422
    assert "secrets cannot be written there" in refused.text


def test_an_address_that_github_cannot_reach_is_said_in_time(tmp_path: Path, clock: Clock) -> None:
    for url, warns in (("http://127.0.0.1:8080", True), ("https://debtscan", True), (URL, False)):
        web = make_web(tmp_path / urlsplit(url).netloc, clock, url=url, is_registered=False)
        with client_of(web) as client:
            assert ("GitHub cannot reach" in client.get("/setup").text) is warns
        web.services.engine.dispose()
