"""Where many branches point: tokens for 500 repositories at most, and no error of one that stops the others."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.github.app_client import AppClient
from bot.github.app_objects import RepositoryInfo
from bot.github.errors import ForbiddenError, NotCoveredError, RateLimitedError, UnreachableError
from bot.github.heads import heads
from tests.support.github.grants import App
from tests.support.github.messages import Response
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, app_client

MADE = "POST /app/installations/{installation_id}/access_tokens"
REF = "GET /repos/{owner}/{repo}/git/ref/{ref}"


@pytest.fixture
def app(github: GitHubStandIn) -> App:
    return github.app(on=["acme"])


@pytest.fixture
def client(github: GitHubStandIn, app: App, clock: FakeClock) -> Iterator[AppClient]:
    with app_client(github, app, clock) as opened:
        yield opened


def estate(github: GitHubStandIn, count: int) -> tuple[RepositoryInfo, ...]:
    """Make repositories of one git repository: here only their heads are looked at."""
    first = github.repository("acme/r0", {"a": "1"}, organization=True)
    made = [first, *(github.host(f"acme/r{number}", first.settings.git) for number in range(1, count))]
    return tuple(
        RepositoryInfo(id=each.settings.id, name=each.name, private=False, default_branch="main") for each in made
    )


def asked_for(github: GitHubStandIn) -> list[int]:
    """Return for how many repositories each token was."""
    return [len(json.loads(each.request.body)["repository_ids"]) for each in github.requests if each.name == MADE]


def test_tokens_are_for_five_hundred_at_most(client: AppClient, github: GitHubStandIn, app: App) -> None:
    repositories = estate(github, 501)
    found = dict(client.heads(app.installations[0].id, repositories))
    assert len(found) == 501
    assert set(found.values()) == {github.world.repositories["acme/r0"].branches["main"]}
    assert asked_for(github) == [500, 1]
    assert sum(each.name == REF for each in github.requests) == 501


def test_nothing_is_asked_for_nothing(client: AppClient, github: GitHubStandIn, app: App) -> None:
    assert list(client.heads(app.installations[0].id, ())) == []
    assert not github.requests


def test_one_that_is_gone_is_found_by_halves(client: AppClient, github: GitHubStandIn, app: App) -> None:
    repositories = estate(github, 8)
    del github.world.repositories["acme/r5"]
    found = dict(client.heads(app.installations[0].id, repositories))
    assert isinstance(found.pop(repositories[5].id), NotCoveredError)
    assert len(found) == 7
    assert asked_for(github) == [8, 4, 4, 2, 1, 1, 2]


def test_answers_come_one_by_one(client: AppClient, github: GitHubStandIn, app: App) -> None:
    """What is known before a limit is used up is not lost."""
    repositories = estate(github, 5)
    app.installations[0].meter.limit = 2
    found = client.heads(app.installations[0].id, repositories)
    assert [next(found)[0], next(found)[0]] == [each.id for each in repositories[:2]]
    with pytest.raises(RateLimitedError):
        next(found)
    app.installations[0].meter.limit = 5000
    assert sum(each.name == REF for each in github.requests) == 2


def test_failures_that_may_be_everybodys_end_it(client: AppClient, github: GitHubStandIn, app: App) -> None:
    repositories = estate(github, 9)
    github.fault(REF, status=403, nth=2, times=2)
    found = dict(client.heads(app.installations[0].id, repositories))
    assert [type(each) for each in found.values()].count(ForbiddenError) == 2
    asked = len(github.requests)
    github.fault(REF, status=403, nth=1, times=0)
    with pytest.raises(ForbiddenError):
        list(client.heads(app.installations[0].id, repositories))
    assert sum(each.name == REF for each in github.requests[asked:]) == 3


@pytest.mark.parametrize("answer", [{}, {"object": {"sha": "x"}}, {"object": {"sha": 1}}, [], "text"])
def test_what_is_no_commit_is_an_error_of_that_repository(
    client: AppClient, github: GitHubStandIn, app: App, answer: object
) -> None:
    repositories = estate(github, 2)
    github.fault(REF, response=Response(body=answer))
    first, second = (found for _id, found in client.heads(app.installations[0].id, repositories))
    assert isinstance(first, UnreachableError)
    assert isinstance(second, str)


def test_what_is_no_repository_is_not_asked(client: AppClient, app: App) -> None:
    named = RepositoryInfo(id=1001, name="acme/../x", private=False, default_branch="main")
    with pytest.raises(Exception, match="is no repository"):
        list(heads(client.session(), app.installations[0].id, [named]))
