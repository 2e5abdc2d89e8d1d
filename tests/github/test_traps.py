"""What GitHub really does, and a bot has to be ready for."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Asker

SHOP = "/repos/acme/shop"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n", "b/c": "", "b/d": ""})
    made.commit({"a.txt": "2\n"}, branch="topic")
    return made


@pytest.fixture
def asker(github: GitHubStandIn, hosted: HostedRepository) -> Asker:
    del hosted
    return Asker(github.api_url, github.token())


def test_a_branch_of_a_fork_may_be_called_as_one_of_ours(asker: Asker, hosted: HostedRepository) -> None:
    hosted.pull_from_fork("mallory", "topic", {"a.txt": "evil\n"}, body="a forged marker")
    shown = asker.get(SHOP + "/pulls/1").body
    assert (shown["head"]["ref"], shown["head"]["label"]) == ("topic", "mallory:topic")
    assert shown["head"]["repo"]["full_name"] == "mallory/shop"
    assert shown["base"]["repo"]["full_name"] == "acme/shop"
    assert asker.get(SHOP + "/pulls?head=acme:topic").body == []
    assert len(asker.get(SHOP + "/pulls?head=mallory:topic").body) == 1
    own = asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"})
    assert own.body["number"] == 2
    hosted.delete_branch("topic")
    assert [pull.state for pull in hosted.pulls] == ["open", "closed"]
    hosted.merge(1)
    assert hosted.file("a.txt") == b"evil\n"


def test_drafts_are_not_had_everywhere(asker: Asker, hosted: HostedRepository) -> None:
    hosted.settings.allow_drafts = False
    wish = {"title": "T", "head": "topic", "base": "main"}
    refused = asker.ask("POST", SHOP + "/pulls", {**wish, "draft": True})
    assert (refused.status, refused.message) == (422, "Draft pull requests are not supported in this repository.")
    assert asker.ask("POST", SHOP + "/pulls", wish).status == 201


def test_a_rule_may_restrict_the_names_of_branches(asker: Asker, hosted: HostedRepository) -> None:
    hosted.settings.restricted = ("debtscan/*",)
    refused = asker.ask("POST", SHOP + "/git/refs", {"ref": "refs/heads/debtscan/a", "sha": hosted.head})
    assert (refused.status, "Repository rule violations found" in refused.message) == (422, True)
    assert asker.ask("POST", SHOP + "/git/refs", {"ref": "refs/heads/a", "sha": hosted.head}).status == 201


def test_a_large_tree_is_cut_short(asker: Asker, hosted: HostedRepository) -> None:
    hosted.settings.largest_tree = 2
    whole = asker.get(f"{SHOP}/git/trees/{hosted.head}?recursive=1").body
    assert (whole["truncated"], [each["path"] for each in whole["tree"]]) == (True, ["a.txt", "b"])
    assert not asker.get(f"{SHOP}/git/trees/main").body["truncated"]


def test_an_answer_breaks_off(github: GitHubStandIn, asker: Asker) -> None:
    github.fault("GET", cut=True, after=True)
    with pytest.raises(http.client.IncompleteRead):
        asker.get(SHOP)
    assert asker.get(SHOP).status == 200


def test_a_branch_without_commits_of_its_own_closes_its_pull_request(asker: Asker, hosted: HostedRepository) -> None:
    asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"})
    asker.ask("PATCH", SHOP + "/git/refs/heads/topic", {"sha": hosted.head, "force": True})
    assert (hosted.pull(1).state, hosted.pull(1).merged) == ("closed", None)


def test_what_happens_to_a_merged_branch(asker: Asker, hosted: HostedRepository) -> None:
    hosted.settings.delete_branch_on_merge = True
    asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"})
    hosted.merge(1, method="squash")
    assert list(hosted.branches) == ["main"]
    assert asker.ask("PATCH", SHOP + "/issues/1", {"state": "open"}).status == 422
    assert asker.get(SHOP + "/git/ref/pull/1/head").body["object"]["sha"] == hosted.pull(1).head


def test_a_strict_base_asks_for_its_newest_commit(asker: Asker, hosted: HostedRepository) -> None:
    hosted.protect(contexts=("ci",), strict=True)
    asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"})
    hosted.check(hosted.branches["topic"], "ci")
    assert asker.get(SHOP + "/pulls/1").body["mergeable_state"] == "clean"
    hosted.commit({"other": ""})
    assert asker.get(SHOP + "/pulls/1").body["mergeable_state"] == "behind"
    refused = asker.ask("PUT", SHOP + "/pulls/1/merge", {})
    assert (refused.status, refused.message) == (405, "The head branch is not up to date with the base branch.")


def test_of_two_at_once_one_opens_the_pull_request(github: GitHubStandIn, asker: Asker) -> None:
    def opened(_number: int) -> int:
        return asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"}).status

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(opened, range(4))) == [201, 422, 422, 422]
    assert len(github.writes) == 1
