"""Limits, unchanged answers, pages; and all that goes wrong on demand, before the effect and after it."""

from __future__ import annotations

import http.client
import time
from datetime import timedelta

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github.asking import Asker

SHOP = "/repos/acme/shop"
PULL = {"title": "T", "head": "topic", "base": "main"}
OPENING = "POST /repos/{owner}/{repo}/pulls"


@pytest.fixture
def hosted(github: GitHubStandIn) -> HostedRepository:
    made = github.repository("acme/shop", {"a.txt": "1\n"})
    made.commit({"a.txt": "2\n"}, branch="topic")
    return made


@pytest.fixture
def asker(github: GitHubStandIn, hosted: HostedRepository) -> Asker:
    del hosted
    return Asker(github.api_url, github.token())


def test_an_unchanged_answer_costs_nothing(asker: Asker, hosted: HostedRepository) -> None:
    first = asker.get(SHOP + "/branches")
    again = asker.get(SHOP + "/branches", {"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"] == "4999"
    hosted.commit({"b": "c"}, branch="more")
    changed = asker.get(SHOP + "/branches", {"if-none-match": first.headers["etag"]})
    assert (changed.status, changed.headers["x-ratelimit-remaining"]) == (200, "4998")


def test_the_limit_is_used_up_and_begins_anew(github: GitHubStandIn, hosted: HostedRepository) -> None:
    asker = Asker(github.api_url, github.token(limit=2))
    path = f"/repos/{hosted.name}"
    assert [asker.get(path).status for _ in range(3)] == [200, 200, 403]
    refused = asker.get(path)
    assert "API rate limit exceeded" in refused.message
    assert refused.headers["x-ratelimit-remaining"] == "0"
    rate = asker.get("/rate_limit").body["rate"]
    assert (rate["limit"], rate["remaining"]) == (2, 0)
    later = github.world.clock() + timedelta(hours=1, seconds=1)
    github.world.clock = lambda: later
    assert asker.get(path).status == 200


@pytest.mark.parametrize(
    ("page", "numbers", "links"),
    [
        ("", [5, 4], ["next", "last"]),
        ("&page=2", [3, 2], ["prev", "next", "last", "first"]),
        ("&page=3", [1], ["prev", "first"]),
    ],
)
def test_pages(asker: Asker, hosted: HostedRepository, page: str, numbers: list[int], links: list[str]) -> None:
    for number in range(5):
        hosted.commit({"a.txt": f"{number}\n"}, branch=f"b{number}")
        assert asker.ask("POST", SHOP + "/pulls", {**PULL, "head": f"b{number}"}).status == 201
    answer = asker.get(f"{SHOP}/pulls?per_page=2{page}")
    assert [each["number"] for each in answer.body] == numbers
    assert [link.partition('rel="')[2].rstrip('"') for link in answer.headers["link"].split(", ")] == links


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [2]),
        ("?state=all", [2, 1]),
        ("?state=closed", [1]),
        ("?state=all&head=acme:topic", [1]),
        ("?state=all&head=mallory:topic", []),
        ("?state=all&head=topic", [2, 1]),
        ("?state=all&base=topic", []),
        ("?state=all&direction=asc", [1, 2]),
    ],
)
def test_which_pull_requests_are_listed(asker: Asker, hosted: HostedRepository, query: str, numbers: list[int]) -> None:
    asker.ask("POST", SHOP + "/pulls", PULL)
    hosted.close(1)
    hosted.commit({"a.txt": "3\n"}, branch="other")
    asker.ask("POST", SHOP + "/pulls", {**PULL, "head": "other"})
    assert [each["number"] for each in asker.get(SHOP + "/pulls" + query).body] == numbers


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit(github: GitHubStandIn, asker: Asker, hosted: HostedRepository, status: int) -> None:
    github.fault("write", secondary=True, status=status, retry_after=7)
    refused = asker.ask("POST", SHOP + "/pulls", PULL)
    assert (refused.status, refused.headers["retry-after"]) == (status, "7")
    assert "secondary rate limit" in refused.message
    assert (hosted.pulls, github.writes) == ([], [])
    assert asker.ask("POST", SHOP + "/pulls", PULL).status == 201


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_broken_server_before_the_effect(
    github: GitHubStandIn, asker: Asker, hosted: HostedRepository, status: int
) -> None:
    github.fault(OPENING, status=status, times=2)
    assert [asker.ask("POST", SHOP + "/pulls", PULL).status for _ in range(3)] == [status, status, 201]
    assert len(hosted.pulls) == len(github.writes) == 1
    assert [exchange.status for exchange in github.requests] == [0, 0, 201]


def test_the_write_happened_and_the_answer_got_lost(
    github: GitHubStandIn, asker: Asker, hosted: HostedRepository
) -> None:
    github.fault(OPENING, drop=True, after=True)
    with pytest.raises(http.client.RemoteDisconnected):
        asker.ask("POST", SHOP + "/pulls", PULL)
    assert len(hosted.pulls) == len(github.writes) == 1
    assert asker.ask("POST", SHOP + "/pulls", PULL).status == 422
    assert len(github.writes) == 1


def test_a_connection_is_dropped_before_the_effect(
    github: GitHubStandIn, asker: Asker, hosted: HostedRepository
) -> None:
    github.fault("POST", drop=True)
    with pytest.raises(http.client.RemoteDisconnected):
        asker.ask("POST", SHOP + "/pulls", PULL)
    assert hosted.pulls == []


def test_the_nth_write_is_where_a_test_steps_in(github: GitHubStandIn, asker: Asker) -> None:
    seen: list[int] = []
    github.fault("write", nth=2, call=lambda: seen.append(len(github.writes)), after=True)
    for name in ("a", "b", "c"):
        asker.ask("POST", SHOP + "/labels", {"name": name})
        asker.get(SHOP)
    assert seen == [2]


def test_a_slow_answer(github: GitHubStandIn, asker: Asker) -> None:
    github.fault("GET", delay=0.2)
    begun = time.monotonic()
    assert asker.get(SHOP).status == 200
    assert time.monotonic() - begun >= 0.2


def test_a_flawed_request_fails_the_test(github: GitHubStandIn, asker: Asker) -> None:
    assert asker.ask("POST", SHOP + "/labels", {"name": "x", "hue": 3}).status == 400
    assert github.violations == ["POST /repos/{owner}/{repo}/labels: unknown field 'hue'"]
    with pytest.raises(AssertionError, match="unknown field 'hue'"):
        github.check()
    github.violations.clear()


def test_a_flawed_answer_fails_the_test(github: GitHubStandIn, asker: Asker, hosted: HostedRepository) -> None:
    hosted.settings.mirror_url = 3  # type: ignore[assignment]
    asker.get(SHOP)
    assert [each.startswith("the stand-in itself: GET /repos/{owner}/{repo} → 200") for each in github.violations] == [
        True
    ]
    github.violations.clear()
