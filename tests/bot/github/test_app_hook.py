"""The App's hook: where it lies, what was delivered there, and what is to be delivered again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.github.app_client import AppClient
from bot.github.errors import HostError, NotThereError, UnreachableError
from tests.support.github.grants import App
from tests.support.github.hosted import HostedRepository
from tests.support.github.messages import Response
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, app_client
from tests.support.http_server import Reply, Script, serve

LIST = "GET /app/hook/deliveries"


@pytest.fixture
def server() -> Iterator[Script]:
    with serve() as script:
        script.on("/hook", Reply(status=202))
        yield script


@pytest.fixture
def shop(github: GitHubStandIn) -> HostedRepository:
    return github.repository("acme/shop", {"a": "1"})


@pytest.fixture
def app(github: GitHubStandIn, clock: FakeClock, shop: HostedRepository, server: Script) -> App:
    github.world.clock = clock.moment
    made = github.app(on=[shop.name.partition("/")[0]])
    github.hooks.on(made, f"{server.url}/hook", events=["push", "issues"])
    return made


@pytest.fixture
def client(github: GitHubStandIn, app: App, clock: FakeClock) -> Iterator[AppClient]:
    with app_client(github, app, clock) as opened:
        yield opened


def test_what_was_delivered_is_listed_oldest_first(
    client: AppClient, github: GitHubStandIn, app: App, shop: HostedRepository, clock: FakeClock
) -> None:
    shop.commit({"a": "2"})
    github.hooks.settle()
    first, second = client.deliveries(clock.moment() - timedelta(hours=1))
    assert (first.event, first.action, first.installation, first.repository) == ("ping", "", None, None)
    assert (second.event, second.installation) == ("push", app.installations[0].id)
    assert second.repository == shop.settings.id
    assert second.delivered_at == clock.moment()
    assert (second.status_code, second.redelivery, second.is_delivered) == (202, False, True)
    assert second.guid == github.hooks.log[-1].guid


def test_older_ones_are_left_out_and_not_asked_for(
    client: AppClient, github: GitHubStandIn, app: App, shop: HostedRepository, clock: FakeClock
) -> None:
    github.hooks.settle()
    for _time in range(250):
        github.hooks.again(github.hooks.log[0])
    github.hooks.settle()
    clock.seconds += 3600
    shop.commit({"a": "2"})
    github.hooks.settle()
    assert app.hook_url
    assert [each.event for each in client.deliveries(clock.moment())] == ["push"]
    assert sum(each.name == LIST for each in github.requests) == 1
    assert len(client.deliveries(clock.moment() - timedelta(days=1))) == 252
    assert sum(each.name == LIST for each in github.requests) == 4


def test_what_failed_is_delivered_again(
    client: AppClient, github: GitHubStandIn, shop: HostedRepository, clock: FakeClock, server: Script
) -> None:
    github.hooks.settle()
    # The first one was for the ping.
    server.on("/hook", Reply(status=202), Reply(status=503), Reply(status=202))
    shop.commit({"a": "2"})
    github.hooks.settle()
    failed = next(each for each in client.deliveries(clock.moment()) if not each.is_delivered)
    client.redeliver(failed.id)
    github.hooks.settle()
    last = client.deliveries(clock.moment())[-1]
    assert (last.guid, last.redelivery, last.is_delivered) == (failed.guid, True, True)
    assert client.rate().writes == 1
    assert github.writes == []


def test_what_github_has_forgotten_cannot_be_delivered_again(client: AppClient) -> None:
    with pytest.raises(NotThereError, match="have a webhook delivered again"):
        client.redeliver(1)


def test_the_hook_can_be_moved(client: AppClient, github: GitHubStandIn, app: App, shop: HostedRepository) -> None:
    client.set_hook("http://localhost:1/other", "new secret")
    assert (app.hook_url, app.hook_secret) == ("http://localhost:1/other", "new secret")
    shop.commit({"a": "2"})
    github.hooks.settle()
    assert github.hooks.log[-1].status == 502


def test_the_secret_of_the_hook_is_in_no_message(client: AppClient, github: GitHubStandIn) -> None:
    github.fault("PATCH", status=422)
    with pytest.raises(HostError) as raised:
        client.set_hook("http://localhost:1/other", "new secret")
    assert "new secret" not in str(raised.value)


@pytest.mark.parametrize("answer", [{}, ["x"], [{"id": 1}], "text"])
def test_strange_answers_are_errors_of_ours(
    client: AppClient, github: GitHubStandIn, clock: FakeClock, answer: object
) -> None:
    github.fault(LIST, response=Response(body=answer))
    with pytest.raises(UnreachableError, match="DEBTSCAN_GITHUB_URL"):
        client.deliveries(clock.moment())
