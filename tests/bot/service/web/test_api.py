"""The read interface as programs meet it: every answer is held to its own description."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.service.api import openapi
from bot.service.api.csv import cell
from bot.service.api.endpoints import ENDPOINTS
from bot.service.database.tables import ENDS, REPORTS
from bot.service.web.model import Web
from tests.support.service import data
from tests.support.service.counted import queries
from tests.support.service.kinds import Scans
from tests.support.service.web import Clock, client_of, make_web, sign_in

API = "/api/v1"
LEGACY = f"{API}/repositories/acme/billing-026"
DOCUMENT = openapi.document("https://debtscan.example.org")
LISTS = [one for one in ENDPOINTS if one.rows]


def path_of(path: str) -> str:
    return API + path.replace("{org}", "acme").replace("{repo}", "billing-026")


def held(answer: Any, schema: str) -> Any:  # noqa: ANN401 - JSON
    """Return an answer's JSON; fail where it is not as described."""
    found = json.loads(answer.content)
    reference = {"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}
    jsonschema_rs.validator_for(reference).validate(found)
    return found


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_every_answer_is_as_described(ada: TestClient, sample: Web, endpoint: Any) -> None:  # noqa: ANN401 - an Endpoint
    with queries(sample.services.engine) as asked:
        answer = ada.get(path_of(endpoint.path))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert held(answer, endpoint.answer.__name__)
    assert len(asked) <= 5


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_who_has_it_gets_it_not_again(ada: TestClient, endpoint: Any) -> None:  # noqa: ANN401 - an Endpoint
    tag = ada.get(path_of(endpoint.path)).headers["etag"]
    again = ada.get(path_of(endpoint.path), headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("endpoint", LISTS, ids=lambda one: one.name)
def test_pages_and_csv_hold_the_same_rows(ada: TestClient, endpoint: Any) -> None:  # noqa: ANN401 - an Endpoint
    path = path_of(endpoint.path)
    found: list[Any] = []
    cursor = ""
    while cursor is not None:
        answer = held(ada.get(path, params={"limit": 7, "cursor": cursor}), endpoint.answer.__name__)
        assert len(answer["items"]) <= 7
        found += answer["items"]
        cursor = answer["next"]
        if len(found) > 60:
            break
    whole = ada.get(path, params={"format": "csv"})
    assert whole.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment; filename=" in whole.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(whole.text, newline="")))
    assert found
    assert len(rows) == len(found) if answer["next"] is None else len(rows) > len(found)
    for row, item in zip(rows, found, strict=False):
        assert row.keys() >= {name for name, value in item.items() if not isinstance(value, dict)}
        for name, value in item.items():
            if not isinstance(value, (dict, list)):
                assert row[name] == cell(value)


def test_csv_may_be_asked_for_by_its_type(ada: TestClient) -> None:
    answer = ada.get(f"{API}/organizations/acme/ends", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert ada.get(f"{API}/organizations/acme", headers={"Accept": "text/csv"}).headers["content-type"].endswith("json")


def test_lists_are_filtered(ada: TestClient) -> None:
    def items(path: str, **query: str) -> list[Any]:
        found: list[Any] = ada.get(f"{API}/{path}", params=query).json()["items"]
        return found

    assert {one["grade"] for one in items("organizations/acme/repositories", grade="E")} == {"E"}
    assert {one["state"] for one in items("organizations/acme/repositories", state="waiting")} == {"waiting"}
    assert {one["grade"] for one in items("organizations/acme/repositories", grade="-")} == {None}
    assert {one["name"] for one in items("organizations/acme/uses", name="flask")} == {"flask"}
    assert {one["ecosystem"] for one in items("organizations/acme/uses", q="e", ecosystem="docker")} == {"docker"}
    ends = items("organizations/acme/ends", after="2026-11-01", before="2027-05-01")
    assert {one["ends_on"][:7] for one in ends} == {"2027-04"}
    assert {one["group"] for one in items("repositories/acme/billing-026/findings", group="docker")} == {"docker"}
    assert {one["severity"] for one in items("repositories/acme/billing-026/findings", severity="high")} == {"high"}


def test_the_report_is_what_was_stored(ada: TestClient) -> None:
    report = ada.get(f"{LEGACY}/report").json()
    assert report["schema_version"] == "1"
    assert report["repository"]["name"] == "Acme/billing-026"
    assert report["inventory"]
    assert ada.get(f"{LEGACY}/findings").json()["items"] == report["findings"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("organizations/nobody", 404, "no such organisation"),
        ("organizations/nobody/repositories", 404, "no such organisation"),
        ("repositories/acme/nothing", 404, "no such repository"),
        ("repositories/acme/nothing/findings", 404, "no such repository"),
        ("repositories/acme/web-frontend-007/report", 404, "not scanned yet"),
        ("organizations/acme/repositories?limit=0", 400, "limit: Expected"),
        ("organizations/acme/repositories?grade=Z", 400, "grade: Invalid enum value"),
        ("organizations/acme/repositories?cursor=-", 400, "cursor: is none"),
        ("organizations/acme?q=x", 400, "q: is no parameter here"),
        ("organizations/acme/ends?after=soon", 400, "after: Invalid"),
        ("nothing", 404, ""),
        ("organizations/%00", 404, ""),
    ],
)
def test_a_mistake_is_told_as_a_problem(ada: TestClient, path: str, status: int, said: str) -> None:
    answer = ada.get(f"{API}/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    found = held(answer, "ProblemPart")
    assert found["status"] == status
    assert said in found["detail"]


def test_what_is_invisible_is_told_like_what_is_unknown(bob: TestClient) -> None:
    for further in ("", "/report", "/findings", "/history", "/hotspots", "/upgrades"):
        answers = [bob.get(f"{API}/repositories/acme/{name}{further}") for name in ("billing-026", "nothing")]
        assert [one.status_code for one in answers] == [404, 404]
        problems = [{**one.json(), "request_id": ""} for one in answers]
        assert problems[0] == problems[1]


def test_lists_hold_only_what_one_sees(bob: TestClient) -> None:
    mine = {"Acme/billing-001", "Acme/a-service-with-a-rather-long-name-for-the-mobile-apps-004", "Acme/shop-005"}
    assert {one["name"] for one in bob.get(f"{API}/organizations/acme/repositories").json()["items"]} == mine
    for name in ("uses", "ends"):
        rows = bob.get(f"{API}/organizations/acme/{name}").json()["items"]
        assert rows
        assert {one["repository"] for one in rows} <= mine
    assert bob.get(f"{API}/organizations").json()["items"][0]["repositories"] == 3


def test_nobody_is_told_to_sign_in(sample: Web) -> None:
    with client_of(sample) as client:
        for path in ("organizations", "organizations/acme", "organizations/nobody", "repositories/acme/shop-000"):
            answer = client.get(f"{API}/{path}")
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "Sign in" in held(answer, "ProblemPart")["detail"]


def test_it_is_only_read_from(ada: TestClient) -> None:
    assert ada.post(f"{API}/organizations").status_code in {403, 405}
    assert ada.request("DELETE", LEGACY).status_code in {403, 405}


def test_its_description_is_there_for_everybody(sample: Web) -> None:
    with client_of(sample) as client:
        answer = client.get(f"{API}/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(DOCUMENT))


def test_its_description_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    made = make_web(tmp_path / "service", Clock(), url="https://described.example.org")

    def document(url: str) -> dict[str, Any]:
        asked.append(url)
        return {"number": len(asked)}

    monkeypatch.setattr(openapi, "document", document)
    with client_of(made) as client:
        answers = [client.get(f"{API}/openapi.json") for _turn in range(3)]
    made.services.engine.dispose()
    assert asked == ["https://described.example.org"]
    assert [one.json() for one in answers] == [{"number": 1}] * 3


def test_lists_that_are_too_long_are_refused_and_not_cut(ada: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    ends, uses = f"{API}/organizations/acme/ends", f"{API}/organizations/acme/uses"
    total = ada.get(ends).json()["total"]
    rows = len(ada.get(uses, params={"format": "csv"}).text.splitlines()) - 1
    for most, status in ((total, 200), (total - 1, 400)):
        monkeypatch.setattr("bot.service.api.organizations.MOST_ROWS", most)
        answers = [ada.get(ends, params=query) for query in ({}, {"format": "csv"})]
        assert [one.status_code for one in answers] == [status] * 2
    assert "narrow them by after and before" in answers[0].json()["detail"]
    assert ada.get(ends, params={"before": "2027-04-01"}).status_code == 200
    for most, status in ((rows, 200), (rows - 1, 400)):
        monkeypatch.setattr("bot.service.api.organizations.MOST_ROWS", most)
        whole = ada.get(uses, params={"format": "csv"})
        assert whole.status_code == status
    assert "narrow them by name, q or ecosystem, or take JSON" in whole.json()["detail"]
    assert ada.get(uses, params={"format": "csv", "name": "flask"}).status_code == 200
    assert ada.get(uses).json()["next"]


@pytest.fixture
def own(tmp_path: Path, scans: Mapping[str, Scans]) -> Iterator[Web]:
    made = make_web(tmp_path / "own", Clock(data.NOW))
    data.filled(made.services.engine, scans, count=40)
    yield made
    made.services.engine.dispose()


def test_what_is_given_out_as_a_cursor_is_taken(own: Web) -> None:
    longest = {"subject": "\U0001f4a9" * 255, "ends_on": data.NOW.date(), "repository_id": data.FIRST}
    with own.services.engine.begin() as connection:
        connection.execute(sa.delete(ENDS))
        connection.execute(sa.insert(ENDS), [{**longest, "path": path} for path in ("a", "b")])
    with client_of(own) as client:
        sign_in(own, client, data.ids())
        path = f"{API}/organizations/acme/ends"
        first = client.get(path, params={"limit": 1}).json()
        assert client.get(path, params={"limit": 1, "cursor": first["next"]}).status_code == 200


def test_damage_is_told_and_not_a_crash(own: Web) -> None:
    with own.services.engine.begin() as connection:
        connection.execute(sa.update(REPORTS).values(document=b"no zlib"))
    with client_of(own) as client:
        sign_in(own, client, data.ids())
        answer = client.get(f"{LEGACY}/findings")
    assert answer.status_code == 503
    assert "cannot be read" in held(answer, "ProblemPart")["detail"]
