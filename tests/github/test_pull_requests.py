"""From a blob to a merged pull request, as PyGithub asks for it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from github import Auth, Github, GithubIntegration, InputGitTreeElement
from github.Commit import Commit
from github.Repository import Repository

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Asker

FILES = {"a.txt": "1\n", "d/b.txt": "2\n", ".github/workflows/ci.yml": "on: push\n"}


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    return github.repository(
        "acme/shop", FILES, private=True, organization=True, collaborators={"ada": "write"}, teams={"core"}
    )


@pytest.fixture
def shop(github: GitHubStandIn, hosted: HostedRepository) -> Repository:
    return connect(github, github.token()).get_repo(hosted.name)


def connect(github: GitHubStandIn, token: str) -> Github:
    return Github(
        auth=Auth.Token(token),
        base_url=github.api_url,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )


def branch_off(shop: Repository, branch: str = "debtscan/a") -> Commit:
    """Change a file, delete one, add one; on a new branch."""
    tip = shop.get_branch(shop.default_branch).commit
    blob = shop.create_git_blob(base64.b64encode(b"9\n").decode(), "base64")
    entries = [
        InputGitTreeElement("a.txt", "100644", "blob", sha=blob.sha),
        InputGitTreeElement("d/b.txt", "100644", "blob", sha=None),
        InputGitTreeElement("n/x y.txt", "100644", "blob", content="é"),
    ]
    tree = shop.create_git_tree(entries, base_tree=shop.get_git_tree(tip.sha))
    commit = shop.create_git_commit("Raise a\n\nWhy.", tree, [shop.get_git_commit(tip.sha)])
    shop.create_git_ref(f"refs/heads/{branch}", commit.sha)
    return shop.get_commit(commit.sha)


def test_git_data_becomes_real_git(shop: Repository, hosted: HostedRepository) -> None:
    commit = branch_off(shop)
    assert hosted.files("debtscan/a") == {
        "a.txt": b"9\n",
        "n/x y.txt": "é".encode(),
        ".github/workflows/ci.yml": b"on: push\n",
    }
    assert commit.commit.message == "Raise a\n\nWhy."
    assert [each.filename for each in commit.files] == ["a.txt", "d/b.txt", "n/x y.txt"]


def test_a_pull_request_with_all_that_goes_with_it(
    github: GitHubStandIn, shop: Repository, hosted: HostedRepository
) -> None:
    branch_off(shop)
    pull = shop.create_pull(base="main", head="debtscan/a", title="T", body="B", draft=True)
    assert (pull.number, pull.mergeable, pull.mergeable_state) == (1, True, "draft")
    pull.add_to_labels("dependencies", "python")
    pull.add_to_assignees("ada", "nobody")
    pull.create_review_request(reviewers=["ada"], team_reviewers=["core"])
    pull.create_issue_comment("hello")
    pull.mark_ready_for_review()
    pull.edit(title="T2", body="C")

    seen = hosted.pull(1)
    assert (seen.title, seen.body, seen.draft) == ("T2", "C", False)
    assert (seen.labels, seen.assignees) == (["dependencies", "python"], ["ada"])
    assert (seen.reviewers, seen.teams) == (["ada"], ["core"])
    assert [comment.body for comment in pull.get_issue_comments()] == ["hello"]
    assert [exchange.name for exchange in github.writes][3:5] == [
        "POST /repos/{owner}/{repo}/git/refs",
        "POST /repos/{owner}/{repo}/pulls",
    ]
    assert len(github.writes) == 11


def test_it_merges_by_itself_once_the_required_check_passed(shop: Repository, hosted: HostedRepository) -> None:
    hosted.protect(contexts=("tests",))
    commit = branch_off(shop)
    pull = shop.create_pull(base="main", head="debtscan/a", title="T")
    pull.enable_automerge(merge_method="SQUASH")
    hosted.check(commit.sha, "tests", None)
    assert not shop.get_pull(1).merged
    hosted.check(commit.sha, "tests")
    merged = shop.get_pull(1)
    assert (merged.merged, merged.state, merged.merged_by.login) == (True, "closed", "octobot")
    assert hosted.file("a.txt") == b"9\n"


def test_an_app_writes_signed_commits_as_its_bot(github: GitHubStandIn, hosted: HostedRepository) -> None:
    app = github.app(on=["acme"])
    integration = GithubIntegration(auth=Auth.AppAuth(app.id, app.private_key), base_url=github.api_url)
    installed = integration.get_repo_installation("acme", "shop").get_github_for_installation()
    shop = installed.get_repo(hosted.name)
    commit = branch_off(shop)
    assert commit.raw_data["commit"]["verification"]["verified"]
    assert (commit.author.login, commit.committer.login) == ("debtscan[bot]", "web-flow")
    pull = shop.create_pull(base="main", head="debtscan/a", title="T")
    assert (pull.user.login, pull.user.type) == ("debtscan[bot]", "Bot")


def test_a_private_repository_is_cloned_with_its_token(
    github: GitHubStandIn, hosted: HostedRepository, tmp_path: Path
) -> None:
    import git

    address = hosted.clone_url.replace("://", f"://x-access-token:{github.token()}@")
    git.Repo.clone_from(address, tmp_path / "clone")
    assert (tmp_path / "clone/a.txt").read_text() == "1\n"
    assert {exchange.template for exchange in github.requests} == {"git"}
    assert github.writes == []


@pytest.mark.parametrize(
    ("token", "service", "status"),
    [
        ("", "git-upload-pack", 401),
        ("wrong", "git-upload-pack", 401),
        ("elsewhere", "git-upload-pack", 404),
        ("blind", "git-upload-pack", 404),
        ("good", "git-upload-pack", 200),
        ("good", "git-receive-pack", 403),
    ],
)
def test_who_may_clone(github: GitHubStandIn, hosted: HostedRepository, token: str, service: str, status: int) -> None:
    tokens = {
        "elsewhere": github.token(repositories=["acme/else"]),
        "blind": github.token(without=["contents"]),
        "good": github.token(),
    }
    asker = Asker(github.url, tokens.get(token, token))
    assert asker.get(f"/{hosted.name}.git/info/refs?service={service}").status == status
