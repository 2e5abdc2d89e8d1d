from __future__ import annotations

import pytest

from bot.github.auth import App
from bot.github.errors import HostError, NotThereError
from bot.github.organisation import explain_skip, repositories, skip_reason
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import Opener, installed_app


@pytest.fixture
def acme(github: GitHubStandIn) -> GitHubStandIn:
    github.repository("acme/Shop", {"a": "1"}, organization=True)
    github.repository("acme/api", {"a": "1"}, private=True)
    github.repository("acme/old", {"a": "1"}, archived=True)
    github.repository("acme/copy", {"a": "1"}, fork=True)
    github.repository("acme/mirror", {"a": "1"}, mirror_url="https://example.com/mirror.git")
    github.repository("acme/off", {"a": "1"}, disabled=True)
    github.repository("acme/nothing")
    return github


EXPECTED = {
    "acme/api": None,
    "acme/copy": "fork",
    "acme/mirror": "mirror",
    "acme/nothing": "empty",
    "acme/off": "disabled",
    "acme/old": "archived",
    "acme/Shop": None,
}


def test_all_are_listed_and_some_left_alone_with_the_reason(opener: Opener, acme: GitHubStandIn) -> None:
    found = repositories(opener.session(acme.token()), "acme")
    assert {listed.name: listed.skip for listed in found} == EXPECTED
    assert [listed.name for listed in found] == list(EXPECTED)
    assert all(bool(listed.why) == (listed.skip is not None) for listed in found)


def test_an_app_sees_those_that_it_is_installed_on(opener: Opener, acme: GitHubStandIn) -> None:
    found = repositories(opener.session(installed_app(acme, "acme")), "acme")
    assert {listed.name: listed.skip for listed in found} == EXPECTED
    made = acme.app("other", on=["acme"], repositories=["acme/api"])
    chosen = repositories(opener.session(App(str(made.id), made.private_key)), "acme")
    assert [listed.name for listed in chosen] == ["acme/api"]


def test_the_list_has_pages(opener: Opener, github: GitHubStandIn) -> None:
    github.repository("acme/r0", {"a": "1"}, organization=True)
    for number in range(1, 105):
        github.repository(f"acme/r{number}", archived=True)
    found = repositories(opener.session(), "acme")
    assert len(found) == 105
    assert sum(exchange.name == "GET /orgs/{org}/repos" for exchange in github.requests) == 2


def test_a_user_has_repositories_as_well(opener: Opener, github: GitHubStandIn) -> None:
    github.repository("ada/site", {"a": "1"})
    assert [listed.name for listed in repositories(opener.session(), "ada")] == ["ada/site"]


def test_an_organisation_that_is_not_there(opener: Opener, github: GitHubStandIn) -> None:
    with pytest.raises(NotThereError, match="list the repositories of none"):
        repositories(opener.session(github.token()), "none")


@pytest.mark.parametrize("owner", ["../x", "a b", "", "a/b"])
def test_what_is_no_name_is_not_asked(opener: Opener, github: GitHubStandIn, owner: str) -> None:
    with pytest.raises(Exception, match="is no organisation"):
        repositories(opener.session(), owner)
    assert not github.requests


def test_a_fork_that_somebody_names_is_meant(opener: Opener, acme: GitHubStandIn) -> None:
    token = acme.token()
    found = {name: skip_reason(opener(name, token).repository()) for name in EXPECTED}
    assert found == {**EXPECTED, "acme/copy": None}
    assert explain_skip("archived") == "it is archived, so it can only be read"


def test_a_failure_on_the_way_is_no_short_list(opener: Opener, acme: GitHubStandIn) -> None:
    acme.fault("GET", status=500, times=0)
    with pytest.raises(HostError):
        repositories(opener.session(), "acme")
