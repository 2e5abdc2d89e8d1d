"""The checker itself: the description is the whole of what is stood in for, and it catches what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.github.messages import Json, Request, Response
from tests.support.github.openapi import Description, published, with_nulls
from tests.support.github.routing import ROUTES, load

PULLS = "/repos/{owner}/{repo}/pulls"
PLACE = {"owner": "acme", "repo": "shop"}


def test_every_operation_is_described_and_no_other() -> None:
    load()
    described = {(method.upper(), template) for template, methods in published()["paths"].items() for method in methods}
    assert described == {(route.method, route.template) for route in ROUTES}


def test_its_source_is_stated() -> None:
    source = published()["source"]
    assert source["package"].startswith("@octokit/openapi ")
    assert source["licence"] == "MIT"


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ({"head": "a", "base": "main", "title": "T"}, ""),
        ({"head": "a", "title": "T"}, '"base" is a required property'),
        ({"head": "a", "base": "main", "draft": "yes"}, '"yes" is not of type "boolean"'),
        ({"head": "a", "base": "main", "labels": ["x"]}, "unknown field 'labels'"),
        (["a"], 'is not of type "object"'),
        ({"head": "a", "base": "main", "title": "T", "maintainer_can_modify": None}, "null is not of type"),
    ],
)
def test_a_wrong_body_is_caught(body: Any, flaw: str) -> None:  # noqa: ANN401 - any JSON
    request = Request(method="POST", path="/repos/acme/shop/pulls", body=json.dumps(body).encode())
    flaws = Description().request_flaws("POST", PULLS, PLACE, request)
    assert [flaw in each for each in flaws] == ([True] if flaw else [])


@pytest.mark.parametrize(
    ("query", "flaw"),
    [
        ({"state": "all", "per_page": "100"}, ""),
        ({"state": "merged"}, "merged"),
        ({"per_page": "many"}, "many"),
        ({"colour": "red"}, "unknown query parameter 'colour'"),
    ],
)
def test_a_wrong_query_is_caught(query: dict[str, str], flaw: str) -> None:
    request = Request(method="GET", path="/repos/acme/shop/pulls", query=query)
    flaws = Description().request_flaws("GET", PULLS, PLACE, request)
    assert [flaw in each for each in flaws] == ([True] if flaw else [])


@pytest.mark.parametrize(
    ("status", "body", "flaw"),
    [
        (200, [], ""),
        (200, {}, 'is not of type "array"'),
        (200, [{"number": 1}], "is a required property"),
        (418, [], "not described"),
        (404, {"message": "Not Found", "documentation_url": "https://docs.github.com"}, ""),
        (404, {"error": "Not Found"}, '"message" is a required property'),
    ],
)
def test_a_wrong_answer_is_caught(status: int, body: Json | list[Json], flaw: str) -> None:
    flaws = Description().response_flaws("GET", PULLS, Response(status=status, body=body))
    assert any(flaw in each for each in flaws) == bool(flaw)
    assert bool(flaws) == bool(flaw)


def test_fields_that_github_has_not_are_caught_wherever_they_are() -> None:
    output = {"title": "T", "summary": "S", "colour": "red"}
    body = json.dumps({"name": "n", "head_sha": "0" * 40, "output": output}).encode()
    checks = "/repos/{owner}/{repo}/check-runs"
    request = Request(method="POST", path="/repos/acme/shop/check-runs", body=body)
    assert Description().request_flaws("POST", checks, PLACE, request) == [
        f"POST {checks}: unknown field 'output/colour'"
    ]
    ref = "/repos/{owner}/{repo}/git/ref/{ref}"
    answer: Json = {"ref": "r", "node_id": "n", "url": "http://localhost/r", "branch": "b"}
    answer["object"] = {"type": "commit", "sha": "0" * 40, "url": "http://localhost/o", "size": 3}
    assert Description().response_flaws("GET", ref, Response(body=answer)) == [
        f"GET {ref} → 200: unknown field 'branch'",
        f"GET {ref} → 200: unknown field 'object/size'",
    ]


def test_what_may_be_null_may_be_null() -> None:
    assert with_nulls({"type": "string", "enum": ["a"], "nullable": True}) == {
        "anyOf": [{"type": "null"}, {"type": "string", "enum": ["a"]}]
    }
