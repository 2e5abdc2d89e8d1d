"""What the service asks as an App: of all installations, each with tokens for what is at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from bot.github import auth
from bot.github.app_client import AppClient
from bot.github.app_objects import AppInfo, InstallationInfo, RepositoryInfo
from bot.github.auth import App
from bot.github.client import open_repository
from bot.github.errors import NotThereError, RateLimitedError, SuspendedError, UnreachableError
from bot.github.objects import Rate
from tests.support.github.grants import App as StandInApp
from tests.support.github.messages import Response
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, app_client, settings_for

MADE = "POST /app/installations/{installation_id}/access_tokens"
REF = "GET /repos/{owner}/{repo}/git/ref/{ref}"
GRANTED = {"contents": "write", "metadata": "read", "pull_requests": "write"}


@pytest.fixture
def app(github: GitHubStandIn) -> StandInApp:
    github.repository("acme/shop", {"a": "1"}, organization=True, topics=("web", "python"))
    github.repository("acme/api", {"a": "2"}, private=True, default_branch="trunk")
    github.repository("acme/nothing")
    github.repository("globex/site", {"a": "3"})
    made = github.app("debtscan", GRANTED, on=["acme", "globex"])
    made.events = ("push", "issues")
    return made


@pytest.fixture
def client(github: GitHubStandIn, app: StandInApp, clock: FakeClock) -> Iterator[AppClient]:
    with app_client(github, app, clock) as opened:
        yield opened


def tokens_made(github: GitHubStandIn) -> list[object]:
    return [json.loads(each.request.body) for each in github.requests if each.name == MADE]


def test_it_tells_what_the_app_is(client: AppClient, github: GitHubStandIn, app: StandInApp) -> None:
    assert client.app() == AppInfo(
        slug="debtscan",
        id=app.id,
        client_id=f"Iv1.{app.id:016x}",
        owner="debtscan",
        permissions=GRANTED,
        events=("push", "issues"),
        html_url=f"{github.url}/apps/debtscan",
    )


def test_it_tells_where_it_is_installed(client: AppClient, app: StandInApp, clock: FakeClock) -> None:
    first, second = app.installations
    second.suspended, second.repositories = clock.moment(), {"globex/site"}
    acme = InstallationInfo(
        id=first.id, account="acme", account_id=first.account.id, account_kind="Organization", permissions=GRANTED
    )
    globex = replace(
        acme,
        id=second.id,
        account="globex",
        account_id=second.account.id,
        account_kind="User",
        suspended=clock.moment(),
        all_repositories=False,
    )
    assert client.installations() == (acme, globex)
    assert client.installation(first.id) == acme
    with pytest.raises(NotThereError, match="read the GitHub App's installation 7"):
        client.installation(7)


def test_it_lists_the_repositories_with_a_token_that_reads_no_code(
    client: AppClient, github: GitHubStandIn, app: StandInApp
) -> None:
    acme, globex = app.installations
    found = client.repositories(acme.id)
    assert [each.name for each in found] == ["acme/shop", "acme/api", "acme/nothing"]
    shop = github.world.repositories["acme/shop"]
    assert found[0] == RepositoryInfo(
        id=shop.id, name="acme/shop", private=False, default_branch="main", topics=("web", "python")
    )
    assert (found[1].private, found[1].default_branch) == (True, "trunk")
    assert [each.empty_hint for each in found] == [False, False, True]
    assert [each.name for each in client.repositories(globex.id)] == ["globex/site"]
    assert tokens_made(github) == [{"permissions": {"metadata": "read"}}] * 2


def test_a_key_is_read_once_for_all_that_it_signs(
    github: GitHubStandIn, app: StandInApp, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    load_pem_private_key = serialization.load_pem_private_key

    def counted(pem: bytes, password: None) -> PrivateKeyTypes:
        read.append(pem)
        return load_pem_private_key(pem, password)

    monkeypatch.setattr(serialization, "load_pem_private_key", counted)
    auth._read_key.cache_clear()
    app.private_key = auth.checked_app(str(app.id), app.private_key).key
    for _ in range(2):
        with app_client(github, app, clock) as client:
            assert client.app().slug == "debtscan"
            assert all(client.repositories(each.id) for each in app.installations)
    assert len(tokens_made(github)) == 4
    assert read == [app.private_key.encode()]


def test_heads_cost_one_token_and_one_request_each(client: AppClient, github: GitHubStandIn, app: StandInApp) -> None:
    repositories = client.repositories(app.installations[0].id)
    github.requests.clear()
    found = dict(client.heads(app.installations[0].id, repositories))
    stored = github.world.repositories
    assert found == {
        stored["acme/shop"].id: stored["acme/shop"].branches["main"],
        stored["acme/api"].id: stored["acme/api"].branches["trunk"],
        stored["acme/nothing"].id: "",
    }
    assert [each.name for each in github.requests] == [MADE, REF, REF, REF]
    ids = [each.id for each in repositories]
    assert tokens_made(github) == [{"repository_ids": ids, "permissions": {"contents": "read", "metadata": "read"}}]


def test_the_others_are_told_when_one_repository_is_gone(
    client: AppClient, github: GitHubStandIn, app: StandInApp
) -> None:
    repositories = client.repositories(app.installations[0].id)
    del github.world.repositories["acme/api"]
    shop, gone, nothing = (found for _id, found in client.heads(app.installations[0].id, repositories))
    assert shop == github.world.repositories["acme/shop"].branches["main"]
    assert isinstance(gone, NotThereError)
    assert nothing == ""


def test_a_branch_that_is_gone_is_no_empty_repository(client: AppClient, app: StandInApp) -> None:
    repositories = [replace(each, default_branch="old") for each in client.repositories(app.installations[0].id)]
    found = [found for _id, found in client.heads(app.installations[0].id, repositories)]
    assert [type(each) for each in found] == [NotThereError, NotThereError, str]


def test_a_renamed_repository_is_followed(client: AppClient, github: GitHubStandIn, app: StandInApp) -> None:
    repositories = client.repositories(app.installations[1].id)
    site = github.world.repositories.pop("globex/site")
    site.name = "web"
    site.moved_from.add("globex/site")
    github.world.repositories["globex/web"] = site
    assert dict(client.heads(app.installations[1].id, repositories)) == {site.id: site.branches["main"]}


def test_failures_in_a_row_end_the_heads(client: AppClient, github: GitHubStandIn, app: StandInApp) -> None:
    repositories = client.repositories(app.installations[0].id)
    github.fault(REF, status=500, times=5)
    found = [found for _id, found in client.heads(app.installations[0].id, repositories)]
    assert [type(each) for each in found] == [UnreachableError, str, str]
    github.fault(REF, status=500, times=0)
    with pytest.raises(UnreachableError):
        list(client.heads(app.installations[0].id, repositories))


def test_a_used_up_installation_stops_no_other(
    client: AppClient, github: GitHubStandIn, app: StandInApp, clock: FakeClock
) -> None:
    acme, globex = (each.id for each in app.installations)
    listed = {each: client.repositories(each) for each in (acme, globex)}
    app.installations[0].meter.limit = 3
    found = client.heads(acme, listed[acme])
    assert [next(found)[0], next(found)[0]] == [each.id for each in listed[acme][:2]]
    asked = len(github.requests)
    with pytest.raises(RateLimitedError, match="used up until") as raised:
        next(found)
    assert raised.value.until is not None
    assert raised.value.until > clock.moment()
    assert len(github.requests) == asked
    assert len(dict(client.heads(globex, listed[globex]))) == 1
    assert client.rate(acme).remaining == 0
    assert client.rate(globex).remaining == 4998
    assert client.rate().remaining == 0
    assert set(client.rates()) == {"github:app", f"github:{acme}", f"github:{globex}"}
    assert clock.slept == []


def test_a_secondary_limit_holds_all_requests_of_one_installation(
    client: AppClient, github: GitHubStandIn, app: StandInApp, clock: FakeClock
) -> None:
    acme, globex = (each.id for each in app.installations)
    listed = {each: client.repositories(each) for each in (acme, globex)}
    github.fault(REF, secondary=True, retry_after=3600)
    with pytest.raises(RateLimitedError, match="secondary limit"):
        list(client.heads(acme, listed[acme]))
    asked = len(github.requests)
    with pytest.raises(RateLimitedError, match="secondary limit"):
        client.repositories(acme)
    # A token was made for nothing, as the App itself; the installation was not asked.
    assert [each.name for each in github.requests[asked:]] == [MADE]
    assert len(client.repositories(globex)) == 1
    clock.seconds += 3601
    assert len(dict(client.heads(acme, listed[acme]))) == 3


def test_a_shared_pace_is_kept(github: GitHubStandIn, app: StandInApp, clock: FakeClock) -> None:
    waits = {"github:app": [0.0] * 9, f"github:{app.installations[1].id}": [2.0, 1.0, 0.0, 500.0]}
    settings = replace(settings_for(github, clock), pace=lambda party: waits[party].pop(0))
    with AppClient(App(str(app.id), app.private_key), settings) as paced:
        assert len(paced.repositories(app.installations[1].id)) == 1
        assert clock.slept == [2.0, 1.0]
        with pytest.raises(RateLimitedError, match="debtscan asks GitHub for no more until") as raised:
            paced.repositories(app.installations[1].id)
        assert raised.value.until is not None
        assert (raised.value.until - clock.moment()).total_seconds() == 500


def test_a_suspended_installation_is_told(client: AppClient, app: StandInApp, clock: FakeClock) -> None:
    repositories = client.repositories(app.installations[0].id)
    app.installations[0].suspended = clock.moment()
    with pytest.raises(SuspendedError, match="is suspended; its owner can end that"):
        list(client.heads(app.installations[0].id, repositories))
    with pytest.raises(SuspendedError, match="is suspended; its owner can end that"):
        client.repositories(app.installations[0].id)


def test_an_installation_that_is_gone_is_told(client: AppClient, app: StandInApp) -> None:
    gone = app.installations.pop(0)
    with pytest.raises(NotThereError, match="is gone; install it again"):
        client.repositories(gone.id)
    with pytest.raises(NotThereError, match="is gone; install it again"):
        client.file(gone.id, "acme/shop", "a")


def test_it_reads_a_file_with_a_token_for_that_repository_alone(
    client: AppClient, github: GitHubStandIn, app: StandInApp
) -> None:
    acme = app.installations[0].id
    assert client.file(acme, "acme/.github", "debtscan.toml") is None
    hosted = github.repository("acme/.github", {"debtscan.toml": "x = 1\n"}, private=True)
    old = hosted.head
    hosted.commit({"debtscan.toml": "x = 2\n"})
    github.requests.clear()
    assert client.file(acme, "acme/.github", "debtscan.toml") == b"x = 2\n"
    assert client.file(acme, "acme/.github", "debtscan.toml", old) == b"x = 1\n"
    assert client.file(acme, "acme/.github", "other.toml") is None
    read_only = {"contents": "read", "metadata": "read"}
    assert tokens_made(github) == [{"repositories": [".github"], "permissions": read_only}] * 3


def test_a_repository_is_opened_without_asking_where_the_app_is_installed(
    client: AppClient, github: GitHubStandIn, app: StandInApp
) -> None:
    shop = github.world.repositories["acme/shop"]
    opened = client.repository(app.installations[0].id, shop.id, "acme/shop")
    assert opened.file("a", "main") == b"1"
    assert opened.login() == "debtscan[bot]"
    client.session().know({"Globex": app.installations[1].id})
    assert open_repository(client.session(), "globex/site").file("a", "main") == b"3"
    assert not [each for each in github.requests if each.name.endswith("/installation")]
    assert tokens_made(github) == [{"repository_ids": [shop.id]}, {"repositories": ["site"]}]


def test_an_installation_made_anew_is_found_again(client: AppClient, app: StandInApp) -> None:
    session = client.session()
    assert open_repository(session, "globex/site").file("a", "main") == b"3"
    app.installations[1].id += 5000
    with pytest.raises(NotThereError, match="is gone"):
        open_repository(session, "globex/site").repository()
    assert open_repository(session, "globex/site").file("a", "main") == b"3"


def test_the_account_is_kept_for_each_installation(client: AppClient, app: StandInApp) -> None:
    acme, globex = (each.id for each in app.installations)
    client.repositories(acme)
    counted = client.rate(acme)
    assert (counted.asked, counted.remaining, counted.limit) == (1, 4999, 5000)
    assert client.rate(globex) == Rate(limit=0, remaining=0, resets=None, asked=0, unchanged=0, writes=0)
    assert client.rate().asked == 2


@pytest.mark.parametrize("name", ["../x", "acme", "acme/..", "acme/a b"])
def test_what_is_no_repository_is_not_asked(
    client: AppClient, github: GitHubStandIn, app: StandInApp, name: str
) -> None:
    with pytest.raises(Exception, match="is no repository"):
        client.file(app.installations[0].id, name, "a")
    with pytest.raises(Exception, match="is no repository"):
        client.repository(app.installations[0].id, 1, name)
    assert not github.requests


@pytest.mark.parametrize(
    "answer", [[], {"id": "x"}, {"total_count": 1, "repositories": [{"id": 1, "full_name": "../.."}]}, "text", None]
)
def test_strange_answers_are_errors_of_ours(
    client: AppClient, github: GitHubStandIn, app: StandInApp, answer: object
) -> None:
    github.fault("GET", response=Response(status=200, body=answer), times=0)
    installation = app.installations[0].id
    for ask in (client.app, lambda: client.installation(installation), lambda: client.repositories(installation)):
        with pytest.raises(UnreachableError, match="DEBTSCAN_GITHUB_URL"):
            ask()


def test_no_token_is_kept_in_what_can_be_seen(client: AppClient, app: StandInApp) -> None:
    client.repositories(app.installations[0].id)
    assert "ghs_" not in repr(client) + repr(vars(client)) + repr(client.session().rates())


def test_a_server_of_ones_own_is_asked_at_its_own_address(server: GitHubStandIn, clock: FakeClock) -> None:
    for number in range(105):
        server.repository(f"acme/r{number}", archived=True)
    shop = server.repository("acme/shop", {"a": "1"}, private=True)
    made = server.app("debtscan", GRANTED, on=["acme"])
    server.hooks.on(made, "http://localhost:1/hook")
    server.hooks.settle()
    with app_client(server, made, clock) as client:
        assert client.app().html_url == f"{server.url}/apps/debtscan"
        (installed,) = client.installations()
        listed = client.repositories(installed.id)
        assert (len(listed), listed[-1].name) == (106, "acme/shop")
        assert dict(client.heads(installed.id, listed[-1:])) == {shop.settings.id: shop.head}
        assert client.file(installed.id, "acme/shop", "a") == b"1"
        assert [each.event for each in client.deliveries(clock.moment() - timedelta(days=1))] == ["ping"]
        assert client.repository(installed.id, shop.settings.id, "acme/shop").clone_source()[0] == shop.clone_url
