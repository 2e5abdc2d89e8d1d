"""Signing in: through GitHub and back, in the browser that began it, once, and to nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.service import sign_ins
from bot.service.database.tables import INSTALLATIONS, SIGN_INS
from bot.service.web.model import GITHUB_THREADS, Web
from bot.service.web.sign_in import local
from tests.support.github import GitHubStandIn, pages
from tests.support.github.grants import App
from tests.support.service.serving import serving
from tests.support.service.web import COOKIE, NOON, URL, Clock, client_of, csrf_of, make_web, secrets_of

BACK = f"{URL}/-/signed-in"


@pytest.fixture
def app(github: GitHubStandIn) -> App:
    github.repository("acme/shop", {"a": "1"}, organization=True, private=True, collaborators={"ada": "read"})
    github.repository("acme/secret", {"a": "1"}, private=True)
    return github.app("debtscan", on=["acme"], callbacks=[BACK])


@pytest.fixture
def web(github: GitHubStandIn, app: App, tmp_path: Path, clock: Clock) -> Iterator[Web]:
    """Make the web side of a service whose App is one of the stand-in's."""
    made = make_web(tmp_path / "service", clock, github=github.url, secrets=secrets_of(app))
    with made.services.engine.begin() as connection:
        for one in app.installations:
            row = {
                "id": one.id,
                "account": one.account.login,
                "account_id": one.account.id,
                "account_kind": "Organization",
            }
            connection.execute(sa.insert(INSTALLATIONS).values(**row, installed_at=NOON))
    yield made
    made.services.engine.dispose()


def _there(client: TestClient, goal: str = "/acme") -> str:
    """Begin; return GitHub's page."""
    begun = client.get("/-/sign-in", params={"next": goal})
    assert begun.status_code == 303
    return begun.headers["location"]


def _back(page: str, **changed: str) -> str:
    """Press the button of GitHub's page; return the path that it leads back to."""
    location = pages.press(page, changed=changed)
    assert location.startswith(BACK)
    return location.removeprefix(URL)


def _kept(web: Web) -> list[sa.Row[tuple[object, ...]]]:
    with web.services.engine.connect() as connection:
        return list(connection.execute(sa.select(SIGN_INS)))


def test_who_signs_in_is_known_and_sees_what_github_shows(web: Web, client: TestClient, github: GitHubStandIn) -> None:
    page = _there(client, "/acme?grade=F&page=2")
    query = parse_qs(urlsplit(page).query)
    assert query["redirect_uri"] == [BACK]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) == 43
    end = client.get(_back(page))
    assert (end.status_code, end.headers["location"]) == (303, "/acme?grade=F&page=2")
    found = sign_ins.find(web.services, client.cookies[COOKIE])
    assert found
    assert (found.login, found.user_id) == ("ada", github.world.accounts["ada"].id)
    assert found.repositories == {github.world.repositories["acme/shop"].id}
    assert "Sign out" in client.get("/no/such/page", headers={"accept": "text/html"}).text


def test_the_cookie_is_of_this_host_alone_and_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    begun = client.get("/-/sign-in")
    end = client.get(_back(begun.headers["location"]))
    given = [*begun.headers.get_list("set-cookie"), *end.headers.get_list("set-cookie")]
    assert len(given) == 3
    for cookie in given:
        assert cookie.startswith("__Host-debtscan")
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
    assert [cookie for cookie in given if "max-age=28800" in cookie.lower()], "as long as the sign-in lasts"


def test_nothing_of_the_token_or_the_cookie_is_in_the_database_or_the_log(
    web: Web, client: TestClient, github: GitHubStandIn, capsys: pytest.CaptureFixture[str], app: App
) -> None:
    page = _there(client)
    path = _back(page)
    client.get(path)
    code = parse_qs(urlsplit(path).query)["code"][0]
    secret = [code, client.cookies[COOKIE], app.client_secret, parse_qs(urlsplit(page).query)["state"][0]]
    secret += [value for value in github.world.tokens if value.startswith("ghu_")]
    assert len(secret) == 5
    told = capsys.readouterr()
    shown = str(_kept(web)) + told.out + told.err
    assert "/-/signed-in" in shown
    assert not [one for one in secret if one in shown]


def test_a_code_is_good_in_the_browser_that_asked_for_it_alone(web: Web, client: TestClient) -> None:
    path = _back(_there(client))
    with client_of(web) as victim:
        for prepared in (False, True):
            if prepared:
                _there(victim)
            refused = victim.get(path)
            assert refused.status_code == 403
            assert COOKIE not in victim.cookies
    assert _kept(web) == []


def test_a_way_is_gone_once(web: Web, client: TestClient) -> None:
    path = _back(_there(client))
    cookies = dict(client.cookies)
    assert client.get(path).status_code == 303
    assert client.get(path).status_code == 403
    with client_of(web) as replaying:
        replaying.cookies.update(cookies)
        assert replaying.get(path).status_code == 403
    assert len(_kept(web)) == 1


def test_a_way_that_takes_too_long_leads_nowhere(client: TestClient, clock: Clock) -> None:
    path = _back(_there(client))
    clock.go(minutes=10)
    assert client.get(path).status_code == 403


def test_several_tabs_go_through_github_at_once(client: TestClient) -> None:
    goals = [f"/acme/{number}" for number in range(6)]
    paths = [_back(_there(client, goal)) for goal in goals]
    assert [client.get(path).headers["location"] for path in reversed(paths)] == goals[::-1]


def test_ways_that_were_never_ended_do_not_pile_up(client: TestClient) -> None:
    goals = [f"/acme/{number}" for number in range(12)]
    paths = [_back(_there(client, goal)) for goal in goals]
    assert len(client.cookies) == 8
    ended = [client.get(path) for path in paths]
    assert [one.status_code for one in ended] == [403] * 4 + [303] * 8
    assert [one.headers["location"] for one in ended[4:]] == goals[4:], "it is the oldest that are given up"


@pytest.mark.parametrize("name", ["0 (x)", "a,b", "a@b", "é", "x" * 101])
def test_a_cookie_of_a_name_that_is_none_of_ours_is_left_alone(client: TestClient, name: str) -> None:
    many = [f"__Host-debtscan-sign-in-{number}=x" for number in range(8)]
    sent = "; ".join([f"__Host-debtscan-sign-in-{name}=x", *many])
    begun = client.get("/-/sign-in", headers=[(b"cookie", sent.encode("latin-1"))])
    assert begun.status_code == 303
    forgotten = [cookie for cookie in begun.headers.get_list("set-cookie") if "max-age=0" in cookie.lower()]
    assert [cookie.partition("=")[0] for cookie in forgotten] == ["__Host-debtscan-sign-in-0"]


@pytest.mark.parametrize("changed", [{"state": "made-up"}, {"state": ""}, {"state": "x" * 5000}])
def test_another_state_is_refused(client: TestClient, changed: dict[str, str]) -> None:
    path = _back(_there(client))
    code = parse_qs(urlsplit(path).query)["code"][0]
    assert client.get("/-/signed-in", params={"code": code, **changed}).status_code == 403
    assert client.get("/-/signed-in").status_code == 403


def test_a_cookie_that_was_changed_or_sealed_for_another_purpose_is_refused(client: TestClient) -> None:
    path = _back(_there(client))
    (name,) = client.cookies
    value = client.cookies[name]
    for other in (value[:-8] + "AAAAAAAA", "x", "", "é"):
        client.cookies.clear()
        assert client.get(path, headers=[(b"cookie", f"{name}={other}".encode("latin-1"))]).status_code == 403


def test_who_says_no_at_github_is_told_so_and_not_signed_in(web: Web, client: TestClient) -> None:
    refused = client.get(_back(_there(client), answer="no"), headers={"accept": "text/html"})
    assert refused.status_code == 403
    assert "GitHub was not allowed to say who you are" in refused.text
    assert _kept(web) == []


@pytest.mark.parametrize(("refusal", "status"), [(401, 403), (403, 403), (500, 503), (502, 503)])
def test_what_github_refuses_is_told_and_nobody_is_signed_in(
    web: Web, client: TestClient, github: GitHubStandIn, refusal: int, status: int
) -> None:
    path = _back(_there(client))
    github.fault("GET /user", status=refusal, times=9)
    assert client.get(path).status_code == status
    assert _kept(web) == []


def test_where_the_apps_own_secret_is_wrong_nobody_is_signed_in(web: Web, client: TestClient, app: App) -> None:
    path = _back(_there(client))
    app.client_secret = "made-anew-at-github"
    assert client.get(path).status_code == 403
    assert _kept(web) == []


def test_a_verifier_of_another_browser_does_not_get_a_token(web: Web, client: TestClient) -> None:
    """What PKCE is for: a code that leaks is worth nothing without the cookie of the browser that asked for it."""
    stolen = parse_qs(urlsplit(_back(_there(client))).query)["code"][0]
    with client_of(web) as thief:
        state = parse_qs(urlsplit(_there(thief)).query)["state"][0]
        assert thief.get("/-/signed-in", params={"code": stolen, "state": state}).status_code == 403
    assert _kept(web) == []


def test_a_planted_cookie_becomes_nobody_elses_session(web: Web, client: TestClient, github: GitHubStandIn) -> None:
    planted = sign_ins.open_for(web.services, 666, "mallory", [])
    client.cookies.set(COOKIE, planted)
    client.get(_back(_there(client)))
    assert [row.login for row in _kept(web)] == ["ada"]
    assert sign_ins.find(web.services, planted) is None
    client.cookies.set(COOKIE, "chosen-by-somebody")
    github.world.visitor = "bob"
    client.get(_back(_there(client)))
    assert sign_ins.find(web.services, "chosen-by-somebody") is None


def test_going_through_github_again_keeps_the_session_and_renews_what_is_seen(
    web: Web, client: TestClient, github: GitHubStandIn, clock: Clock
) -> None:
    client.get(_back(_there(client)))
    before = sign_ins.find(web.services, next(c.value or "" for c in client.cookies.jar if c.name == COOKIE))
    github.world.repositories["acme/shop"].collaborators.clear()
    clock.go(minutes=11)
    again = client.get("/acme?x=1")
    assert (again.status_code, again.headers["location"]) == (303, "/-/sign-in?next=%2Facme%3Fx%3D1")
    client.get(_back(_there(client)))
    (row,) = _kept(web)
    assert before
    assert row.id == before.id
    assert row.repositories == "[]"
    assert row.seen_at == clock.now
    assert (row.until - row.since).total_seconds() == 8 * 3600, "it ends when it would have"


def test_sign_ins_that_ended_are_removed_with_the_next(web: Web, client: TestClient, clock: Clock) -> None:
    sign_ins.open_for(web.services, 5, "eve", [])
    clock.go(hours=8)
    client.get(_back(_there(client)))
    assert [row.login for row in _kept(web)] == ["ada"]


def test_who_signs_out_is_forgotten_here(web: Web, client: TestClient) -> None:
    client.get(_back(_there(client)))
    token = csrf_of(client)
    assert client.get("/-/sign-out").status_code == 405
    assert client.post("/-/sign-out").status_code == 403
    assert len(_kept(web)) == 1
    out = client.post("/-/sign-out", data={"csrf": token})
    assert (out.status_code, out.headers["location"]) == (303, "/")
    assert COOKIE not in client.cookies
    assert _kept(web) == []


def test_who_signs_out_on_an_old_page_is_forgotten_too(web: Web, client: TestClient, clock: Clock) -> None:
    client.get(_back(_there(client)))
    token = csrf_of(client)
    clock.go(hours=7)
    assert client.post("/-/sign-out", data={"csrf": f"{token}A"}).status_code == 403
    assert (
        client.post("/-/sign-out", data={"csrf": token}, headers={"origin": "https://evil.example"}).status_code == 403
    )
    assert len(_kept(web)) == 1
    assert client.post("/-/sign-out", data={"csrf": token}).status_code == 303
    assert COOKIE not in client.cookies
    assert _kept(web) == []


def test_while_github_does_not_answer_pages_do(github: GitHubStandIn, app: App, tmp_path: Path, clock: Clock) -> None:
    """More people sign in than there are threads for it, and none of them gets anywhere."""
    many, asked, released = 2 * GITHUB_THREADS, Semaphore(0), Event()

    def hold() -> None:
        asked.release()
        released.wait(60)

    def make(url: str) -> Web:
        app.callbacks = (f"{url}/-/signed-in",)
        return make_web(tmp_path / "served", clock, url=url, github=github.url, secrets=secrets_of(app))

    def enter(url: str) -> str:
        with httpx2.Client(base_url=url, timeout=60) as person:
            there = person.get("/-/sign-in?next=/acme").headers["location"]
            return str(person.get(pages.press(there)).headers.get("location"))

    github.fault("GET /user", call=hold, times=many)
    with serving(make) as web, ThreadPoolExecutor(many) as people:
        waiting = [people.submit(enter, web.url) for _ in range(many)]
        try:
            assert all(asked.acquire(timeout=60) for _ in range(GITHUB_THREADS))
            with httpx2.Client(base_url=web.url, timeout=20) as client:
                assert client.get("/no/such/page").status_code == 404
                assert client.get("/readyz").json()["database"] is True
            assert not any(one.done() for one in waiting)
        finally:
            released.set()
        assert [one.result(60) for one in waiting] == ["/acme"] * many


def test_a_service_that_is_not_registered_has_no_sign_in(new: Web) -> None:
    with client_of(new) as client:
        assert client.get("/-/sign-in").status_code == 404


@pytest.mark.parametrize("goal", ["/", "/acme", "/acme/shop?rule=a&page=2", "/acme#top", "/a//b"])
def test_paths_of_ours_are_gone_to(goal: str) -> None:
    assert local(goal) == goal


@given(st.text(max_size=40) | st.text("/\\\t\n:@.-evil?#", max_size=12))
def test_whatever_is_asked_for_stays_on_this_host(goal: str) -> None:
    # What browsers do before they read an address.
    read = "".join(char for char in local(goal) if char not in "\t\r\n").strip().replace("\\", "/")
    assert urlsplit(urljoin(f"{URL}/-/signed-in", read)).netloc == urlsplit(URL).netloc


@pytest.mark.parametrize(
    "goal",
    [
        "",
        "acme",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/-/sign-out",
        "/é",
        "/" + "a" * 2000,
        "https:evil.example",
    ],
)
def test_what_may_lead_elsewhere_leads_to_the_start(goal: str) -> None:
    assert local(goal) == "/"
