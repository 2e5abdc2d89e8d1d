"""What the credentials may, as GitHub tells it for each kind of them."""

from __future__ import annotations

import pytest

from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import Opener, installed_app

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
    ("scopes", "private", "expected"),
    [
        (["repo", "workflow"], True, []),
        (["repo"], True, ["Workflows"]),
        (["public_repo", "workflow"], False, []),
        ([], False, ["Contents", "Pull requests", "Workflows"]),
    ],
)
def test_a_classic_token_lists_its_scopes(
    opener: Opener, github: GitHubStandIn, scopes: list[str], private: bool, expected: list[str]
) -> None:
    github.repository(NAME, {"a": "1"}, private=private, collaborators={"octobot": "write"})
    client = opener(NAME, github.classic_token(scopes))
    assert [entry.permission for entry in client.missing(WANTED)] == expected
    assert not github.writes


def test_the_workflows_own_token_is_known_by_its_login(opener: Opener, github: GitHubStandIn) -> None:
    github.repository(NAME, {"a": "1"}, private=True)
    client = opener(NAME, github.workflow_token(NAME, {"contents": "write", "pull_requests": "write"}))
    assert [entry.permission for entry in client.missing(WANTED)] == [
        "Workflows",
        "Checks",
        "An identity other than the workflow's",
    ]
    assert client.login() == "github-actions[bot]"
    assert not github.writes
