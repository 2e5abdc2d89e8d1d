"""What holds for every answer, whatever its route."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.service.web import app as app_module
from bot.service.web._headers import content_policy
from bot.service.web.csrf import form_of
from bot.service.web.model import Web
from bot.service.web.viewer import signed_in, viewer_of
from tests.support.service.web import URL, Clock, client_of, csrf_of, make_web, sign_in

STRICT = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "strict-transport-security": "max-age=31536000",
    "cache-control": "no-store",
}


def _break(request: Request) -> Response:
    raise RuntimeError(f"the password is hunter2 at {request.url.path}")


async def _never(request: Request) -> Response:
    await anyio.sleep_forever()
    return _break(request)


def _without_database(request: Request) -> Response:
    raise sa.exc.OperationalError("SELECT secret", {}, RuntimeError(f"no connection for {request.url.path}"))


def _whoami(request: Request) -> Response:
    viewer = viewer_of(request)
    return JSONResponse({"login": viewer.login if viewer else None, "sees": bool(viewer and viewer.sees(7))})


def _only_for_people(request: Request) -> Response:
    return JSONResponse({"login": signed_in(request).login})


async def _post(request: Request) -> Response:
    return JSONResponse(dict(form_of(request)))


@pytest.fixture(autouse=True)
def more_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add routes that answer, break and take forms to the real ones."""
    real = app_module.routes
    own = [
        Route("/test/broken", _break),
        Route("/api/v1/broken", _break),
        Route("/test/never", _never),
        Route("/test/without-database", _without_database),
        Route("/test/whoami", _whoami),
        Route("/test/people", _only_for_people),
        Route("/api/v1/people", _only_for_people),
        Route("/test/post", _post, methods=["POST"]),
    ]
    monkeypatch.setattr(app_module, "routes", lambda: [*own, *real()])


@pytest.mark.parametrize("path", ["/healthz", "/no/such/page", "/test/broken", "/api/v1/broken"])
def test_every_answer_is_strict_with_browsers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in STRICT} == STRICT
    assert headers["content-security-policy"] == content_policy()
    assert "'unsafe" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_over_plain_http_no_browser_is_told_to_insist_on_tls(tmp_path: Path, clock: Clock) -> None:
    web = make_web(tmp_path / "plain", clock, url="http://127.0.0.1:8080")
    with client_of(web) as client:
        assert "strict-transport-security" not in client.get("/healthz").headers
    web.services.engine.dispose()


def test_people_get_a_page_and_programs_a_problem_and_neither_is_told_what_broke(client: TestClient) -> None:
    page = client.get("/test/broken", headers={"accept": "text/html"})
    problem = client.get("/api/v1/broken")
    assert (page.status_code, problem.status_code) == (500, 500)
    assert "<h1>Internal Server Error</h1>" in page.text
    assert page.headers["x-request-id"] in page.text
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong here. The operator finds the reason in the log.",
        "request_id": problem.headers["x-request-id"],
    }
    assert "hunter2" not in page.text + problem.text


def test_what_broke_is_in_the_log_under_the_name_of_the_request(client: TestClient) -> None:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = client.get("/test/broken")
    broken = next(line for line in lines if line["event"] == "a request failed")
    assert broken["log_level"] == "error"
    assert broken["request"] == answer.headers["x-request-id"]


def test_what_takes_too_long_is_ended(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.service.web._guard.BEGIN_WITHIN", 0.05)
    assert client.get("/test/never").status_code == 503


def test_without_the_database_people_are_told_to_come_back(client: TestClient) -> None:
    answer = client.get("/test/without-database")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "secret" not in answer.text
    assert "cannot look anything up" in answer.text


@pytest.mark.parametrize("path", ["/no/such/page", "/healthz/", "//example.org/%2e%2e", "/-/static/../base.html.j2"])
def test_what_is_not_there_is_404_and_leads_nowhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/test/whoami", "/api/v1/people", "/healthz", "/no/such/page"])
@pytest.mark.parametrize("query", [b"a=\xff", "q=\u00e9".encode()])
def test_a_query_of_bytes_that_no_address_holds_is_refused(web: Web, path: str, query: bytes) -> None:
    async def asked() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query,
            "headers": [(b"accept", b"text/html")],
            "client": ("192.0.2.7", 50_000),
            "server": ("debtscan.example.org", 443),
            "scheme": "https",
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's
            sent.append(message)

        await app_module.create(web)(scope, receive, send)
        return sent

    start, *bodies = anyio.run(asked)
    assert start["status"] == 400
    assert dict(start["headers"])[b"x-content-type-options"] == b"nosniff"
    assert b"The address holds bytes" in b"".join(body["body"] for body in bodies)


def test_the_log_of_requests_has_neither_query_strings_nor_control_characters(client: TestClient) -> None:
    with structlog.testing.capture_logs() as lines:
        client.get("/test/whoami%0Aforged%1b[2J?code=of-github&state=secret", headers={"cookie": "debtscan=secret"})
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["path"] == "/test/whoami\\nforged\\x1b[2J"
    assert line["status"] == 404
    assert line["client"] == "192.0.2.7"
    assert "secret" not in str(line)


def test_only_a_proxy_of_ours_may_name_a_request_and_its_client(tmp_path: Path, clock: Clock, web: Web) -> None:
    told = {"x-request-id": "from-the-proxy-1", "x-forwarded-for": "203.0.113.9, 198.51.100.4"}
    behind = make_web(tmp_path / "behind", clock, trusted_proxies=("192.0.2.0/24",))
    seen = []
    for one in (web, behind):
        with client_of(one) as client, structlog.testing.capture_logs() as lines:
            name = client.get("/healthz", headers=told).headers["x-request-id"]
        seen.append((name == "from-the-proxy-1", *(line["client"] for line in lines if line["event"] == "request")))
    behind.services.engine.dispose()
    assert seen == [(False, "192.0.2.7"), (True, "198.51.100.4")]


def test_a_proxy_that_nobody_named_is_told_once(client: TestClient) -> None:
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            client.get("/healthz", headers={"x-forwarded-for": "203.0.113.9"})
    told = [line for line in lines if "trusted-proxies" in line["event"]]
    assert [(line["log_level"], line["peer"]) for line in told] == [("warning", "192.0.2.7")]


def test_who_asks_too_often_has_to_wait_and_others_need_not(web: Web, clock: Clock, client: TestClient) -> None:
    answers = [client.get("/test/whoami") for _ in range(121)]
    assert {answer.status_code for answer in answers[:120]} == {200}
    assert answers[120].status_code == 429
    assert answers[120].headers["retry-after"] == "1"
    with client_of(web, address="192.0.2.8") as other:
        assert other.get("/test/whoami").status_code == 200
    assert client.get("/healthz").status_code == 200
    clock.go(seconds=1)
    assert client.get("/test/whoami").status_code == 200


def test_a_person_who_signed_in_is_known_until_the_sign_in_ends(web: Web, clock: Clock, client: TestClient) -> None:
    assert client.get("/test/whoami").json() == {"login": None, "sees": False}
    sign_in(web, client, [7])
    assert client.get("/test/whoami").json() == {"login": "ada", "sees": True}
    clock.go(hours=8)
    assert client.get("/test/whoami").json() == {"login": None, "sees": False}


READS: list[tuple[str, str, dict[str, str]]] = [
    ("HEAD", "/test/people", {}),
    ("GET", "/test/people", {"accept": "application/json"}),
    ("GET", "/test/people", {"sec-fetch-mode": "cors"}),
    ("GET", "/test/people", {"sec-fetch-mode": "no-cors", "accept": "image/*"}),
    ("GET", "/api/v1/people", {}),
    ("HEAD", "/api/v1/people", {}),
    ("GET", "/api/v1/people", {"sec-fetch-mode": "cors", "accept": "text/html"}),
    ("GET", "/api/v1/people", {"sec-fetch-mode": "navigate"}),
    ("GET", "/api/v1/organizations", {}),
]


@pytest.mark.parametrize(("method", "path", "headers"), READS)
def test_after_ten_minutes_nothing_is_read_by_what_github_showed(
    web: Web, clock: Clock, client: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    sign_in(web, client, [7])
    clock.go(minutes=10)
    assert client.request(method, path, headers=headers).status_code == 200
    clock.go(seconds=1)
    assert client.request(method, path, headers=headers).status_code in {303, 401}


def test_a_visit_after_ten_minutes_goes_through_github_and_forms_stop_after_an_hour(
    web: Web, clock: Clock, client: TestClient
) -> None:
    sign_in(web, client, [7])
    token = csrf_of(client)
    clock.go(minutes=10)
    assert client.get("/test/whoami").status_code == 200
    clock.go(seconds=1)
    visit = client.get("/test/whoami?page=2&x=%26")
    assert (visit.status_code, visit.headers["location"]) == (
        303,
        "/-/sign-in?next=%2Ftest%2Fwhoami%3Fpage%3D2%26x%3D%2526",
    )
    assert client.get("/test/whoami", headers={"sec-fetch-mode": "cors"}).json()["login"] is None
    clock.go(minutes=49, seconds=59)
    assert client.post("/test/post", data={"csrf": token}).status_code == 200
    clock.go(seconds=1)
    assert client.post("/test/post", data={"csrf": token}).status_code == 403


@pytest.mark.parametrize("headers", [{"sec-fetch-mode": "navigate"}, {"accept": "text/html,*/*;q=0.8"}])
def test_a_link_to_the_interface_goes_through_github_as_a_page_does(
    web: Web, clock: Clock, client: TestClient, headers: dict[str, str]
) -> None:
    sign_in(web, client, [7])
    clock.go(minutes=11)
    link = client.get("/api/v1/organizations?format=csv", headers=headers)
    assert (link.status_code, link.headers["location"]) == (
        303,
        "/-/sign-in?next=%2Fapi%2Fv1%2Forganizations%3Fformat%3Dcsv",
    )


def test_a_program_with_an_old_session_is_told_what_to_do(web: Web, clock: Clock, client: TestClient) -> None:
    sign_in(web, client, [7])
    clock.go(minutes=11)
    refused = client.get("/api/v1/organizations")
    assert refused.status_code == 401
    assert "Open a page of debtscan anew" in refused.json()["detail"]
    assert client.get("/api/v1/openapi.json").status_code == 200


def test_what_is_for_people_sends_visits_to_the_sign_in_and_answers_programs_401(client: TestClient) -> None:
    visit = client.get("/test/people?a=b")
    assert (visit.status_code, visit.headers["location"]) == (303, "/-/sign-in?next=%2Ftest%2Fpeople%3Fa%3Db")
    assert client.get("/api/v1/people").status_code == 401


def test_before_the_registration_what_is_for_people_leads_to_the_setup(new: Web) -> None:
    with client_of(new) as client:
        assert client.get("/test/people").headers["location"] == "/setup"


def test_a_form_needs_the_token_of_ones_own_session(web: Web, client: TestClient) -> None:
    sign_in(web, client)
    own = csrf_of(client)
    assert client.post("/test/post", data={"csrf": own, "a": "1"}).json() == {"csrf": own, "a": "1"}
    assert own != csrf_of(client), "each page has its own, for compression not to give it away"
    with client_of(web) as other:
        sign_in(web, other, login="eve", id=2)
        stolen = csrf_of(other)
    for token in ("", "x", "é", own[:-4] + "AAAA", stolen):
        assert client.post("/test/post", data={"csrf": token}).status_code == 403
    with client_of(web) as nobody:
        assert nobody.post("/test/post", data={"csrf": own}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_token(
    web: Web, client: TestClient, headers: dict[str, str]
) -> None:
    sign_in(web, client)
    token = csrf_of(client)
    assert client.post("/test/post", data={"csrf": token}, headers=headers).status_code == 403
    for ours in ({"origin": URL}, {"origin": "http://127.0.0.1:8080", "sec-fetch-site": "same-origin"}):
        assert client.post("/test/post", data={"csrf": token}, headers=ours).status_code == 200


def test_forms_are_bounded_in_size_fields_and_kind(web: Web, client: TestClient) -> None:
    sign_in(web, client)
    token = csrf_of(client)
    assert client.post("/test/post", data={"csrf": token, "a": "x" * 65_536}).status_code == 413
    assert client.post("/test/post", data={"csrf": token} | {str(n): "" for n in range(60)}).status_code == 400
    assert client.post("/test/post", json={"csrf": token}).status_code == 415
    assert client.post("/test/post", content=b"a=%ff\xff", headers=FORM).status_code == 400


def test_every_post_of_the_service_is_refused_to_another_site(web: Web, client: TestClient) -> None:
    sign_in(web, client)
    posts = [
        route.path for route in app_module.routes() if isinstance(route, Route) and "POST" in (route.methods or ())
    ]
    checked = [path for path in posts if not path.startswith("/webhooks/")]
    assert checked
    for path in checked:
        form = {"csrf": csrf_of(client)}
        refused = client.post(path, data=form, headers={"origin": "https://evil.example", "accept": "text/html"})
        assert refused.status_code == 403
        assert "another site" in refused.text


def test_the_pages_are_made_in_few_threads(client: TestClient) -> None:
    from anyio.to_thread import current_default_thread_limiter

    assert client.portal
    limiter = client.portal.call(current_default_thread_limiter)
    assert limiter.total_tokens == app_module.THREADS


FORM = {"content-type": "application/x-www-form-urlencoded"}
