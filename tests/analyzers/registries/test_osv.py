"""Answers are made from OSV's documentation (https://google.github.io/osv.dev/api/) and its schema
(https://ossf.github.io/osv-schema/); ids, ranges and vectors of CVE-2023-32681 are those of its published records.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest

from analyzers.advisories.asked import about_package, about_version
from analyzers.errors import FetchError
from analyzers.look_up import look_up
from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, AffectedRange, Event
from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, Unknown
from analyzers.model.inventory import Dependency, Inventory, Repository
from analyzers.model.question import Question
from analyzers.registries import osv
from tests.support.dependencies import npm, requirement
from tests.support.exchanges import answer_of, answer_through
from tests.support.fetching import fetcher_with
from tests.support.http_server import Reply, serve

VERSIONS, PACKAGES = osv.SOURCES
TODAY = date(2026, 11, 22)
REQUESTS = about_version("pypi", "requests", "2.30.0")
GHSA = {
    "id": "GHSA-j8r2-6x86-q33q",
    "aliases": ["CVE-2023-32681", "PYSEC-2023-74"],
    "summary": "Proxy credentials leak\n on redirects",
    "published": "2023-05-22T20:36:32Z",
    "modified": "2025-02-13T18:45:00Z",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N"}],
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "Requests"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2.3.0"}, {"fixed": "2.31.0"}]}],
        },
        {
            "package": {"ecosystem": "npm", "name": "requests"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}],
        },
    ],
    "database_specific": {"severity": "MODERATE"},
}
PYSEC = {
    "id": "PYSEC-2023-74",
    "aliases": ["CVE-2023-32681", "GHSA-j8r2-6x86-q33q"],
    "details": "Words that describe it. And more.",
    "published": "2023-05-26T18:15:00Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "requests"},
            "ranges": [
                {"type": "GIT", "repo": "https://github.com/psf/requests", "events": [{"introduced": "0"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "2.3.0"}, {"fixed": "2.31.0"}]},
            ],
            "versions": ["2.3.0", "2.30.0", "1.0", "odd"],
        }
    ],
}


def answered(body: object, status: int = 200) -> Response:
    return Response(status, {}, msgspec.json.encode(body))


def sent(request: Request) -> Any:  # noqa: ANN401 - JSON
    return msgspec.json.decode(request.body)


def together(
    questions: list[Question], *replies: Response, asked: list[Request] | None = None
) -> Mapping[Question, Answer]:
    waiting = list(replies)
    exchange = osv.look_up_together(questions, {})
    try:
        request = next(exchange)
        while True:
            if asked is not None:
                asked.append(request)
            request = exchange.send(waiting.pop(0))
    except StopIteration as done:
        answers: Mapping[Question, Answer] = done.value
    assert not waiting
    return answers


def test_many_versions_are_asked_in_one_request() -> None:
    asked: list[Request] = []
    scoped = about_version("npm", "@types/node", "20.1.0")
    body = {"results": [{"vulns": [{"id": "B-2", "modified": "2023-03-14T05:47:39Z"}, {"id": "A-1"}]}, {}]}
    answers = together([REQUESTS, scoped], answered(body), asked=asked)
    assert asked[0].url == "https://api.osv.dev/v1/querybatch"
    assert sent(asked[0]) == {
        "queries": [
            {"package": {"ecosystem": "PyPI", "name": "requests"}, "version": "2.30.0"},
            {"package": {"ecosystem": "npm", "name": "@types/node"}, "version": "20.1.0"},
        ]
    }
    assert answers == {
        REQUESTS: Known(AdvisoryIds("pypi:requests", "2.30.0", ("A-1", "B-2"))),
        scoped: Known(AdvisoryIds("npm:@types/node", "20.1.0", ())),
    }


def test_only_what_goes_on_is_asked_for_its_next_page() -> None:
    asked: list[Request] = []
    other = about_version("pypi", "flask", "1.0")
    first = {"results": [{"vulns": [{"id": "A"}]}, {"vulns": [{"id": "B"}], "next_page_token": "more"}]}
    second = {"results": [{"vulns": [{"id": "C"}]}]}
    answers = together([REQUESTS, other], answered(first), answered(second), asked=asked)
    assert [query["page_token"] for query in sent(asked[1])["queries"]] == ["more"]
    assert answers[other] == Known(AdvisoryIds("pypi:flask", "1.0", ("B", "C")))
    assert answers[REQUESTS] == Known(AdvisoryIds("pypi:requests", "2.30.0", ("A",)))


def test_one_refused_name_does_not_spoil_the_others() -> None:
    odd, other = about_version("pypi", "?", "1"), about_version("pypi", "flask", "1.0")
    replies = [answered({}, 400), answered({}, 400), answered({"results": [{}]})]
    answers = together([odd, other], *replies)
    assert answers[odd] == Unknown("malformed-answer", "api.osv.dev answered with status 400")
    assert answers[other] == Known(AdvisoryIds("pypi:flask", "1.0", ()))


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Response(200, {}, b"<html>"), "malformed-answer"),
        (answered({"results": []}), "malformed-answer"),
        (answered({}, 403), "refused"),
    ],
)
def test_an_answer_that_is_none_is_none_for_all(reply: Response, reason: str) -> None:
    other = about_version("pypi", "flask", "1.0")
    answers = together([REQUESTS, other], reply)
    assert [answer.reason for answer in answers.values() if isinstance(answer, Unknown)] == [reason, reason]


def test_an_empty_result_is_no_advisory() -> None:
    assert answer_of(VERSIONS, REQUESTS, answered({"results": [None]})) == Known(
        AdvisoryIds("pypi:requests", "2.30.0", ())
    )


def test_all_advisories_of_a_package_are_read_page_by_page() -> None:
    asked: list[Request] = []
    pages = [answered({"vulns": [PYSEC], "next_page_token": "t"}), answered({"vulns": [GHSA]})]
    answer = answer_of(PACKAGES, about_package("pypi", "requests"), *pages, asked=asked)
    assert [request.url for request in asked] == ["https://api.osv.dev/v1/query"] * 2
    assert sent(asked[1]) == {"package": {"ecosystem": "PyPI", "name": "requests"}, "page_token": "t"}
    between = AffectedRange((Event("introduced", "2.3.0"), Event("fixed", "2.31.0")))
    ghsa = Advisory(
        id="GHSA-j8r2-6x86-q33q",
        aliases=("CVE-2023-32681", "PYSEC-2023-74"),
        summary="Proxy credentials leak on redirects",
        level="medium",
        score=6.1,
        vector="CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N",
        published=date(2023, 5, 22),
        modified=date(2025, 2, 13),
        ranges=(between,),
    )
    pysec = Advisory(
        id="PYSEC-2023-74",
        aliases=("CVE-2023-32681", "GHSA-j8r2-6x86-q33q"),
        summary="Words that describe it",
        published=date(2023, 5, 26),
        ranges=(between,),
        versions=("1.0", "odd"),
    )
    assert answer == Known(Advisories("pypi:requests", (ghsa, pysec)))


@pytest.mark.parametrize(
    ("stated", "level", "score"),
    [
        ({}, None, None),
        ({"severity": [{"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}]}, "high", 7.5),
        (
            {
                "severity": [
                    {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:N/A:N"},
                    {
                        "type": "CVSS_V4",
                        "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
                    },
                ]
            },
            "critical",
            9.3,
        ),
        ({"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:?"}]}, None, None),
        ({"severity": [{"type": "Ubuntu", "score": "high"}]}, None, None),
        ({"database_specific": {"severity": "CRITICAL"}}, "critical", None),
        ({"database_specific": {"severity": 7}}, None, None),
        ({"database_specific": "LOW"}, None, None),
    ],
)
def test_severities(stated: dict[str, object], level: str | None, score: float | None) -> None:
    answer = answer_of(PACKAGES, about_package("npm", "web"), answered({"vulns": [{"id": "X", **stated}]}))
    assert isinstance(answer, Known)
    assert isinstance(answer.value, Advisories)
    (advisory,) = answer.value.advisories
    assert (advisory.level, advisory.score) == (level, score)


def test_withdrawals_and_malicious_packages_are_told() -> None:
    records = [{"id": "MAL-2024-1"}, {"id": "X", "withdrawn": "2024-02-03T00:00:00Z", "published": "soon"}]
    answer = answer_of(PACKAGES, about_package("npm", "web"), answered({"vulns": records}))
    assert isinstance(answer, Known)
    assert answer.value == Advisories(
        "npm:web", (Advisory(id="MAL-2024-1", malicious=True), Advisory(id="X", withdrawn=date(2024, 2, 3)))
    )


def test_a_long_description_is_cut_to_a_line() -> None:
    answer = answer_of(
        PACKAGES, about_package("npm", "web"), answered({"vulns": [{"id": "X", "details": "many words " * 1000}]})
    )
    assert isinstance(answer, Known)
    assert isinstance(answer.value, Advisories)
    (advisory,) = answer.value.advisories
    assert (len(advisory.summary) <= 200, advisory.summary[-1]) == (True, "…")


def test_an_address_of_the_settings_holds_for_both_sources() -> None:
    asked: list[Request] = []
    addresses = {"osv": "https://osv.corp.example/v1/"}
    answer_of(VERSIONS, REQUESTS, answered({"results": [{}]}), addresses=addresses, asked=asked)
    answer_of(PACKAGES, about_package("pypi", "requests"), answered({}), addresses=addresses, asked=asked)
    assert [request.url for request in asked] == [
        "https://osv.corp.example/v1/querybatch",
        "https://osv.corp.example/v1/query",
    ]


def test_a_server_in_trouble_is_asked_again_and_a_down_one_is_unknown() -> None:
    good = Reply(body=msgspec.json.encode({"vulns": []}), headers={"content-type": "application/json"})
    with serve() as script, fetcher_with() as fetcher:
        script.on("/query", Reply(status=503), good)
        question = about_package("pypi", "requests")
        answer = answer_through(PACKAGES, question, fetcher.send, {"osv": script.url})
        assert answer == Known(Advisories("pypi:requests", ()))
        assert len(script.asked("/query")) == 2
        script.on("/querybatch", Reply(status=500))
        answers = look_up(
            inventory(requirement("web", "==1.0")),
            fetcher=fetcher.send,
            looked_up=TODAY,
            addresses={"osv": script.url, "pypi": script.url},
        ).answers
        assert answers[about_version("pypi", "web", "1.0")] == Unknown(
            "server-error", f"{script.url.removeprefix('http://')} answered with status 500"
        )


def inventory(*rows: Dependency) -> Inventory:
    return Inventory(repository=Repository("demo"), dependencies=rows)


def test_1700_locked_packages_cost_two_requests_and_one_for_each_that_is_touched() -> None:
    asked: list[str] = []

    def send(request: Request) -> Response:
        asked.append(request.url.rpartition("/")[2])
        if asked[-1] == "query":
            return answered({"vulns": [{"id": "X"}]})
        if asked[-1] != "querybatch":
            raise FetchError("offline", "")
        queries = sent(request)["queries"]
        touched = {"vulns": [{"id": "X"}]}
        return answered({"results": [touched if one["package"]["name"] == "p7" else {} for one in queries]})

    rows = [npm(f"p{number}", None, locked_version="1.0.0", direct=False) for number in range(1700)]
    answers = look_up(inventory(*rows), fetcher=send, looked_up=TODAY).answers
    assert sorted(asked) == ["query", "querybatch", "querybatch"]
    assert sum(isinstance(answer, Known) for answer in answers.values()) == 1701
