"""What GitHub refuses, the stand-in refuses: with its status and its words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Answer, Asker

SHOP = "/repos/acme/shop"
NONE = "1" * 40


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n", "f": "x\n"}, collaborators={"ada": "write"}, teams={"core"})
    made.commit({"a.txt": "2\n"}, branch="topic")
    made.commit({"a.txt": "3\n"}, branch="other")
    made.settings.git.update_ref("refs/heads/same", made.head)
    return made


@pytest.fixture
def asker(github: GitHubStandIn, hosted: HostedRepository) -> Asker:
    del hosted
    return Asker(github.api_url, github.token())


def open_pull(asker: Asker, head: str = "topic") -> Answer:
    return asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": head, "base": "main"})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"head": "gone", "base": "main", "title": "T"}, "Validation Failed"),
        ({"head": "topic", "base": "gone", "title": "T"}, "Validation Failed"),
        ({"head": "mallory:topic", "base": "main", "title": "T"}, "Validation Failed"),
        ({"head": "same", "base": "main", "title": "T"}, "Validation Failed No commits between main and same"),
        ({"head": "topic", "base": "main"}, "Validation Failed"),
        ({"head": "topic", "base": "main", "title": " "}, "Validation Failed"),
        (
            {"head": "topic", "base": "main", "title": "t" * 257},
            "Validation Failed title is too long (maximum is 256 characters)",
        ),
        (
            {"head": "topic", "base": "main", "title": "T", "body": "b" * 65_537},
            "Validation Failed body is too long (maximum is 65536 characters)",
        ),
    ],
)
def test_a_pull_request_that_cannot_be(asker: Asker, body: dict[str, str], message: str) -> None:
    refused = asker.ask("POST", SHOP + "/pulls", body)
    assert (refused.status, refused.message) == (422, message)


def test_the_longest_body_is_taken(asker: Asker) -> None:
    body = {"head": "topic", "base": "main", "title": "T", "body": "b" * 65_536}
    assert asker.ask("POST", SHOP + "/pulls", body).status == 201


def test_a_second_pull_request_of_the_same_branch(asker: Asker) -> None:
    assert open_pull(asker).status == 201
    refused = open_pull(asker)
    assert (refused.status, refused.message) == (
        422,
        "Validation Failed A pull request already exists for acme:topic.",
    )
    assert asker.ask("PATCH", SHOP + "/pulls/1", {"state": "closed"}).status == 200
    assert open_pull(asker).body["number"] == 2


def test_a_pull_request_is_not_opened_again_without_its_branch(asker: Asker, hosted: HostedRepository) -> None:
    open_pull(asker)
    tip = hosted.branches["topic"]
    hosted.delete_branch("topic")
    assert hosted.pull(1).state == "closed"
    gone = asker.ask("PATCH", SHOP + "/pulls/1", {"state": "open"})
    assert (gone.status, "has been deleted" in gone.message) == (422, True)
    hosted.point("topic", hosted.branches["other"])
    forced = asker.ask("PATCH", SHOP + "/pulls/1", {"state": "open"})
    assert (forced.status, "force-pushed" in forced.message) == (422, True)
    hosted.point("topic", tip)
    assert asker.ask("PATCH", SHOP + "/pulls/1", {"state": "open"}).body["state"] == "open"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", "/git/refs", {"ref": "refs/heads/topic", "sha": "TIP"}, 422, "Reference already exists"),
        ("POST", "/git/refs", {"ref": "refs/heads/new", "sha": NONE}, 422, "Object does not exist"),
        ("POST", "/git/refs", {"ref": "refs/heads/new", "sha": "abc"}, 422, "The sha parameter must be exactly"),
        ("POST", "/git/refs", {"ref": "heads/new", "sha": "TIP"}, 422, "Reference name must start with 'refs/'"),
        ("POST", "/git/refs", {"ref": "refs/heads/a..b", "sha": "TIP"}, 422, "is not a valid ref name"),
        ("POST", "/git/refs", {"ref": "refs/heads/-x", "sha": "TIP"}, 201, ""),
        ("POST", "/git/refs", {"ref": "refs/heads/topic/deeper", "sha": "TIP"}, 422, "Reference update failed"),
        ("PATCH", "/git/refs/heads/gone", {"sha": "TIP"}, 422, "Reference does not exist"),
        ("PATCH", "/git/refs/heads/other", {"sha": "TIP"}, 422, "Update is not a fast forward"),
        ("PATCH", "/git/refs/heads/other", {"sha": "TIP", "force": True}, 200, ""),
        ("PATCH", "/git/refs/heads/other", {"sha": NONE, "force": True}, 422, "Object does not exist"),
        ("DELETE", "/git/refs/heads/gone", None, 422, "Reference does not exist"),
        ("DELETE", "/git/refs/heads/main", None, 422, "Cannot delete this branch"),
        ("DELETE", "/git/refs/heads/other", None, 204, ""),
        ("GET", "/git/ref/heads/gone", None, 404, "Not Found"),
        ("GET", "/branches/gone", None, 404, "Branch not found"),
        ("GET", f"/git/commits/{NONE}", None, 404, "Not Found"),
        ("GET", f"/git/blobs/{NONE}", None, 404, "Not Found"),
        ("GET", "/commits/gone", None, 422, "No commit found for SHA: gone"),
        ("GET", "/compare/main...gone", None, 404, "Not Found"),
        ("GET", "/contents/gone.txt", None, 404, "Not Found"),
        ("POST", "/git/commits", {"message": "m", "tree": NONE}, 422, "Tree SHA does not exist"),
        ("POST", "/git/commits", {"message": "m", "tree": "TREE", "parents": [NONE]}, 422, "Parent SHA does not exist"),
        ("POST", "/git/trees", {"tree": []}, 422, "Invalid tree info"),
        ("POST", "/git/trees", {"base_tree": NONE, "tree": [{"path": "x"}]}, 404, "Not Found"),
        ("POST", "/git/blobs", {"content": "%%", "encoding": "base64"}, 422, "not valid Base64"),
        ("GET", "/pulls/9", None, 404, "Not Found"),
        ("GET", "/issues/9", None, 404, "Not Found"),
        ("POST", "/issues/9/comments", {"body": "x"}, 404, "Not Found"),
        ("POST", "/check-runs", {"name": "x", "head_sha": "TIP"}, 403, "You must authenticate via a GitHub App."),
        ("POST", f"/statuses/{NONE}", {"state": "success"}, 422, "No commit found for SHA"),
        ("GET", "/releases/tags/v1", None, 404, "Not Found"),
    ],
)
def test_objects_and_refs(  # noqa: PLR0917 - one row of the table
    asker: Asker, hosted: HostedRepository, method: str, path: str, body: dict[str, str], status: int, message: str
) -> None:
    tip = hosted.branches["topic"]
    known = {"TIP": tip, "TREE": hosted.settings.git.commit(tip).tree}
    sent = {key: known.get(value, value) if isinstance(value, str) else value for key, value in (body or {}).items()}
    answer = asker.ask(method, SHOP + path, sent or None)
    assert (answer.status, message in (answer.message if message else "")) == (status, True)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"path": "../x", "mode": "100644", "type": "blob", "content": ""}, "malformed path"),
        ({"path": ".git/config", "mode": "100644", "type": "blob", "content": ""}, "malformed path"),
        ({"path": "/x", "mode": "100644", "type": "blob", "content": ""}, "malformed path"),
        ({"path": "x", "mode": "100644", "type": "blob", "sha": NONE}, "is not a valid blob"),
        ({"path": "x", "mode": "100644", "type": "blob"}, "Must supply tree.sha or tree.content"),
        ({"path": "gone", "mode": "100644", "type": "blob", "sha": None}, "GitRPC::BadObjectState"),
        ({"path": "a.txt/b", "mode": "100644", "type": "blob", "content": ""}, ""),
    ],
)
def test_tree_entries(asker: Asker, hosted: HostedRepository, entry: dict[str, str], message: str) -> None:
    tree = hosted.settings.git.commit(hosted.head).tree
    answer = asker.ask("POST", SHOP + "/git/trees", {"base_tree": tree, "tree": [entry]})
    assert answer.status == (422 if message else 201)
    assert not message or message in answer.message


def test_more_labels_than_an_issue_can_have(asker: Asker, hosted: HostedRepository) -> None:
    open_pull(asker)
    path = SHOP + "/issues/1/labels"
    assert asker.ask("POST", path, [f"l{number}" for number in range(100)]).status == 200
    assert asker.ask("POST", path, ["one more"]).status == 422
    assert asker.ask("PUT", path, ["l" * 51]).status == 422
    assert len(hosted.pull(1).labels) == 100
    assert "one more" not in hosted.settings.labels


@pytest.mark.parametrize(
    ("logins", "teams", "status"),
    [
        (["ada"], [], 201),
        ([], ["core"], 201),
        (["mallory"], [], 422),
        (["ada"], ["nobody"], 422),
        (["octobot"], [], 422),
    ],
)
def test_reviewers(asker: Asker, hosted: HostedRepository, logins: list[str], teams: list[str], status: int) -> None:
    open_pull(asker)
    wish = {"reviewers": logins, "team_reviewers": teams}
    assert asker.ask("POST", SHOP + "/pulls/1/requested_reviewers", wish).status == status
    assert bool(hosted.pull(1).reviewers or hosted.pull(1).teams) == (status == 201)


def test_merging(asker: Asker, hosted: HostedRepository) -> None:
    open_pull(asker)
    path = SHOP + "/pulls/1/merge"
    moved = asker.ask("PUT", path, {"sha": NONE})
    assert (moved.status, moved.message) == (409, "Head branch was modified. Review and try the merge again.")
    hosted.protect(contexts=("ci",))
    assert asker.ask("PUT", path, {}).message == 'Required status check "ci" is expected.'
    hosted.check(hosted.branches["topic"], "ci")
    hosted.commit({"a.txt": "else\n"})
    conflict = asker.ask("PUT", path, {})
    assert (conflict.status, conflict.message) == (405, "Pull Request is not mergeable")
    assert asker.get(SHOP + "/pulls/1").body["mergeable_state"] == "dirty"
    hosted.settings.allow_squash_merge = False
    assert asker.ask("PUT", path, {"merge_method": "squash"}).status == 405


@pytest.mark.parametrize(
    ("setting", "status", "message"),
    [
        ("archived", 403, "Repository was archived so is read-only."),
        ("disabled", 403, "Repository access blocked"),
    ],
)
def test_a_repository_that_takes_no_writes(
    asker: Asker, hosted: HostedRepository, setting: str, status: int, message: str
) -> None:
    setattr(hosted.settings, setting, True)
    refused = open_pull(asker)
    assert (refused.status, refused.message) == (status, message)
    assert asker.get(SHOP).body[setting] is True


def test_an_empty_repository(github: GitHubStandIn) -> None:
    github.repository("acme/empty")
    asker = Asker(github.api_url, github.token())
    assert asker.get("/repos/acme/empty").body["size"] == 0
    assert asker.get("/repos/acme/empty/branches").body == []
    assert asker.get("/repos/acme/empty/commits").status == 409
    blob = asker.ask("POST", "/repos/acme/empty/git/blobs", {"content": "x"})
    assert (blob.status, blob.message) == (409, "Git Repository is empty.")


def test_a_renamed_repository_redirects(asker: Asker, hosted: HostedRepository) -> None:
    hosted.rename("acme/store")
    moved = asker.get(SHOP + "/branches?per_page=1")
    assert (moved.status, moved.headers["location"].partition("/repos/")[2]) == (301, "acme/store/branches?per_page=1")
    assert open_pull(asker).status == 307
    assert asker.get("/repos/acme/store").body["full_name"] == "acme/store"


@pytest.mark.parametrize(
    ("spoil", "status", "message"),
    [
        (lambda ask: ask.ask("GET", SHOP, headers={"user-agent": ""}), 403, "administrative rules"),
        (
            lambda ask: ask.ask("GET", SHOP, headers={"x-github-api-version": "1999-01-01"}),
            400,
            "not a supported version",
        ),
        (lambda ask: ask.ask("GET", SHOP, headers={"authorization": "Bearer wrong"}), 401, "Bad credentials"),
        (lambda ask: ask.ask("POST", SHOP + "/pulls", b"{"), 400, "Problems parsing JSON"),
        (lambda ask: ask.get("/repos/acme/nowhere"), 404, "Not Found"),
    ],
)
def test_requests_that_are_none(asker: Asker, spoil: Callable[[Asker], Answer], status: int, message: str) -> None:
    answer = spoil(asker)
    assert (answer.status, message in answer.message) == (status, True)


def test_an_expired_token(github: GitHubStandIn, hosted: HostedRepository) -> None:
    token = github.token(expires=datetime(2027, 1, 1, tzinfo=UTC))
    github.world.clock = lambda: datetime(2026, 12, 31, tzinfo=UTC)
    assert Asker(github.api_url, token).get(f"/repos/{hosted.name}").status == 200
    github.world.clock = lambda: datetime(2027, 1, 1, tzinfo=UTC)
    assert Asker(github.api_url, token).get(f"/repos/{hosted.name}").status == 401


def test_what_is_not_stood_in_for_is_no_quiet_404(github: GitHubStandIn, asker: Asker) -> None:
    assert asker.get(SHOP + "/projects").status == 404
    assert github.violations == ["GET /repos/acme/shop/projects is not stood in for"]
    github.violations.clear()
