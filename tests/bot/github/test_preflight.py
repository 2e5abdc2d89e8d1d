"""What the credentials may, as GitHub tells it for each kind of them."""

from __future__ import annotations

import pytest

from bot.github.auth import Token
from bot.github.client import open_host
from bot.github.session import read_settings
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import Opener, installed_app
from tests.support.http_server import Reply, serve

NAME = "acme/shop"
WANTED = ("contents", "pull_requests", "workflows", "checks")


def test_a_token_for_everything_misses_nothing(opener: Opener, github: GitHubStandIn) -> None:
    github.repository(NAME, {"a": "1"}, private=True, collaborators={"octobot": "write"})
    assert opener(NAME).missing(WANTED) == ()
    assert not github.writes


def test_what_an_app_was_not_given_is_missing(opener: Opener, github: GitHubStandIn) -> None:
    github.repository(NAME, {"a": "1"})
    client = opener(NAME, installed_app(github, "acme", permissions={"contents": "write", "pull_requests": "read"}))
    assert [entry.permission for entry in client.missing(WANTED)] == ["Pull requests", "Workflows", "Checks"]
    assert not github.writes


def test_a_fine_grained_token_is_tried_by_reading(opener: Opener, github: GitHubStandIn) -> None:
    github.repository(NAME, {"a": "1"}, private=True, collaborators={"octobot": "write"})
    client = opener(NAME, github.token(without=["pull_requests", "checks"]))
    assert [entry.permission for entry in client.missing(WANTED)] == ["Pull requests", "Checks"]
    assert not github.writes
    assert {exchange.request.method for exchange in github.requests} == {"GET"}


def test_who_may_only_read_needs_a_setting_or_a_role(opener: Opener, github: GitHubStandIn) -> None:
    github.repository(NAME, {"a": "1"})
    (found,) = opener(NAME, github.token({"contents": "read"})).missing(["contents"])
    assert "set Contents: Read and write" in found.remedy
    assert "role Write" in found.remedy


def test_an_empty_repository_can_be_asked(opener: Opener, github: GitHubStandIn) -> None:
    github.repository(NAME, collaborators={"octobot": "write"})
    assert opener(NAME).missing(WANTED) == ()


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ("repo, workflow", []),
        ("repo", ["Workflows"]),
        ("", ["Contents", "Pull requests", "Workflows", "Checks"]),
    ],
)
def test_a_classic_token_lists_its_scopes(scopes: str, expected: list[str]) -> None:
    with serve() as script:
        body = b'{"full_name": "acme/shop", "private": true, "default_branch": "main", "permissions": {"push": true}}'
        script.on("/api/v3/repos/acme/shop", Reply(headers={"X-OAuth-Scopes": scopes}, body=body))
        with open_host(NAME, Token("ghp_x"), read_settings({"DEBTSCAN_GITHUB_URL": script.url})) as client:
            assert [entry.permission for entry in client.missing(WANTED)] == expected


def test_the_workflows_own_token_is_known_by_its_login() -> None:
    with serve() as script:
        body = b'{"full_name": "acme/shop", "private": false, "default_branch": "main", "permissions": {}}'
        script.on("/api/v3/repos/acme/shop", Reply(body=body))
        script.on("/api/graphql", Reply(body=b'{"data": {"viewer": {"login": "github-actions[bot]"}}}'))
        for path in ("branches", "pulls", "commits/main/check-runs"):
            script.on(f"/api/v3/repos/acme/shop/{path}?per_page=1", Reply(body=b"{}"))
        with open_host(NAME, Token("ghs_x"), read_settings({"DEBTSCAN_GITHUB_URL": script.url})) as client:
            found = client.missing(WANTED)
        assert [entry.permission for entry in found] == ["Workflows", "An identity other than the workflow's"]
        assert client.login() == "github-actions[bot]"
