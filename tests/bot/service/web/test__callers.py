"""Programs with a person's token: what GitHub says of it counts, for a while, and it is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.service.database.tables import INSTALLATIONS, REPOSITORIES
from bot.service.web._callers import SECONDS, Caller, Callers, bearer
from bot.service.web.model import Web
from tests.support.github import GitHubStandIn
from tests.support.github.grants import App, Token
from tests.support.service.web import NOON, Clock, make_web, secrets_of, sign_in

VALUE = "ghu_0123456789abcdef"
LIST = "/api/v1/organizations/acme/repositories"


@pytest.fixture
def app(github: GitHubStandIn) -> App:
    github.repository("acme/shop", {"a": "1"}, organization=True, private=True, collaborators={"ada": "read"})
    github.repository("acme/secret", {"a": "1"}, private=True)
    return github.app("debtscan", on=["acme"])


@pytest.fixture
def web(github: GitHubStandIn, app: App, tmp_path: Path, clock: Clock) -> Iterator[Web]:
    made = make_web(tmp_path / "service", clock, github=github.url, secrets=secrets_of(app))
    with made.services.engine.begin() as connection:
        for one in app.installations:
            row = {"id": one.id, "account": "acme", "account_id": 1, "account_kind": "Organization"}
            connection.execute(sa.insert(INSTALLATIONS).values(**row, installed_at=NOON))
            for name in ("acme/shop", "acme/secret"):
                number = github.world.repositories[name].id
                values = {"id": number, "installation_id": one.id, "name": name, "key": name, "private": True}
                connection.execute(sa.insert(REPOSITORIES).values(**values))
    yield made
    made.services.engine.dispose()


@pytest.fixture
def token(github: GitHubStandIn, app: App) -> str:
    value = f"ghu_{7:036d}"
    account = github.world.accounts["ada"]
    github.world.tokens[value] = Token(value=value, account=account, permissions=dict(app.permissions), app=app)
    return value


def names(client: TestClient, token: str, scheme: str = "Bearer") -> list[str]:
    answer = client.get(LIST, headers={"Authorization": f"{scheme} {token}"})
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json()["items"]]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "token"])
def test_a_token_shows_what_its_person_sees(client: TestClient, token: str, scheme: str) -> None:
    assert names(client, token, scheme) == ["acme/shop"]


def test_github_is_asked_once_in_five_minutes(
    client: TestClient, token: str, github: GitHubStandIn, clock: Clock
) -> None:
    names(client, token)
    before = len(github.requests)
    names(client, token)
    assert len(github.requests) == before
    clock.go(seconds=SECONDS + 1)
    names(client, token)
    assert len(github.requests) > before


def test_a_wrong_token_is_refused_and_github_is_not_asked_again(client: TestClient, github: GitHubStandIn) -> None:
    wrong = {"Authorization": f"Bearer ghu_{'x' * 36}"}
    first = client.get(LIST, headers=wrong)
    assert (first.status_code, first.headers["www-authenticate"]) == (401, "Bearer")
    assert "GitHub does not take this token" in first.json()["detail"]
    before = len(github.requests)
    assert client.get(LIST, headers=wrong).status_code == 401
    assert len(github.requests) == before


@pytest.mark.parametrize(
    "head", ["Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer ghu_0123456789abcdef~", "Bearer " + "x" * 5000]
)
def test_what_is_no_token_is_not_asked_about(client: TestClient, github: GitHubStandIn, head: str) -> None:
    before = len(github.requests)
    assert client.get(LIST, headers=[("Authorization", head)]).status_code == 401
    assert len(github.requests) == before


def test_a_token_counts_before_a_session(client: TestClient, web: Web) -> None:
    sign_in(web, client, {1, 2, 3})
    assert client.get(LIST, headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_who_guesses_is_slowed_down(client: TestClient, clock: Clock) -> None:
    answers = [client.get(LIST, headers={"Authorization": f"Bearer ghu_{at:036d}"}) for at in range(25)]
    assert {one.status_code for one in answers[:20]} == {401}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    clock.go(minutes=5)
    assert client.get(LIST, headers={"Authorization": f"Bearer ghu_{99:036d}"}).status_code == 401


def test_where_github_is_down_it_is_said_and_not_remembered(
    client: TestClient, token: str, github: GitHubStandIn
) -> None:
    fault = github.fault("GET /user", status=502, times=100)
    assert client.get(LIST, headers={"Authorization": f"Bearer {token}"}).status_code == 503
    fault.times = fault.struck
    assert names(client, token) == ["acme/shop"]


def test_tokens_are_kept_nowhere(client: TestClient, token: str, web: Web) -> None:
    names(client, token)
    assert token not in repr(web)
    web.services.engine.dispose()
    kept = b"".join(path.read_bytes() for path in web.services.settings.folder.glob("debtscan.sqlite3*"))
    assert b"acme/shop" in kept
    assert token.encode() not in kept


def test_memory_is_bounded() -> None:
    callers = Callers(Clock())
    for at in range(1500):
        callers.remember(f"token-{at}", Caller("ada", frozenset()))
    assert callers.remembered("token-0") == (False, None)
    assert callers.remembered("token-1499")[0]


@pytest.mark.parametrize(
    ("head", "token"), [(f"Bearer {VALUE}", VALUE), (f"token {VALUE}", VALUE), (f"Basic {VALUE}", ""), ("", "")]
)
def test_only_a_token_is_one(head: str, token: str) -> None:
    assert bearer(head) == token
