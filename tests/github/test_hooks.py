"""Webhooks: what happens is told, signed, to the Apps that it concerns, and can be told again."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Asker
from tests.support.github.deliveries import headers_of
from tests.support.github.git_store import ABSENT
from tests.support.github.grants import App
from tests.support.github.hooks import post
from tests.support.http_server import Reply, Script, serve

SHOP = "/repos/acme/shop"


@pytest.fixture
def server() -> Iterator[Script]:
    with serve() as script:
        script.on("/hook", Reply(status=202))
        yield script


@pytest.fixture
def shop(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a.txt": "1\n"}, organization=True)


@pytest.fixture
def app(github: GitHubStandIn, shop: HostedRepository, server: Script) -> App:
    made = github.app(on=[shop.name.partition("/")[0]])
    github.hooks.on(made, server.url + "/hook", "key")
    github.hooks.settle()
    server.seen.clear()
    return made


def told(github: GitHubStandIn, server: Script) -> list[tuple[str, str]]:
    """Return event and action of all that arrived since the last time."""
    github.hooks.settle()
    seen, server.seen = server.seen, []
    return [(each.headers["x-github-event"], json.loads(each.body).get("action", "")) for each in seen]


def payloads(github: GitHubStandIn, event: str, action: str = "") -> list[dict[str, Any]]:
    github.hooks.settle()
    return [each.payload for each in github.hooks.of(event, action)]


def test_deliveries_are_signed_and_named(
    github: GitHubStandIn, shop: HostedRepository, app: App, server: Script
) -> None:
    shop.commit({"a.txt": "2\n"})
    github.hooks.settle()
    seen = server.seen[0]
    signature = hmac.new(b"key", seen.body, hashlib.sha256).hexdigest()
    assert seen.headers["x-hub-signature-256"] == f"sha256={signature}"
    assert (seen.headers["x-github-event"], seen.headers["content-type"]) == ("push", "application/json")
    assert seen.headers["x-github-hook-installation-target-id"] == str(app.id)
    assert len({each.headers["x-github-delivery"] for each in server.seen}) == len(server.seen) == 2


def test_a_push_tells_its_commits(github: GitHubStandIn, shop: HostedRepository, app: App) -> None:
    before = shop.head
    after = shop.commit({"a.txt": None, "b.txt": "2\n"}, message="Second")
    (payload,) = payloads(github, "push")
    assert (payload["ref"], payload["before"], payload["after"]) == ("refs/heads/main", before, after)
    assert [each["message"] for each in payload["commits"]] == ["Second"]
    assert (payload["commits"][0]["added"], payload["commits"][0]["removed"]) == (["b.txt"], ["a.txt"])
    assert payload["head_commit"]["id"] == after
    assert payload["repository"]["full_name"] == "acme/shop"
    assert payload["installation"]["id"] == app.installations[0].id
    assert (payload["created"], payload["deleted"], payload["forced"]) == (False, False, False)
    shop.commit({"c.txt": ""}, branch="new")
    shop.point("new", before)
    shop.delete_branch("new")
    flags = [
        (each["created"], each["forced"], each["deleted"])
        for each in payloads(github, "push")
        if each["ref"] == "refs/heads/new"
    ]
    assert flags == [(True, False, False), (False, True, False), (False, False, True)]
    assert payloads(github, "push")[-1]["after"] == ABSENT


@pytest.mark.usefixtures("app")
def test_people_and_apps_make_the_same_things_happen(
    github: GitHubStandIn, shop: HostedRepository, server: Script
) -> None:
    shop.commit({"b.txt": "2\n"}, branch="topic")
    token = Asker(github.api_url, github.token())
    assert told(github, server) == [("push", ""), ("check_suite", "requested")]
    token.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"})
    shop.commit({"b.txt": "3\n"}, branch="topic")
    assert told(github, server) == [
        ("pull_request", "opened"),
        ("push", ""),
        ("check_suite", "requested"),
        ("pull_request", "synchronize"),
    ]
    token.ask("PATCH", SHOP + "/pulls/1", {"title": "T2"})
    token.ask("PATCH", SHOP + "/pulls/1", {"title": "T2"})
    shop.close(1)
    shop.reopen(1)
    shop.comment(1, "@debtscan close")
    shop.merge(1)
    assert told(github, server) == [
        ("pull_request", "edited"),
        ("pull_request", "closed"),
        ("pull_request", "reopened"),
        ("issue_comment", "created"),
        ("pull_request", "closed"),
        ("push", ""),
        ("check_suite", "requested"),
    ]
    assert [each["pull_request"]["merged"] for each in payloads(github, "pull_request", "closed")] == [False, True]
    assert payloads(github, "issue_comment")[0]["issue"]["pull_request"]["url"].endswith("/pulls/1")
    (moved,) = payloads(github, "pull_request", "synchronize")
    assert moved["after"] == moved["pull_request"]["head"]["sha"] != moved["before"]


@pytest.mark.usefixtures("app")
def test_a_ticked_box_is_an_edited_issue(github: GitHubStandIn, shop: HostedRepository, server: Script) -> None:
    token = Asker(github.api_url, github.token())
    token.ask("POST", SHOP + "/issues", {"title": "I", "body": "- [ ] one"})
    shop.edit_issue(1, body="- [x] one", login="grace")
    shop.edit_issue(1, body="- [x] one")
    shop.close_issue(1)
    shop.reopen_issue(1)
    assert told(github, server) == [
        ("issues", "opened"),
        ("issues", "edited"),
        ("issues", "closed"),
        ("issues", "reopened"),
    ]
    (edited,) = payloads(github, "issues", "edited")
    assert edited["changes"] == {"body": {"from": "- [ ] one"}}
    assert (edited["issue"]["body"], edited["sender"]["login"]) == ("- [x] one", "grace")
    assert edited["organization"]["login"] == "acme"


def test_a_re_request_is_told_to_the_apps_own_hook(
    github: GitHubStandIn, shop: HostedRepository, app: App, server: Script
) -> None:
    other = github.app("other", on=["acme"])
    github.hooks.on(other, server.url + "/hook")
    run = shop.check(shop.head, "tests")
    own = Asker(github.api_url, installation_token(github, app))
    made = own.ask("POST", SHOP + "/check-runs", {"name": "debt", "head_sha": shop.head, "conclusion": "success"})
    told(github, server)
    ours = next(each for each in shop.settings.check_runs if each.id == made.body["id"])
    shop.rerequest(run)
    shop.rerequest(ours)
    shop.request_action(ours, "again")
    shop.rerequest_suite(shop.head, app)
    assert told(github, server) == [
        ("check_run", "rerequested"),
        ("check_run", "requested_action"),
        ("check_suite", "rerequested"),
    ]
    assert payloads(github, "check_run", "requested_action")[0]["requested_action"] == {"identifier": "again"}
    assert {each.app.slug for each in github.hooks.of("check_run", "rerequested")} == {"debtscan"}


def installation_token(github: GitHubStandIn, app: App) -> str:
    now = int(github.world.clock().timestamp())
    signed = jwt.encode({"iat": now - 60, "exp": now + 300, "iss": str(app.id)}, app.private_key, "RS256")
    path = f"/app/installations/{app.installations[0].id}/access_tokens"
    return str(Asker(github.api_url, signed).ask("POST", path).body["token"])


def test_what_owners_do_with_an_installation_is_told(github: GitHubStandIn, app: App, server: Script) -> None:
    github.repository("globex/site", {"a": "1"})
    told(github, server)
    installed = github.install(app, "globex", ["globex/site"])
    github.repository("globex/api", {"a": "1"})
    installed.add("globex/api")
    installed.remove("globex/site")
    installed.suspend()
    github.world.repositories["globex/api"].topics = ("x",)
    installed.unsuspend()
    installed.accept({"contents": "read"})
    installed.uninstall()
    assert told(github, server) == [
        ("installation", "created"),
        ("installation_repositories", "added"),
        ("installation_repositories", "removed"),
        ("installation", "suspend"),
        ("installation", "unsuspend"),
        ("installation", "new_permissions_accepted"),
        ("installation", "deleted"),
    ]
    created, accepted, deleted = (
        payloads(github, "installation", action)[-1] for action in ("created", "new_permissions_accepted", "deleted")
    )
    assert [each["full_name"] for each in created["repositories"]] == ["globex/site"]
    assert accepted["installation"]["permissions"] == {"metadata": "read", "contents": "read"}
    assert [each["full_name"] for each in deleted["repositories"]] == ["globex/api"]
    (removed,) = payloads(github, "installation_repositories", "removed")
    assert [each["full_name"] for each in removed["repositories_removed"]] == ["globex/site"]
    assert removed["repository_selection"] == "selected"


@pytest.mark.usefixtures("app")
def test_what_owners_do_with_a_repository_is_told(
    github: GitHubStandIn, shop: HostedRepository, server: Script
) -> None:
    shop.commit({"b": "1"}, branch="trunk")
    told(github, server)
    shop.set_default_branch("trunk")
    shop.set_topics("debtscan")
    shop.hide()
    shop.show()
    shop.archive()
    shop.unarchive()
    shop.rename("acme/store")
    shop.delete()
    assert told(github, server) == [
        ("repository", "edited"),
        ("repository", "edited"),
        ("repository", "privatized"),
        ("repository", "publicized"),
        ("repository", "archived"),
        ("repository", "unarchived"),
        ("repository", "renamed"),
        ("repository", "deleted"),
        ("installation_repositories", "removed"),
    ]
    branch, topics = payloads(github, "repository", "edited")
    assert branch["changes"] == {"default_branch": {"from": "main"}}
    assert branch["repository"]["default_branch"] == "trunk"
    assert (topics["changes"], topics["repository"]["topics"]) == ({"topics": {"from": []}}, ["debtscan"])
    (renamed,) = payloads(github, "repository", "renamed")
    assert renamed["changes"] == {"repository": {"name": {"from": "shop"}}}
    assert renamed["repository"]["full_name"] == "acme/store"


def test_a_transfer_is_told_to_who_gets_it_and_the_loss_to_who_had_it(
    github: GitHubStandIn, shop: HostedRepository, app: App, server: Script
) -> None:
    globex = github.install(app, "globex")
    told(github, server)
    shop.rename("globex/shop")
    assert told(github, server) == [
        ("installation_repositories", "removed"),
        ("installation_repositories", "added"),
        ("repository", "transferred"),
    ]
    (moved,) = payloads(github, "repository", "transferred")
    assert moved["changes"]["owner"]["from"]["organization"]["login"] == "acme"
    assert moved["installation"]["id"] == globex.id
    assert github.hooks.of("installation_repositories", "removed")[0].installation == app.installations[0].id


def test_a_new_repository_comes_to_those_who_have_all(github: GitHubStandIn, app: App, server: Script) -> None:
    github.install(app, "globex", [])
    told(github, server)
    github.repository("globex/site", {"a": "1"})
    assert told(github, server) == []
    github.repository("acme/api", {"a": "1"})
    assert told(github, server) == [
        ("repository", "created"),
        ("installation_repositories", "added"),
        ("push", ""),
        ("check_suite", "requested"),
    ]


def test_who_takes_back_their_consent_is_told(github: GitHubStandIn, app: App, server: Script) -> None:
    github.sign_out(app, "ada")
    assert told(github, server) == [("github_app_authorization", "revoked")]
    (payload,) = payloads(github, "github_app_authorization")
    assert (payload["action"], payload["sender"]["login"]) == ("revoked", "ada")


def test_a_new_hook_is_pinged(github: GitHubStandIn, app: App) -> None:
    (payload,) = payloads(github, "ping")
    assert payload["hook"]["config"]["url"] == app.hook_url
    assert "key" not in json.dumps(payload)


def test_an_app_hears_of_what_it_asked_for_and_was_given(
    github: GitHubStandIn, shop: HostedRepository, app: App, server: Script
) -> None:
    app.events = ("issues",)
    shop.commit({"a.txt": "2\n"})
    app.installations[0].repositories = {"acme/other"}
    app.events = ("push",)
    shop.commit({"a.txt": "3\n"})
    app.installations[0].repositories = None
    github.installed(app, "acme").suspend()
    shop.commit({"a.txt": "4\n"})
    assert told(github, server) == [("installation", "suspend")]


def test_a_failed_delivery_is_kept_and_made_again(
    github: GitHubStandIn, shop: HostedRepository, app: App, server: Script
) -> None:
    app.events = ("push",)
    server.on("/hook", Reply(status=500), Reply(status=202))
    shop.commit({"a.txt": "2\n"})
    github.hooks.settle()
    (failed,) = github.hooks.of("push")
    assert failed.status == 500
    github.hooks.again(failed)
    github.hooks.settle()
    _failed, done = github.hooks.of("push")
    assert (done.guid, done.redelivery, done.status) == (failed.guid, True, 202)
    assert done.id != failed.id
    assert [each.body for each in server.seen] == [failed.body] * 2


def test_nobody_there_is_a_failed_delivery(github: GitHubStandIn, shop: HostedRepository, app: App) -> None:
    app.hook_url, app.events = "http://localhost:1/hook", ("push",)
    shop.commit({"a.txt": "2\n"})
    github.hooks.settle()
    assert [each.status for each in github.hooks.of("push")] == [502]


def test_deliveries_are_forgotten_after_three_days(github: GitHubStandIn, app: App) -> None:
    now = int(github.world.clock().timestamp())
    later = github.world.clock() + timedelta(days=3, minutes=1)
    signed = jwt.encode({"iat": now - 60, "exp": now + 300, "iss": str(app.id)}, app.private_key, "RS256")
    assert len(Asker(github.api_url, signed).get("/app/hook/deliveries").body) == 1
    github.world.clock = lambda: later
    now = int(later.timestamp())
    signed = jwt.encode({"iat": now - 60, "exp": now + 300, "iss": str(app.id)}, app.private_key, "RS256")
    assert Asker(github.api_url, signed).get("/app/hook/deliveries").body == []


def test_a_forged_delivery_can_be_made(app: App, server: Script) -> None:
    headers = headers_of(app, "push", "1", b"{}", secret="other")
    assert post(app.hook_url, b"{}", headers) == 202
    assert server.seen[-1].headers["x-hub-signature-256"] != headers_of(app, "push", "1", b"{}")["x-hub-signature-256"]


def test_nothing_is_told_where_nobody_listens(github: GitHubStandIn, shop: HostedRepository) -> None:
    github.app(on=["acme"])
    shop.commit({"a.txt": "2\n"})
    assert github.world.deliveries == []
