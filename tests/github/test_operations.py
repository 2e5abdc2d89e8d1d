"""Every operation that is stood in for, answered once as it should be: in one story, so that each finds its objects."""

from __future__ import annotations

import base64
import gzip
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from tests.support.github import GitHubStandIn, HostedRepository, pages
from tests.support.github.asking import Asker
from tests.support.github.grants import App
from tests.support.github.routing import ROUTES, find_route

SHOP = "/repos/acme/shop"
FULL = "/repos/{owner}/{repo}"

# Method, path, body, status. Words in capitals are values of the story: see `known`.
_RUN = {
    "tool": {"driver": {"name": "debtscan", "version": "1.2.3", "rules": []}},
    "automationDetails": {"id": "debtscan/"},
    "results": [],
}
SARIF = base64.b64encode(gzip.compress(json.dumps({"version": "2.1.0", "runs": [_RUN]}).encode())).decode()
STORY: tuple[tuple[str, str, Any, int], ...] = (
    ("GET", "/user", None, 200),
    ("GET", "/user/repos", None, 200),
    ("GET", "/users/ada", None, 200),
    ("GET", "/users/acme/repos", None, 200),
    ("GET", "/orgs/acme", None, 200),
    ("GET", "/orgs/acme/repos?type=all", None, 200),
    ("GET", "/rate_limit", None, 200),
    ("GET", SHOP, None, 200),
    ("GET", SHOP + "/branches?protected=true", None, 200),
    ("GET", SHOP + "/branches/main", None, 200),
    ("GET", SHOP + "/branches/main/protection", None, 200),
    ("GET", SHOP + "/branches/main/protection/required_status_checks", None, 200),
    ("GET", SHOP + "/rules/branches/main", None, 200),
    ("GET", SHOP + "/collaborators/ada/permission", None, 200),
    ("GET", SHOP + "/assignees/ada", None, 204),
    ("GET", SHOP + "/commits", None, 200),
    ("GET", SHOP + "/commits/main", None, 200),
    ("GET", SHOP + "/compare/main...topic", None, 200),
    ("GET", SHOP + "/tags", None, 200),
    ("GET", SHOP + "/releases", None, 200),
    ("GET", SHOP + "/releases/latest", None, 200),
    ("GET", SHOP + "/releases/tags/v1", None, 200),
    ("GET", SHOP + "/contents/a.txt", None, 200),
    ("PUT", SHOP + "/contents/new.txt", {"message": "m", "content": "eA==", "branch": "topic"}, 201),
    ("DELETE", SHOP + "/contents/a.txt", {"message": "m", "sha": "BLOB", "branch": "topic"}, 200),
    ("POST", SHOP + "/git/blobs", {"content": "x", "encoding": "utf-8"}, 201),
    ("GET", SHOP + "/git/blobs/BLOB", None, 200),
    (
        "POST",
        SHOP + "/git/trees",
        {"base_tree": "TREE", "tree": [{"path": "a.txt", "mode": "100755", "sha": "BLOB"}]},
        201,
    ),
    ("GET", SHOP + "/git/trees/TREE?recursive=1", None, 200),
    ("POST", SHOP + "/git/commits", {"message": "m", "tree": "TREE", "parents": ["HEAD"]}, 201),
    ("GET", SHOP + "/git/commits/HEAD", None, 200),
    ("POST", SHOP + "/git/refs", {"ref": "refs/heads/extra", "sha": "HEAD"}, 201),
    ("GET", SHOP + "/git/ref/heads/extra", None, 200),
    ("GET", SHOP + "/git/matching-refs/heads/ex", None, 200),
    ("PATCH", SHOP + "/git/refs/heads/extra", {"sha": "TIP", "force": True}, 200),
    ("DELETE", SHOP + "/git/refs/heads/extra", None, 204),
    ("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main", "body": "B"}, 201),
    ("GET", SHOP + "/pulls", None, 200),
    ("GET", SHOP + "/pulls/1", None, 200),
    ("PATCH", SHOP + "/pulls/1", {"title": "T2", "base": "main"}, 200),
    ("GET", SHOP + "/pulls/1/commits", None, 200),
    ("GET", SHOP + "/pulls/1/files", None, 200),
    ("GET", SHOP + "/pulls/1/reviews", None, 200),
    ("GET", SHOP + "/commits/TIP/pulls", None, 200),
    ("POST", SHOP + "/pulls/1/requested_reviewers", {"reviewers": ["ada"], "team_reviewers": ["core"]}, 201),
    ("GET", SHOP + "/pulls/1/requested_reviewers", None, 200),
    ("DELETE", SHOP + "/pulls/1/requested_reviewers", {"reviewers": ["ada"]}, 200),
    ("POST", SHOP + "/issues", {"title": "I", "body": "B", "labels": ["x"], "assignees": ["ada"]}, 201),
    ("GET", SHOP + "/issues?creator=octobot&state=open&direction=asc", None, 200),
    ("GET", SHOP + "/issues/2", None, 200),
    ("PATCH", SHOP + "/issues/2", {"state": "closed", "labels": ["y"], "assignees": []}, 200),
    ("PATCH", SHOP + "/issues/2", {"state": "open", "title": "J"}, 200),
    ("GET", SHOP + "/issues/2/events", None, 200),
    ("POST", SHOP + "/issues/2/labels", {"labels": ["z"]}, 200),
    ("PUT", SHOP + "/issues/2/labels", ["z", "y"], 200),
    ("GET", SHOP + "/issues/2/labels", None, 200),
    ("DELETE", SHOP + "/issues/2/labels/z", None, 200),
    ("POST", SHOP + "/labels", {"name": "new one", "color": "ff0000", "description": "D"}, 201),
    ("GET", SHOP + "/labels", None, 200),
    ("GET", SHOP + "/labels/new%20one", None, 200),
    ("DELETE", SHOP + "/labels/new%20one", None, 204),
    ("POST", SHOP + "/issues/2/assignees", {"assignees": ["ada"]}, 201),
    ("DELETE", SHOP + "/issues/2/assignees", {"assignees": ["ada"]}, 200),
    ("POST", SHOP + "/issues/2/reactions", {"content": "heart"}, 201),
    ("GET", SHOP + "/issues/2/reactions", None, 200),
    ("POST", SHOP + "/issues/2/comments", {"body": "hello"}, 201),
    ("GET", SHOP + "/issues/2/comments", None, 200),
    ("GET", SHOP + "/issues/comments/COMMENT", None, 200),
    ("PATCH", SHOP + "/issues/comments/COMMENT", {"body": "again"}, 200),
    ("POST", SHOP + "/issues/comments/COMMENT/reactions", {"content": "rocket"}, 201),
    ("GET", SHOP + "/issues/comments/COMMENT/reactions", None, 200),
    ("DELETE", SHOP + "/issues/comments/COMMENT", None, 204),
    ("POST", SHOP + "/statuses/TIP", {"state": "success", "context": "ci", "target_url": "https://example.org"}, 201),
    ("GET", SHOP + "/commits/TIP/status", None, 200),
    ("GET", SHOP + "/commits/TIP/statuses", None, 200),
    ("GET", SHOP + "/commits/TIP/check-runs", None, 200),
    ("GET", SHOP + "/commits/TIP/check-suites", None, 200),
    ("GET", SHOP + "/check-runs/RUN", None, 200),
    ("POST", SHOP + "/code-scanning/sarifs", {"commit_sha": "TIP", "ref": "refs/heads/topic", "sarif": SARIF}, 202),
    ("GET", SHOP + "/code-scanning/analyses?ref=refs/heads/topic&tool_name=debtscan", None, 200),
    ("PUT", SHOP + "/pulls/1/merge", {"merge_method": "squash", "commit_title": "C", "sha": "TIP"}, 200),
    ("GET", SHOP + "/pulls/1/merge", None, 204),
)
OF_THE_APP: tuple[tuple[str, str, Any, int], ...] = (
    ("GET", "/app", None, 200),
    ("GET", "/app/installations", None, 200),
    ("GET", "/app/installations/INSTALLATION", None, 200),
    ("GET", SHOP + "/installation", None, 200),
    ("GET", "/orgs/acme/installation", None, 200),
    ("GET", "/users/acme/installation", None, 200),
    ("POST", "/app/installations/INSTALLATION/access_tokens", {"repositories": ["shop"]}, 201),
)
OF_THE_HOOK: tuple[tuple[str, str, Any, int], ...] = (
    ("GET", "/app/hook/config", None, 200),
    ("PATCH", "/app/hook/config", {"url": "HOOK", "secret": "s", "content_type": "json"}, 200),
    ("GET", "/app/hook/deliveries?per_page=10", None, 200),
    ("GET", "/app/hook/deliveries/DELIVERY", None, 200),
    ("POST", "/app/hook/deliveries/DELIVERY/attempts", None, 202),
)
OF_A_PERSON: tuple[tuple[str, str, Any, int], ...] = (
    ("GET", "/user/installations", None, 200),
    ("GET", "/user/installations/INSTALLATION/repositories", None, 200),
)
OF_NOBODY: tuple[tuple[str, str, Any, int], ...] = (("POST", "/app-manifests/REGISTERED/conversions", None, 201),)
OF_THE_INSTALLATION: tuple[tuple[str, str, Any, int], ...] = (
    ("GET", "/installation/repositories", None, 200),
    ("POST", SHOP + "/check-runs", {"name": "debt", "head_sha": "HEAD"}, 201),
    (
        "PATCH",
        SHOP + "/check-runs/OWN",
        {
            "name": "debt",
            "status": "completed",
            "conclusion": "success",
            "started_at": "2026-01-05T12:00:00Z",
            "completed_at": "2026-01-05T12:01:00Z",
            "output": {"title": "T", "summary": "S", "text": "X"},
        },
        200,
    ),
    ("POST", SHOP + "/check-runs/OWN/rerequest", None, 201),
    ("DELETE", "/installation/token", None, 204),
)


@dataclass
class Story:
    """Fills in the words in capitals, and keeps what came of each step."""

    hosted: HostedRepository
    answers: dict[str, Any]

    def tell(self, asker: Asker, steps: tuple[tuple[str, str, Any, int], ...]) -> None:
        for method, path, body, status in steps:
            answer = asker.ask(method, self._filled(path), self._filled(body))
            assert (method, path, answer.status) == (method, path, status), answer.body
            found = find_route(method, path.partition("?")[0])
            assert found is not None
            self.answers[f"{method} {found[0].template}"] = answer.body

    def known(self) -> dict[str, str]:
        """Return what the words stand for by now."""
        tip = self.hosted.branches.get("topic", "")
        values = {"TIP": tip, "HEAD": self.hosted.head, "TREE": self.hosted.settings.git.commit(self.hosted.head).tree}
        entry = self.hosted.settings.git.entry(self.hosted.head, "a.txt")
        values["BLOB"] = (entry.sha if entry else None) or ""
        values["RUN"] = str(self.hosted.settings.check_runs[0].id)
        values["OWN"] = str(self.hosted.settings.check_runs[-1].id)
        comments = self.hosted.settings.issues[2].comments if 2 in self.hosted.settings.issues else []
        values["COMMENT"] = str(comments[0].id) if comments else ""
        values["INSTALLATION"] = str(next(iter(self._installations())))
        values["HOOK"] = next((app.hook_url for app in self.hosted.world.apps.values() if app.hook_url), "")
        values["DELIVERY"] = str(next((each.id for each in self.hosted.world.deliveries), ""))
        values["REGISTERED"] = next(iter(self.hosted.world.registrations), "")
        return values

    def _installations(self) -> list[int]:
        return [each.id for app in self.hosted.world.apps.values() for each in app.installations]

    def _filled(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, str):
            for word, text in self.known().items():
                value = text if value == word else value.replace(f"/{word}", f"/{text}")
            return value
        if isinstance(value, dict):
            return {name: self._filled(each) for name, each in value.items()}
        return [self._filled(each) for each in value] if isinstance(value, list) else value


def person_token(github: GitHubStandIn, app: App) -> str:
    """Let a person sign in to an App."""
    asked = urlencode({"client_id": app.client_id, "redirect_uri": app.callbacks[0]})
    location = pages.press(f"{github.url}/login/oauth/authorize?{asked}")
    code = parse_qs(urlsplit(location).query)["code"][0]
    given = {"client_id": app.client_id, "client_secret": app.client_secret, "code": code}
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    answer = Asker(github.url).ask("POST", "/login/oauth/access_token", urlencode(given).encode(), headers)
    return str(answer.body["access_token"])


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository(
        "acme/shop", {"a.txt": "1\n"}, organization=True, collaborators={"ada": "write"}, teams={"core"}
    )
    made.commit({"a.txt": "2\n"}, branch="topic")
    made.commit({"a.txt": "1\n", "b.txt": "x\n"}, branch="topic")
    made.protect(contexts=("ci",), approvals=0)
    made.release("v1", "Notes")
    made.check(made.branches["topic"], "tests")
    return made


def test_every_operation_has_an_answer(github: GitHubStandIn, hosted: HostedRepository) -> None:
    app = github.app(on=["acme"], callbacks=["http://localhost/back"])
    # Nobody listens there.
    github.hooks.on(app, "http://localhost:1/hook")
    github.hooks.settle()
    now = int(time.time())
    signed = jwt.encode({"iat": now - 60, "exp": now + 300, "iss": str(app.id)}, app.private_key, "RS256")
    story = Story(hosted, {})
    story.tell(Asker(github.api_url, github.token()), STORY)
    story.tell(Asker(github.api_url, signed), OF_THE_APP)
    token = story.answers["POST /app/installations/{installation_id}/access_tokens"]["token"]
    story.tell(Asker(github.api_url, token), OF_THE_INSTALLATION)
    story.tell(Asker(github.api_url, signed), OF_THE_HOOK)
    github.hooks.settle()
    story.tell(Asker(github.api_url, person_token(github, app)), OF_A_PERSON)
    manifest = {"name": "Other", "url": "http://localhost", "redirect_url": "http://localhost/made"}
    pages.press(f"{github.url}/settings/apps/new?state=s", {"manifest": json.dumps(manifest)})
    story.tell(Asker(github.api_url), OF_NOBODY)

    assert set(story.answers) == {f"{route.method} {route.template}" for route in ROUTES}
    assert [each["context"] for each in story.answers[f"GET {FULL}/commits/{{ref}}/statuses"]] == ["ci"]
    assert story.answers[f"GET {FULL}/rules/branches/{{branch}}"][0]["type"] == "required_status_checks"
    assert story.answers[f"GET {FULL}/labels/{{name}}"]["color"] == "ff0000"
    assert story.answers[f"DELETE {FULL}/pulls/{{pull_number}}/requested_reviewers"]["requested_reviewers"] == []
    assert hosted.files() == {"b.txt": b"x\n", "new.txt": b"x"}
    assert hosted.settings.check_runs[-1].completed is not None


def test_approvals_are_asked_for_and_counted(github: GitHubStandIn, hosted: HostedRepository) -> None:
    hosted.protect(approvals=1)
    asker = Asker(github.api_url, github.token())
    asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"})
    shown = asker.get(SHOP + "/branches/main/protection").body
    assert shown["required_pull_request_reviews"]["required_approving_review_count"] == 1
    assert asker.get(SHOP + "/rules/branches/main").body[0]["type"] == "pull_request"
    assert asker.get(SHOP + "/pulls/1").body["mergeable_state"] == "blocked"
    hosted.review(1, login="ada")
    assert [each["state"] for each in asker.get(SHOP + "/pulls/1/reviews").body] == ["APPROVED"]
    assert asker.ask("PUT", SHOP + "/pulls/1/merge", {}).status == 200
