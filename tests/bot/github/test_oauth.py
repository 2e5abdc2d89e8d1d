"""Signing in: a code bound to a browser and a verifier, a token that is used and forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.github.address import PUBLIC, Address
from bot.github.app_objects import Person
from bot.github.errors import ForbiddenError, HostError, LostAnswerError, RateLimitedError, UnreachableError
from bot.github.oauth import UserToken, authorize_url, challenge_of, exchange, person, visible_repositories
from bot.github.session import Settings
from tests.support.github import pages
from tests.support.github.grants import App
from tests.support.github.messages import Response
from tests.support.github.standin import GitHubStandIn
from tests.support.github_client import FakeClock, settings_for

BACK = "http://localhost:8080/signed-in"
VERIFIER = "v" * 43
REPOSITORIES = "GET /user/installations/{installation_id}/repositories"


@pytest.fixture
def app(github: GitHubStandIn) -> App:
    github.repository("acme/shop", {"a": "1"}, organization=True, private=True)
    github.repository("acme/api", {"a": "1"}, private=True, collaborators={"ada": "read"})
    github.repository("acme/open", {"a": "1"})
    github.repository("globex/site", {"a": "1"}, private=True, collaborators={"ada": "write"})
    github.repository("ada/notes", {"a": "1"}, private=True)
    return github.app("debtscan", on=["acme", "globex", "ada"], callbacks=[BACK])


@dataclass(frozen=True)
class SignIn:
    """A person in front of GitHub's page."""

    app: App
    settings: Settings

    def code(self, challenge: str = challenge_of(VERIFIER), **changed: str) -> dict[str, list[str]]:
        url = authorize_url(self.settings.address, self.app.client_id, BACK, "state&1", challenge)
        return parse_qs(urlsplit(pages.press(url, changed=changed)).query)

    def token(self, code: str = "", **changed: str) -> UserToken:
        given = {
            "client_id": self.app.client_id,
            "client_secret": self.app.client_secret,
            "code": code or self.code()["code"][0],
            "verifier": VERIFIER,
            "redirect": BACK,
            **changed,
        }
        return exchange(self.settings.address, settings=self.settings, **given)


@pytest.fixture
def sign_in(github: GitHubStandIn, app: App, clock: FakeClock) -> SignIn:
    return SignIn(app, settings_for(github, clock))


def ids(github: GitHubStandIn, *names: str) -> frozenset[int]:
    return frozenset(github.world.repositories[name].id for name in names)


def test_who_signs_in_is_told(sign_in: SignIn, github: GitHubStandIn) -> None:
    assert sign_in.code()["state"] == ["state&1"]
    assert person(sign_in.token()) == Person(github.world.accounts["ada"].id, "ada")
    github.world.visitor = "bob"
    assert person(sign_in.token()).login == "bob"


def test_people_see_what_they_were_given_access_to(sign_in: SignIn, github: GitHubStandIn, app: App) -> None:
    known = [each.id for each in app.installations]
    token = sign_in.token()
    assert visible_repositories(token, known) == ids(github, "acme/api", "globex/site", "ada/notes")
    assert visible_repositories(token, known[:1]) == ids(github, "acme/api")
    assert visible_repositories(token, [1]) == frozenset()
    github.world.members["acme"] = {"ada"}
    assert visible_repositories(token, known[:1]) == ids(github, "acme/shop", "acme/api", "acme/open")
    app.installations[0].repositories = {"acme/shop"}
    assert visible_repositories(token, known[:1]) == ids(github, "acme/shop")
    github.world.visitor = "bob"
    assert visible_repositories(sign_in.token(), known) == frozenset()


def test_a_suspended_installation_shows_nothing(
    sign_in: SignIn, github: GitHubStandIn, app: App, clock: FakeClock
) -> None:
    app.installations[0].suspended = clock.moment()
    known = [each.id for each in app.installations]
    assert visible_repositories(sign_in.token(), known) == ids(github, "globex/site", "ada/notes")


def test_the_lists_have_pages(sign_in: SignIn, github: GitHubStandIn, app: App) -> None:
    for number in range(105):
        github.repository(f"acme/r{number}", collaborators={"ada": "read"})
    assert len(visible_repositories(sign_in.token(), [app.installations[0].id])) == 106


def test_a_failure_is_no_short_list(sign_in: SignIn, github: GitHubStandIn, app: App) -> None:
    github.fault(REPOSITORIES, status=500, times=0)
    with pytest.raises(HostError):
        visible_repositories(sign_in.token(), [app.installations[0].id])


def test_nobody_waits_long_in_front_of_a_browser(sign_in: SignIn, github: GitHubStandIn, clock: FakeClock) -> None:
    token = sign_in.token()
    github.fault("GET /user", status=503, times=0)
    with pytest.raises(UnreachableError, match="2 times asked"):
        person(token)
    github.fault(REPOSITORIES, secondary=True, retry_after=60, times=0)
    with pytest.raises(RateLimitedError):
        visible_repositories(token, [sign_in.app.installations[0].id])
    assert sum(clock.slept) == 1.0


def test_a_code_is_good_once_and_for_ten_minutes(sign_in: SignIn, clock: FakeClock) -> None:
    code = sign_in.code()["code"][0]
    sign_in.token(code)
    with pytest.raises(ForbiddenError, match="sign in again"):
        sign_in.token(code)
    late = sign_in.code()["code"][0]
    clock.seconds += 601
    with pytest.raises(ForbiddenError, match="the sign-in took too long"):
        sign_in.token(late)


def test_who_has_not_the_verifier_gets_nothing(sign_in: SignIn) -> None:
    code = sign_in.code()["code"][0]
    with pytest.raises(ForbiddenError, match="did not take the sign-in"):
        sign_in.token(code, verifier="w" * 43)
    with pytest.raises(ForbiddenError):
        sign_in.token(code)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client_secret": "wrong"}, "the client secret of the GitHub App is wrong"),
        ({"redirect": "http://localhost:8080/other"}, "name another callback URL"),
    ],
)
def test_a_wrong_setting_is_explained(sign_in: SignIn, changed: dict[str, str], said: str) -> None:
    with pytest.raises(ForbiddenError, match=said):
        sign_in.token(**changed)


def test_a_person_may_say_no(sign_in: SignIn) -> None:
    answered = sign_in.code(answer="no")
    assert (answered["error"], answered["state"]) == (["access_denied"], ["state&1"])
    assert "code" not in answered


def test_a_lost_answer_is_not_asked_for_again(sign_in: SignIn, github: GitHubStandIn) -> None:
    code = sign_in.code()["code"][0]
    github.fault("POST web", drop=True, after=True)
    with pytest.raises(LostAnswerError, match="sign-in was lost; sign in again"):
        sign_in.token(code)


@pytest.mark.parametrize(
    "answer",
    [
        Response(body=b"<html>", headers={"content-type": "text/html"}),
        Response(body=[]),
        Response(body={}),
        Response(body={"access_token": 1}),
        Response(body={"access_token": "a\nb"}),
    ],
)
def test_strange_answers_are_errors_of_ours(sign_in: SignIn, github: GitHubStandIn, answer: Response) -> None:
    code = sign_in.code()["code"][0]
    github.fault("POST web", response=answer)
    with pytest.raises(UnreachableError):
        sign_in.token(code)


def test_a_refusal_in_other_words_is_told_in_one_line(sign_in: SignIn, github: GitHubStandIn) -> None:
    code = sign_in.code()["code"][0]
    github.fault("POST web", response=Response(body={"error": "some\nthing" + "x" * 999}))
    with pytest.raises(ForbiddenError, match=r"did not take the sign-in: some thingx+; sign in again") as raised:
        sign_in.token(code)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize("code", ["", "a b", "x" * 201, "a\r\nb"])
def test_what_is_no_code_is_not_sent(sign_in: SignIn, github: GitHubStandIn, code: str) -> None:
    with pytest.raises(ForbiddenError, match="none of GitHub's"):
        exchange(sign_in.settings.address, "id", "secret", code, VERIFIER, BACK, sign_in.settings)
    assert not github.requests


def test_nothing_shows_the_token(sign_in: SignIn) -> None:
    token = sign_in.token()
    assert token.value not in repr(token)
    with pytest.raises(ForbiddenError) as raised:
        person(replace(token, value=token.value + "x"))
    assert token.value not in str(raised.value)


def test_the_page_is_one_of_the_web_address() -> None:
    server = Address("https://github.example.com", "https://github.example.com/api/v3")
    for address in (PUBLIC, server):
        url = authorize_url(address, "Iv1.1", BACK, "s", "c")
        assert url.startswith(
            f"{address.web}/login/oauth/authorize?client_id=Iv1.1&redirect_uri=http%3A%2F%2Flocalhost"
        )
        assert url.endswith("&code_challenge_method=S256")


def test_the_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_server_of_ones_own_signs_people_in(server: GitHubStandIn, clock: FakeClock) -> None:
    shop = server.repository("acme/shop", {"a": "1"}, private=True, collaborators={"ada": "read"})
    made = server.app("debtscan", on=["acme"], callbacks=[BACK])
    token = SignIn(made, settings_for(server, clock)).token()
    assert person(token).login == "ada"
    assert visible_repositories(token, [made.installations[0].id]) == {shop.settings.id}
