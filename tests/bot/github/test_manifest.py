"""An App made from a manifest, and its secrets, which are told once."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from analyzers.errors import UsageError
from bot.github.address import PUBLIC, Address
from bot.github.app_client import AppClient
from bot.github.auth import App
from bot.github.errors import LostAnswerError, NotThereError, UnreachableError
from bot.github.manifest import convert, new_app_url
from bot.github.session import Settings
from tests.support.github import pages
from tests.support.github.messages import Response
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, settings_for

CONVERT = "POST /app-manifests/{code}/conversions"
MANIFEST = {
    "name": "Acme debtscan",
    "url": "https://debtscan.example.org",
    "hook_attributes": {"url": "https://debtscan.example.org/webhooks/github"},
    "redirect_url": "https://debtscan.example.org/setup/done",
    "callback_urls": ["https://debtscan.example.org/signed-in"],
    "public": False,
    "default_permissions": {"contents": "write", "metadata": "read"},
    "default_events": ["push", "repository"],
}


@pytest.fixture
def settings(github: GitHubStandIn, clock: FakeClock) -> Settings:
    return settings_for(github, clock)


def registered(address: Address, manifest: object = MANIFEST, organization: str = "") -> str:
    """Let a person make an App; return the code that GitHub sends them back with."""
    url = new_app_url(address, "s t&", organization)
    location = pages.press(url, {"manifest": json.dumps(manifest)})
    assert location.startswith("https://debtscan.example.org/setup/done?")
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["s t&"]
    return query["code"][0]


@pytest.mark.parametrize(("organization", "owner"), [("", "ada"), ("acme", "acme")])
def test_a_code_gives_the_app_and_its_secrets(settings: Settings, organization: str, owner: str) -> None:
    made = convert(settings.address, registered(settings.address, organization=organization), settings)
    assert (made.app.slug, made.app.owner) == ("acme-debtscan", owner)
    assert made.app.permissions == {"contents": "write", "metadata": "read"}
    assert made.app.events == ("push", "repository")
    assert made.client_secret
    assert made.webhook_secret
    with AppClient(App(str(made.app.id), made.private_key), settings) as client:
        assert client.app() == made.app
    with AppClient(App(made.app.client_id, made.private_key), settings) as client:
        assert client.app() == made.app


def test_no_repr_shows_a_secret(settings: Settings) -> None:
    made = convert(settings.address, registered(settings.address), settings)
    for secret in (made.private_key, made.client_secret, made.webhook_secret, "PRIVATE"):
        assert secret not in repr(made)


def test_an_app_without_a_hook_has_no_webhook_secret(settings: Settings) -> None:
    manifest = {name: value for name, value in MANIFEST.items() if name != "hook_attributes"}
    made = convert(settings.address, registered(settings.address, manifest), settings)
    assert made.webhook_secret == ""


def test_a_code_is_good_once_and_for_an_hour(settings: Settings, clock: FakeClock) -> None:
    code = registered(settings.address)
    convert(settings.address, code, settings)
    with pytest.raises(NotThereError, match="used before, or is over an hour old; begin the registration anew"):
        convert(settings.address, code, settings)
    late = registered(settings.address)
    clock.seconds += timedelta(minutes=61).total_seconds()
    with pytest.raises(NotThereError, match="over an hour old"):
        convert(settings.address, late, settings)


@pytest.mark.parametrize("code", ["", "../app", "a/b", "a?b", "x" * 201])
def test_what_is_no_code_is_not_sent(settings: Settings, github: GitHubStandIn, code: str) -> None:
    with pytest.raises(NotThereError, match="begin the registration anew"):
        convert(settings.address, code, settings)
    assert not github.requests


def test_a_lost_answer_is_not_asked_for_again(settings: Settings, github: GitHubStandIn) -> None:
    code = registered(settings.address)
    github.fault(CONVERT, drop=True, after=True)
    with pytest.raises(LostAnswerError, match="secrets was lost; delete the App at"):
        convert(settings.address, code, settings)
    assert sum(each.name == CONVERT for each in github.requests) == 1


@pytest.mark.parametrize("answer", [{}, [], {"pem": 1}, "page"])
def test_strange_answers_are_errors_of_ours(settings: Settings, github: GitHubStandIn, answer: object) -> None:
    github.fault(CONVERT, response=Response(status=201, body=answer))
    with pytest.raises(UnreachableError, match="DEBTSCAN_GITHUB_URL"):
        convert(settings.address, "code", settings)


def test_the_form_goes_to_the_web_address() -> None:
    assert new_app_url(PUBLIC, "a b", "acme") == "https://github.com/organizations/acme/settings/apps/new?state=a+b"
    server = Address("https://github.example.com", "https://github.example.com/api/v3")
    assert new_app_url(server, "x") == "https://github.example.com/settings/apps/new?state=x"
    with pytest.raises(UsageError, match="is no organisation"):
        new_app_url(PUBLIC, "x", "../evil")


def test_a_server_of_ones_own_is_asked_at_its_own_address(server: GitHubStandIn, clock: FakeClock) -> None:
    settings = settings_for(server, clock)
    made = convert(settings.address, registered(settings.address), settings)
    assert made.app.slug == "acme-debtscan"
    assert next(each.request.path for each in server.requests if each.template != "web").startswith("/app-manifests/")
