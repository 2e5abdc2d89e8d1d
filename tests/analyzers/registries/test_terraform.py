"""Terraform's registries. The answers are made from documentation: see the README beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analyzers.errors import FetchError
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.registries import terraform
from tests.support.exchanges import answer_of

FIXTURES = Path(__file__).parent / "fixtures" / "terraform"


def reply(name: str) -> Response:
    return Response(200, {}, (FIXTURES / f"{name}.json").read_bytes())


def package(answer: Answer) -> Package:
    assert isinstance(answer, Known), answer
    assert isinstance(answer.value, Package)
    return answer.value


def test_a_provider_has_its_versions_and_their_days() -> None:
    asked: list[Request] = []
    answer = answer_of(
        terraform.SOURCE,
        Question("terraform", "providers/hashicorp/random"),
        reply("discovery"),
        reply("provider-versions"),
        reply("provider-detail"),
        asked=asked,
    )
    assert package(answer) == Package(
        "hashicorp/random", (Release("2.0.0", date(2018, 8, 15)), Release("2.0.1")), newest=None
    )
    assert [request.url for request in asked] == [
        "https://registry.terraform.io/.well-known/terraform.json",
        "https://registry.terraform.io/v1/providers/hashicorp/random/versions",
        "https://registry.terraform.io/v2/providers/hashicorp/random?include=provider-versions",
    ]


def test_of_a_module_the_newest_version_alone_has_a_day() -> None:
    asked: list[Request] = []
    question = Question("terraform", "modules/hashicorp/consul/aws")
    replies = (reply("discovery"), reply("module-versions"), reply("module"))
    found = package(answer_of(terraform.SOURCE, question, *replies, asked=asked))
    assert found.releases == (Release("1.0.0"), Release("1.1.0"), Release("2.0.0", date(2017, 9, 14)))
    assert [request.url.partition("terraform.io")[2] for request in asked[1:]] == [
        "/v1/modules/hashicorp/consul/aws/versions",
        "/v1/modules/hashicorp/consul/aws",
    ]


@pytest.mark.parametrize(
    "broken", [Response(404, {}, b""), Response(200, {}, b"<html>"), FetchError("time-out", "slow")]
)
def test_without_days_the_versions_stay_known(broken: Response | FetchError) -> None:
    question = Question("terraform", "providers/hashicorp/random")
    answer = answer_of(terraform.SOURCE, question, reply("discovery"), reply("provider-versions"), broken)
    assert package(answer).releases == (Release("2.0.0"), Release("2.0.1"))


@pytest.mark.parametrize(
    ("address", "addresses", "base"),
    [
        ("https://app.terraform.io", {}, "https://app.terraform.io"),
        ("", {"terraform": "https://registry.opentofu.org/"}, "https://registry.opentofu.org"),
        ("https://app.terraform.io", {"terraform": "https://mirror.example"}, "https://app.terraform.io"),
        ("https://app.terraform.io", {"terraform:app.terraform.io": "https://tfe.example"}, "https://tfe.example"),
    ],
)
def test_other_registries_are_asked_by_the_protocol_alone(address: str, addresses: dict[str, str], base: str) -> None:
    asked: list[Request] = []
    question = Question("terraform", "modules/acme/vpc/aws", address)
    answer = answer_of(
        terraform.SOURCE,
        question,
        Response(200, {}, b'{"modules.v1": "/api/registry/v1/modules/"}'),
        reply("module-versions"),
        addresses=addresses,
        asked=asked,
    )
    assert len(package(answer).releases) == 3
    assert [request.url for request in asked] == [
        f"{base}/.well-known/terraform.json",
        f"{base}/api/registry/v1/modules/acme/vpc/aws/versions",
    ]
    assert {request.credentials for request in asked} == {base.partition("://")[2]}


def test_a_service_on_another_host_gets_no_credentials() -> None:
    asked: list[Request] = []
    answer_of(
        terraform.SOURCE,
        Question("terraform", "modules/acme/vpc/aws", "https://one.example"),
        Response(200, {}, b'{"modules.v1": "https://two.example/modules"}'),
        Response(404, {}, b""),
        asked=asked,
    )
    assert [(request.url, request.credentials) for request in asked] == [
        ("https://one.example/.well-known/terraform.json", "one.example"),
        ("https://two.example/modules/acme/vpc/aws/versions", ""),
    ]


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ([Response(404, {}, b"")], "not-found"),
        ([Response(401, {}, b"")], "refused"),
        ([Response(200, {}, b"<html>")], "malformed-answer"),
        ([Response(200, {}, b'{"providers.v1": {}}')], "not-found"),
        ([reply("discovery"), Response(404, {}, b"")], "not-found"),
        ([reply("discovery"), Response(429, {}, b"")], "rate-limited"),
        ([reply("discovery"), Response(200, {}, b'{"versions": [{"version": 1}]}')], "malformed-answer"),
    ],
)
def test_what_is_no_answer_is_unknown(replies: list[Response], reason: str) -> None:
    answer = answer_of(terraform.SOURCE, Question("terraform", "providers/hashicorp/random"), *replies)
    assert isinstance(answer, Unknown)
    assert answer.reason == reason


@pytest.mark.parametrize(
    "name",
    ["", "aws", "providers/aws", "providers/a/b/c", "modules/a/b", "modules/a/b/../c", "providers/a/b?c", "x/a/b"],
)
def test_what_is_no_address_is_not_asked(name: str) -> None:
    answer = answer_of(terraform.SOURCE, Question("terraform", name))
    assert isinstance(answer, Unknown)
    assert answer.reason == "not-found"
