"""Who may do what: by the permissions of a token, the repositories it was made for, the scopes of a classic one."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Asker
from tests.support.github.grants import App

SHOP = "/repos/acme/shop"
WORKFLOW = ".github/workflows/ci.yml"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n", WORKFLOW: "on: push\n"}, private=True, organization=True)
    made.commit({"a.txt": "2\n"}, branch="topic")
    made.protect(contexts=("ci",))
    return made


PULL = {"title": "T", "head": "topic", "base": "main"}
LABEL = {"name": "x"}
BLOB = {"content": "x"}


@pytest.mark.parametrize(
    ("method", "path", "body", "permission"),
    [
        ("GET", "/branches", None, "contents=read"),
        ("POST", "/git/blobs", BLOB, "contents=write"),
        ("POST", "/git/refs", {"ref": "refs/heads/new", "sha": "TIP"}, "contents=write"),
        ("GET", "/pulls", None, "pull_requests=read"),
        ("POST", "/pulls", PULL, "pull_requests=write"),
        ("GET", "/labels", None, "issues=read; pull_requests=read"),
        ("POST", "/labels", LABEL, "issues=write; pull_requests=write"),
        ("GET", "/commits/main/check-runs", None, "checks=read"),
        ("GET", "/commits/main/status", None, "statuses=read"),
        ("GET", "/branches/main/protection", None, "administration=read"),
    ],
)
def test_a_missing_permission_is_refused_and_named(
    github: GitHubStandIn,
    hosted: HostedRepository,
    method: str,
    path: str,
    body: dict[str, str] | None,
    permission: str,
) -> None:
    names = [each.partition("=")[0] for each in permission.split("; ")]
    sent = {key: hosted.head if value == "TIP" else value for key, value in (body or {}).items()} or None
    refused = Asker(github.api_url, github.token(without=names)).ask(method, SHOP + path, sent)
    assert (refused.status, refused.message) == (403, "Resource not accessible by personal access token")
    assert refused.headers["x-accepted-github-permissions"] == permission
    allowed = Asker(github.api_url, github.token(dict([permission.split("; ", maxsplit=1)[0].split("=")]))).ask(
        method, SHOP + path, sent
    )
    assert allowed.status in {200, 201}


def test_reading_is_not_writing(github: GitHubStandIn, hosted: HostedRepository) -> None:
    asker = Asker(github.api_url, github.token({"contents": "read"}))
    assert asker.get(SHOP).body["permissions"] == {
        "admin": False,
        "maintain": False,
        "push": False,
        "triage": False,
        "pull": True,
    }
    assert asker.get(SHOP + "/branches").status == 200
    assert asker.ask("POST", SHOP + "/git/blobs", BLOB).status == 403
    assert len(hosted.branches) == 2


@pytest.mark.parametrize("token", ["", "other repository"])
def test_a_private_repository_is_hidden(github: GitHubStandIn, hosted: HostedRepository, token: str) -> None:
    github.repository("acme/public", {"a": "b"})
    value = github.token(repositories=["acme/public"]) if token else ""
    assert Asker(github.api_url, value).get(f"/repos/{hosted.name}").status == 404


def test_a_public_repository_is_read_by_all_and_written_by_few(github: GitHubStandIn) -> None:
    github.repository("acme/public", {"a": "b"})
    stranger = Asker(github.api_url)
    assert stranger.get("/repos/acme/public/branches").status == 200
    assert stranger.ask("POST", "/repos/acme/public/git/blobs", BLOB).status == 401
    other = Asker(github.api_url, github.token(repositories=["acme/else"]))
    assert other.ask("POST", "/repos/acme/public/git/blobs", BLOB).status == 403


def test_workflows_need_their_own_permission(github: GitHubStandIn, hosted: HostedRepository) -> None:
    asker = Asker(github.api_url, github.token(without=["workflows"]))
    change = [{"path": WORKFLOW, "mode": "100644", "type": "blob", "content": "on: pull_request\n"}]
    tree = asker.ask("POST", SHOP + "/git/trees", {"base_tree": hosted.head, "tree": change})
    assert tree.status == 403
    assert tree.headers["x-accepted-github-permissions"] == "contents=write,workflows=write"
    written = asker.ask("PUT", f"{SHOP}/contents/{WORKFLOW}", {"message": "m", "content": "eA==", "branch": "topic"})
    assert written.status == 403
    # A commit that somebody else wrote becomes a branch only for who may write workflows.
    changed = hosted.commit({WORKFLOW: "on: pull_request\n"}, branch="theirs")
    hosted.delete_branch("theirs")
    ref = {"ref": "refs/heads/new", "sha": changed}
    assert asker.ask("POST", SHOP + "/git/refs", ref).status == 403
    assert Asker(github.api_url, github.token()).ask("POST", SHOP + "/git/refs", ref).status == 201
    # Unchanged workflows on a branch need nothing.
    untouched = asker.ask("POST", SHOP + "/git/refs", {"ref": "refs/heads/plain", "sha": hosted.head})
    assert untouched.status == 201


def test_a_branch_without_workflows_needs_none_unless_it_takes_them_away(
    github: GitHubStandIn, hosted: HostedRepository
) -> None:
    asker = Asker(github.api_url, github.token(without=["workflows"]))
    page = [{"path": "index.html", "mode": "100644", "type": "blob", "content": "x"}]
    tree = asker.ask("POST", SHOP + "/git/trees", {"tree": page}).body["sha"]
    for name, parents, status in (("without", [hosted.head], 403), ("pages", [], 201)):
        made = asker.ask("POST", SHOP + "/git/commits", {"message": "m", "tree": tree, "parents": parents})
        ref = {"ref": f"refs/heads/{name}", "sha": made.body["sha"]}
        assert asker.ask("POST", SHOP + "/git/refs", ref).status == status


def test_a_classic_token_is_told_that_nothing_is_there(github: GitHubStandIn, hosted: HostedRepository) -> None:
    asker = Asker(github.api_url, github.classic_token(["repo"]))
    change = [{"path": WORKFLOW, "mode": "100644", "type": "blob", "content": "x"}]
    refused = asker.ask("POST", SHOP + "/git/trees", {"base_tree": hosted.head, "tree": change})
    assert (refused.status, refused.headers["x-oauth-scopes"]) == (404, "repo")
    full = Asker(github.api_url, github.classic_token())
    assert full.ask("POST", SHOP + "/git/trees", {"base_tree": hosted.head, "tree": change}).status == 201
    assert Asker(github.api_url, github.classic_token(["public_repo"])).get(SHOP).status == 404


@pytest.fixture
def app(github: GitHubStandIn, hosted: HostedRepository) -> App:
    del hosted
    github.repository("acme/else", {"a": "b"}, private=True)
    return github.app(permissions={"contents": "write", "pull_requests": "write"}, on=["acme"])


def signed(app: App, **claims: Any) -> str:  # noqa: ANN401 - any claim
    now = int(time.time())
    return jwt.encode({"iat": now - 60, "exp": now + 300, "iss": str(app.id), **claims}, app.private_key, "RS256")


def test_an_app_gets_a_token_for_some_repositories(github: GitHubStandIn, app: App) -> None:
    asker = Asker(github.api_url, signed(app))
    assert asker.get("/app").body["slug"] == "debtscan"
    found = asker.get(SHOP + "/installation").body
    assert asker.get("/orgs/acme/installation").body["id"] == found["id"]
    path = f"/app/installations/{found['id']}/access_tokens"
    made = asker.ask("POST", path, {"repositories": ["shop"], "permissions": {"contents": "read"}})
    assert made.status == 201
    narrow = Asker(github.api_url, made.body["token"])
    assert [each["full_name"] for each in narrow.get("/installation/repositories").body["repositories"]] == [
        "acme/shop"
    ]
    assert narrow.get("/repos/acme/else").status == 404
    refused = narrow.ask("POST", SHOP + "/git/blobs", BLOB)
    assert (refused.status, refused.message) == (403, "Resource not accessible by integration")
    assert narrow.ask("DELETE", "/installation/token").status == 204
    assert narrow.get(SHOP).status == 401


def test_an_app_gets_no_more_than_it_was_given(github: GitHubStandIn, app: App) -> None:
    asker = Asker(github.api_url, signed(app))
    path = f"/app/installations/{app.installations[0].id}/access_tokens"
    assert asker.ask("POST", path, {"permissions": {"workflows": "write"}}).status == 422
    assert asker.ask("POST", path, {"repositories": ["nowhere"]}).status == 422
    app.installations[0].suspended = datetime(2026, 1, 1, tzinfo=UTC)
    assert asker.ask("POST", path, {}).status == 403


def test_an_installation_token_ends_after_an_hour(github: GitHubStandIn, app: App) -> None:
    path = f"/app/installations/{app.installations[0].id}/access_tokens"
    made = Asker(github.api_url, signed(app)).ask("POST", path).body
    ends = datetime.fromisoformat(made["expires_at"])
    github.world.clock = lambda: ends - timedelta(seconds=1)
    assert Asker(github.api_url, made["token"]).get(SHOP).status == 200
    github.world.clock = lambda: ends + timedelta(seconds=1)
    assert Asker(github.api_url, made["token"]).get(SHOP).status == 401


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"iss": "1"}, "could not be decoded"),
        ({"exp": 1}, "must be a numeric value representing the future time"),
        ({"exp": 2**33}, "too far in the future"),
        ({"iat": 2**33, "exp": 2**33}, "'Issued at' claim"),
    ],
)
def test_a_flawed_signature_of_an_app(
    github: GitHubStandIn, app: App, claims: dict[str, int | str], message: str
) -> None:
    answer = Asker(github.api_url, signed(app, **claims)).get("/app")
    assert (answer.status, message in answer.message) == (401, True)


def test_a_key_that_is_not_the_apps(github: GitHubStandIn, app: App) -> None:
    forged = jwt.encode({"iat": 1, "exp": 2, "iss": str(app.id)}, "secret" * 8, "HS256")
    assert Asker(github.api_url, forged).get("/app").status == 401
    assert Asker(github.api_url, github.token()).get("/app").status == 401
