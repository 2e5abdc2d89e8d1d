"""The mutations that GitHub's REST API lacks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Answer, Asker

MUTATION = "mutation M($input: {0}Input!) {{ {1}(input: $input) {{ clientMutationId pullRequest {{ {2} }} }} }}"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n"})
    made.commit({"a.txt": "2\n"}, branch="topic")
    asker = Asker(github.api_url, github.token())
    assert asker.ask("POST", "/repos/acme/shop/pulls", {"title": "T", "head": "topic", "base": "main"}).status == 201
    return made


def mutate(
    github: GitHubStandIn,
    name: str,
    token: str,
    *,
    fields: str = "isDraft",
    **given: Any,  # noqa: ANN401 - any input
) -> Answer:
    pull = Asker(github.api_url, github.token()).get("/repos/acme/shop/pulls/1").body
    query = MUTATION.format(name[0].upper() + name[1:], name, fields)
    body = {"query": query, "variables": {"input": {"pullRequestId": pull["node_id"], **given}}}
    return Asker(github.api_url, token).ask("POST", "/graphql", body)


def test_a_draft_and_back(github: GitHubStandIn, hosted: HostedRepository) -> None:
    made = mutate(github, "convertPullRequestToDraft", github.token(), clientMutationId="7")
    assert made.body == {
        "data": {"convertPullRequestToDraft": {"clientMutationId": "7", "pullRequest": {"isDraft": True}}}
    }
    assert hosted.pull(1).draft
    mutate(github, "markPullRequestReadyForReview", github.token())
    assert not hosted.pull(1).draft


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        ("", "Pull request Protected branch rules not configured for this branch"),
        ("protect", ""),
        ("forbid", "Pull request Auto merge is not allowed for this repository"),
        ("ready", "Pull request Pull request is in clean status"),
        ("method", "Pull request The merge method is not allowed on this repository"),
    ],
)
def test_auto_merge(github: GitHubStandIn, hosted: HostedRepository, prepare: str, message: str) -> None:
    if prepare:
        hosted.protect(contexts=("ci",))
    hosted.settings.allow_auto_merge = prepare != "forbid"
    hosted.settings.allow_squash_merge = prepare != "method"
    if prepare == "ready":
        hosted.check(hosted.branches["topic"], "ci")
    writes = len(github.writes)
    answer = mutate(github, "enablePullRequestAutoMerge", github.token(), mergeMethod="SQUASH")
    assert [each["message"] for each in answer.body.get("errors", ())] == ([message] if message else [])
    assert (hosted.pull(1).auto_merge is None) == bool(message)
    assert len(github.writes) - writes == (0 if message else 1)


def test_permissions_count_here_too(github: GitHubStandIn, hosted: HostedRepository) -> None:
    answer = mutate(github, "convertPullRequestToDraft", github.token(without=["pull_requests"]))
    assert answer.body["errors"][0]["type"] == "FORBIDDEN"
    assert not hosted.pull(1).draft
    assert mutate(github, "convertPullRequestToDraft", "").status == 401


@pytest.mark.parametrize(
    ("name", "fields", "given", "flaw"),
    [
        ("mergePullRequest", "isDraft", {}, "unknown mutation 'mergePullRequest'"),
        ("convertPullRequestToDraft", "colour", {}, "unknown fields ['colour']"),
        ("convertPullRequestToDraft", "isDraft", {"why": ""}, "convertPullRequestToDraft takes no ['why']"),
        ("enablePullRequestAutoMerge", "isDraft", {"mergeMethod": "OCTOPUS"}, "'OCTOPUS' is no merge method"),
    ],
)
def test_what_is_not_in_the_tables_is_a_violation(
    github: GitHubStandIn, hosted: HostedRepository, name: str, fields: str, given: dict[str, str], flaw: str
) -> None:
    assert mutate(github, name, github.token(), fields=fields, **given).status == 400
    assert github.violations == [f"POST /graphql: {flaw}"]
    assert not hosted.pull(1).draft
    github.violations.clear()


def update_refs(github: GitHubStandIn, token: str, *updates: dict[str, Any]) -> Answer:
    repository = Asker(github.api_url, github.token()).get("/repos/acme/shop").body
    body = {
        "query": "mutation M($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }",
        "variables": {"input": {"repositoryId": repository["node_id"], "refUpdates": list(updates)}},
    }
    return Asker(github.api_url, token).ask("POST", "/graphql", body)


def test_a_branch_moves_only_from_where_it_was_seen(github: GitHubStandIn, hosted: HostedRepository) -> None:
    before, after = hosted.branches["topic"], hosted.commit({"a.txt": "3\n"}, branch="other")
    move = {"name": "refs/heads/topic", "beforeOid": before, "afterOid": after, "force": True}
    assert update_refs(github, github.token(), move).body == {"data": {"updateRefs": {"clientMutationId": None}}}
    assert hosted.branches["topic"] == after
    stale = update_refs(github, github.token(), move)
    assert stale.body["errors"][0]["type"] == "UNPROCESSABLE"
    back = {**move, "beforeOid": after, "afterOid": before}
    denied = update_refs(github, github.token(without=["contents"]), back)
    assert denied.body["errors"][0]["type"] == "FORBIDDEN"
    assert hosted.branches["topic"] == after


def test_who_asks_is_told(github: GitHubStandIn) -> None:
    asker = Asker(github.api_url, github.token(login="ada"))
    answer = asker.ask("POST", "/graphql", {"query": "query { viewer { login } }"})
    assert answer.body == {"data": {"viewer": {"login": "ada"}}}
    assert github.writes == []
