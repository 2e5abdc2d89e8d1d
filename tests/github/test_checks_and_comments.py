"""Checks of commits, and what people say and do on pull requests."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Asker

SHOP = "/repos/acme/shop"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n"}, collaborators={"ada": "write"})
    made.commit({"a.txt": "2\n"}, branch="topic", message="One")
    made.commit({"b.txt": "3\n"}, branch="topic", message="Two")
    return made


@pytest.fixture
def asker(github: GitHubStandIn, hosted: HostedRepository) -> Asker:
    asker = Asker(github.api_url, github.token())
    made = asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main", "body": "B"})
    assert made.body["head"]["sha"] == hosted.branches["topic"]
    return asker


@pytest.fixture
def app_asker(github: GitHubStandIn) -> Asker:
    """Ask as an App's installation, whose token is made here by hand."""
    app = github.app(on=["acme"])
    value = github.token(login="debtscan[bot]")
    github.world.tokens[value].installation = app.installations[0]
    return Asker(github.api_url, value)


def test_a_check_run_from_queued_to_done(app_asker: Asker, hosted: HostedRepository) -> None:
    tip = hosted.branches["topic"]
    made = app_asker.ask("POST", SHOP + "/check-runs", {"name": "debt", "head_sha": tip})
    assert (made.status, made.body["status"], made.body["conclusion"]) == (201, "queued", None)
    done = {"conclusion": "failure", "output": {"title": "Two", "summary": "findings"}}
    changed = app_asker.ask("PATCH", f"{SHOP}/check-runs/{made.body['id']}", done)
    assert (changed.body["status"], changed.body["output"]["title"]) == ("completed", "Two")
    hosted.check(tip, "tests", None)
    listed = app_asker.get(f"{SHOP}/commits/topic/check-runs").body
    assert [(each["name"], each["conclusion"]) for each in listed["check_runs"]] == [
        ("debt", "failure"),
        ("tests", None),
    ]
    suites = app_asker.get(f"{SHOP}/commits/{tip}/check-suites").body["check_suites"]
    assert [(each["app"]["slug"], each["status"]) for each in suites] == [
        ("debtscan", "completed"),
        ("github-actions", "in_progress"),
    ]


def test_a_check_run_of_somebody_else(app_asker: Asker, hosted: HostedRepository) -> None:
    run = hosted.check(hosted.head, "tests", None)
    refused = app_asker.ask("PATCH", f"{SHOP}/check-runs/{run.id}", {"status": "in_progress"})
    assert (refused.status, "can only be modified by the GitHub App that created it" in refused.message) == (403, True)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "debt", "head_sha": "TIP", "conclusion": "fine"},
        {"name": "debt", "head_sha": "TIP", "output": {"title": "T"}},
        {"name": "debt", "head_sha": "TIP", "output": {"title": "T", "summary": "s" * 65_536}},
        {"head_sha": "TIP"},
    ],
)
def test_a_bad_check_run(
    github: GitHubStandIn, app_asker: Asker, hosted: HostedRepository, body: dict[str, object]
) -> None:
    sent = {key: hosted.head if value == "TIP" else value for key, value in body.items()}
    assert app_asker.ask("POST", SHOP + "/check-runs", sent).status == 400
    assert len(github.violations) >= 1
    assert hosted.settings.check_runs == []
    github.violations.clear()


def test_a_check_run_is_not_done_without_a_conclusion(app_asker: Asker, hosted: HostedRepository) -> None:
    body = {"name": "debt", "head_sha": hosted.head, "status": "completed"}
    assert app_asker.ask("POST", SHOP + "/check-runs", body).status == 422
    assert app_asker.ask("POST", SHOP + "/check-runs", {**body, "head_sha": "1" * 40}).status == 422


def test_the_newest_run_of_a_name_counts(asker: Asker, hosted: HostedRepository) -> None:
    tip = hosted.branches["topic"]
    hosted.check(tip, "tests", "failure")
    hosted.check(tip, "tests", "success")
    path = f"{SHOP}/commits/{tip}/check-runs"
    assert [each["conclusion"] for each in asker.get(path).body["check_runs"]] == ["success"]
    assert asker.get(path + "?filter=all").body["total_count"] == 2
    assert asker.get(path + "?check_name=other").body["total_count"] == 0


@pytest.mark.parametrize(
    ("states", "combined"),
    [([], "pending"), (["success"], "success"), (["success", "pending"], "pending"), (["pending", "error"], "failure")],
)
def test_statuses_are_summed_up(asker: Asker, hosted: HostedRepository, states: list[str], combined: str) -> None:
    tip = hosted.branches["topic"]
    for number, state in enumerate(states):
        assert asker.ask("POST", f"{SHOP}/statuses/{tip}", {"state": state, "context": f"c{number}"}).status == 201
    answer = asker.get(f"{SHOP}/commits/{tip}/status").body
    assert (answer["state"], answer["total_count"]) == (combined, len(states))
    assert len(asker.get(f"{SHOP}/commits/{tip}/statuses").body) == len(states)


def test_checks_run_on_what_is_pushed(github: GitHubStandIn, asker: Asker, hosted: HostedRepository) -> None:
    def ci(files: Mapping[str, bytes]) -> dict[str, str]:
        return {"tests": "failure" if b"bad" in files["a.txt"] else "success"}

    hosted.check_with(ci)
    bad = hosted.commit({"a.txt": "bad\n"}, branch="topic")
    assert asker.get(f"{SHOP}/commits/{bad}/check-runs").body["check_runs"][0]["conclusion"] == "failure"
    quiet = Asker(github.api_url, github.workflow_token("acme/shop", {"contents": "write"}))
    commit = quiet.ask(
        "POST", SHOP + "/git/commits", {"message": "m", "tree": hosted.settings.git.commit(bad).tree, "parents": [bad]}
    )
    quiet.ask("PATCH", SHOP + "/git/refs/heads/topic", {"sha": commit.body["sha"]})
    assert asker.get(f"{SHOP}/commits/{commit.body['sha']}/check-runs").body["total_count"] == 0


def test_a_workflow_may_be_kept_from_opening_pull_requests(github: GitHubStandIn, hosted: HostedRepository) -> None:
    hosted.settings.actions_may_open_pulls = False
    asker = Asker(github.api_url, github.workflow_token("acme/shop", {"contents": "write", "pull_requests": "write"}))
    refused = asker.ask("POST", SHOP + "/pulls", {"title": "T", "head": "topic", "base": "main"})
    assert (refused.status, refused.message) == (
        403,
        "GitHub Actions is not permitted to create or approve pull requests.",
    )


def test_whether_it_can_be_merged_is_not_known_at_once(asker: Asker, hosted: HostedRepository) -> None:
    hosted.settings.thinks = 1
    looks = [asker.get(SHOP + "/pulls/1").body for _ in range(2)]
    assert [(each["mergeable"], each["mergeable_state"]) for each in looks] == [(None, "unknown"), (True, "clean")]


@pytest.mark.parametrize(
    ("method", "messages"),
    [
        ("merge", ["Merge pull request #1 from acme/topic\n\nT", "Two", "One", "Begin"]),
        ("squash", ["T (#1)", "Begin"]),
        ("rebase", ["Two", "One", "Begin"]),
    ],
)
def test_ways_of_merging(asker: Asker, hosted: HostedRepository, method: str, messages: list[str]) -> None:
    merged = asker.ask("PUT", SHOP + "/pulls/1/merge", {"merge_method": method})
    assert (merged.status, merged.body["sha"]) == (200, hosted.head)
    assert [each["commit"]["message"] for each in asker.get(SHOP + "/commits").body] == messages
    assert hosted.files() == {"a.txt": b"2\n", "b.txt": b"3\n"}
    shown = asker.get(SHOP + "/pulls/1").body
    assert (shown["merged"], shown["commits"], shown["changed_files"]) == (True, 2, 2)
    assert asker.get(SHOP + "/pulls/1/merge").status == 204


def test_a_branch_that_somebody_merged_by_hand(asker: Asker, hosted: HostedRepository) -> None:
    hosted.point("main", hosted.branches["topic"], login="grace")
    shown = asker.get(SHOP + "/pulls/1").body
    assert (shown["state"], shown["merged"], shown["merged_by"]["login"]) == ("closed", True, "grace")


def test_who_closed_it_is_told(asker: Asker, hosted: HostedRepository) -> None:
    hosted.close(1, login="grace")
    issue = asker.get(SHOP + "/issues/1").body
    assert (issue["state"], issue["closed_by"]["login"]) == ("closed", "grace")
    hosted.reopen(1)
    events = asker.get(SHOP + "/issues/1/events").body
    assert [(each["event"], each["actor"]["login"]) for each in events] == [("closed", "grace"), ("reopened", "ada")]


def test_comments_and_reactions(asker: Asker, hosted: HostedRepository) -> None:
    path = SHOP + "/issues/1/comments"
    hosted.comment(1, "from a person", login="grace")
    made = asker.ask("POST", path, {"body": "from the bot"}).body
    assert asker.ask("POST", path, {"body": "x" * 65_537}).status == 422
    assert asker.ask("POST", path, {"body": " "}).status == 422
    own = f"{SHOP}/issues/comments/{made['id']}"
    assert asker.ask("PATCH", own, {"body": "again"}).body["body"] == "again"
    assert [asker.ask("POST", own + "/reactions", {"content": "+1"}).status for _ in range(2)] == [201, 200]
    assert asker.get(own).body["reactions"]["+1"] == 1
    assert [each["user"]["login"] for each in asker.get(path).body] == ["grace", "octobot"]
    assert asker.ask("DELETE", own).status == 204
    assert len(asker.get(path).body) == 1


def test_assignees_that_cannot_be_are_left_out_without_a_word(asker: Asker) -> None:
    answer = asker.ask("POST", SHOP + "/issues/1/assignees", {"assignees": ["ada", "mallory", "acme"]})
    assert (answer.status, [each["login"] for each in answer.body["assignees"]]) == (201, ["ada", "acme"])
    assert asker.get(SHOP + "/assignees/mallory").status == 404
    assert asker.get(SHOP + "/collaborators/ada/permission").body["permission"] == "write"


def test_issues_by_label(asker: Asker) -> None:
    made = asker.ask("POST", SHOP + "/issues", {"title": "Dashboard", "labels": ["debtscan"]})
    assert made.body["number"] == 2
    assert [each["number"] for each in asker.get(SHOP + "/issues?labels=debtscan").body] == [2]
    assert asker.ask("DELETE", SHOP + "/labels/debtscan").status == 204
    assert asker.get(SHOP + "/issues/2").body["labels"] == []
