"""Acting as a GitHub App: tokens for one repository, renewed in time, never kept."""

from __future__ import annotations

import json

import pytest

from bot.github.auth import App
from bot.github.client import open_repository
from bot.github.errors import ForbiddenError, HostError, NotThereError, SuspendedError
from tests.support.github.standin import GitHubStandIn
from tests.support.github.tokens import key_pair
from tests.support.github_client import FakeClock, Opener, installed_app

MADE = "POST /app/installations/{installation_id}/access_tokens"


def test_its_token_is_for_the_repository_at_hand(opener: Opener, github: GitHubStandIn) -> None:
    github.repository("acme/shop", {"a": "1"})
    github.repository("acme/other", {"a": "1"}, private=True)
    client = opener("acme/shop", installed_app(github, "acme"))
    client.repository()
    (made,) = [exchange for exchange in github.requests if exchange.name == MADE]
    assert json.loads(made.request.body) == {"repositories": ["shop"]}
    assert client.rate().writes == 0
    assert client.login() == "debtscan[bot]"


def test_it_is_renewed_before_it_ends(opener: Opener, github: GitHubStandIn, clock: FakeClock) -> None:
    github.repository("acme/shop", {"a": "1"})
    client = opener("acme/shop", installed_app(github, "acme"))
    for minutes, tokens in ((0, 1), (50, 1), (6, 2), (30, 2), (40, 3)):
        clock.seconds += minutes * 60
        client.repository()
        assert sum(exchange.name == MADE for exchange in github.requests) == tokens


def test_the_installation_is_looked_up_once_an_owner(opener: Opener, github: GitHubStandIn) -> None:
    for name in ("acme/shop", "acme/other", "globex/web"):
        github.repository(name, {"a": "1"})
    session = opener.session(installed_app(github, "acme", "globex"))
    for name in ("acme/shop", "acme/other", "globex/web"):
        assert open_repository(session, name).file("a", "main") == b"1"
    looked_up = [exchange.request.path for exchange in github.requests if exchange.name.endswith("/installation")]
    assert looked_up == ["/repos/acme/shop/installation", "/repos/globex/web/installation"]


def test_where_it_is_not_installed_is_told(opener: Opener, github: GitHubStandIn) -> None:
    github.repository("acme/shop", {"a": "1"})
    with pytest.raises(NotThereError, match="not installed at the repository acme/shop; its owner can install it"):
        opener("acme/shop", installed_app(github, "globex"))


def test_a_repository_that_was_not_chosen_is_told(opener: Opener, github: GitHubStandIn) -> None:
    for name in ("acme/shop", "acme/other"):
        github.repository(name, {"a": "1"})
    made = github.app("debtscan", on=["acme"], repositories=["acme/shop"])
    session = opener.session(App(str(made.id), made.private_key))
    assert open_repository(session, "acme/shop").repository().name == "acme/shop"
    with pytest.raises(HostError, match=r"get a token for other as GitHub App.*not accessible"):
        open_repository(session, "acme/other").repository()


def test_a_suspended_installation_is_told(opener: Opener, github: GitHubStandIn, clock: FakeClock) -> None:
    github.repository("acme/shop", {"a": "1"})
    made = github.app("debtscan", on=["acme"])
    made.installations[0].suspended = clock.moment()
    with pytest.raises(SuspendedError, match="is suspended"):
        opener("acme/shop", App(str(made.id), made.private_key))


def test_a_key_of_another_app_is_told(opener: Opener, github: GitHubStandIn) -> None:
    github.repository("acme/shop", {"a": "1"})
    credentials = installed_app(github, "acme")
    # The stand-in's Apps share a key, so the id is made wrong.
    with pytest.raises(ForbiddenError, match="DEBTSCAN_APP_ID and the private key belong together"):
        opener("acme/shop", App("999999", credentials.key))
    assert credentials.key == key_pair()[0]
