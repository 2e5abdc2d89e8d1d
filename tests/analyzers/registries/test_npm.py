from __future__ import annotations

from datetime import date

import msgspec
import pytest

from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.registries import npm
from tests.support.exchanges import answer_of


def ask(document: object) -> Answer:
    return answer_of(npm.SOURCE, Question("npm", "demo"), Response(200, {}, msgspec.json.encode(document)))


def package(document: object) -> Package:
    answer = ask(document)
    assert isinstance(answer, Known), answer
    assert isinstance(answer.value, Package)
    return answer.value


@pytest.mark.parametrize(
    ("name", "addresses", "url"),
    [
        ("lodash", {}, "https://registry.npmjs.org/lodash"),
        ("@types/node", {}, "https://registry.npmjs.org/@types%2Fnode"),
        ("lodash", {"npm": "https://corp.example/npm"}, "https://corp.example/npm/lodash"),
        ("@corp/a", {"npm": "https://x.example", "npm:@corp": "https://c.example"}, "https://c.example/@corp%2Fa"),
        ("@other/a", {"npm": "https://x.example", "npm:@corp": "https://c.example"}, "https://x.example/@other%2Fa"),
        ("a?b#c", {}, "https://registry.npmjs.org/a%3Fb%23c"),
    ],
)
def test_a_package_is_asked_for_where_its_scope_lives(name: str, addresses: dict[str, str], url: str) -> None:
    asked: list[Request] = []
    answer_of(npm.SOURCE, Question("npm", name), Response(404, {}, b""), addresses=addresses, asked=asked)
    assert asked[0].url == url
    assert asked[0].credentials == url.split("/")[2]


def test_an_address_of_the_question_wins() -> None:
    asked: list[Request] = []
    question = Question("npm", "@corp/a", "https://own.example/")
    answer_of(npm.SOURCE, question, Response(404, {}, b""), addresses={"npm:@corp": "https://c.example"}, asked=asked)
    assert asked[0].url == "https://own.example/@corp%2Fa"


@pytest.mark.parametrize(
    ("said", "repository"),
    [
        ({"type": "git", "url": "git+https://github.com/a/b.git"}, "git+https://github.com/a/b.git"),
        ("a/b", "a/b"),
        ({"url": 1}, None),
        ("x" * 301, None),
        ([], None),
        ("", None),
    ],
)
def test_the_repository_is_told_as_written(said: object, repository: str | None) -> None:
    assert package({"name": "demo", "repository": said}).repository == repository


def test_releases_come_with_date_deprecation_and_runtime() -> None:
    found = package(
        {
            "name": "demo",
            "dist-tags": {"latest": "2.0.0", "next": "3.0.0-rc.1"},
            "versions": {
                "1.0.0": {"name": "demo", "deprecated": "use 2", "engines": {"node": ">=4"}, "dist": {}},
                "2.0.0": {"engines": {"npm": ">=9"}},
            },
            "time": {"created": "2020-01-01T00:00:00Z", "1.0.0": "2020-01-01T00:00:00.1Z", "9.9.9": "2021-01-01"},
        }
    )
    assert found == Package(
        "demo",
        (Release("1.0.0", date(2020, 1, 1), deprecated="use 2", runtime=">=4"), Release("2.0.0")),
        newest="2.0.0",
    )


@pytest.mark.parametrize(
    ("said", "deprecated"), [("why", "why"), (True, ""), (False, None), ("", None), (None, None), ({}, None)]
)
def test_a_deprecation_is_written_in_several_ways(said: object, deprecated: str | None) -> None:
    found = package({"name": "demo", "versions": {"1.0.0": {"deprecated": said}}})
    assert found.releases[0].deprecated == deprecated


@pytest.mark.parametrize("engines", [["node >=0.6"], "node", {"node": 4}, {"node": " "}, {}, 7, None])
def test_odd_engines_state_no_runtime(engines: object) -> None:
    assert package({"name": "demo", "versions": {"1.0.0": {"engines": engines}}}).releases[0].runtime is None


def test_a_package_is_deprecated_when_its_newest_release_is() -> None:
    versions = {"1.0.0": {}, "2.0.0": {"deprecated": "gone"}}
    found = package({"name": "demo", "dist-tags": {"latest": "2.0.0"}, "versions": versions})
    assert (found.status, found.status_reason) == ("deprecated", "gone")
    older = package({"name": "demo", "dist-tags": {"latest": "1.0.0"}, "versions": versions})
    assert (older.status, older.status_reason) == ("active", "")


def test_an_unpublished_package_has_no_releases() -> None:
    found = package({"name": "demo", "time": {"unpublished": {"time": "2020-05-06T00:00:00Z", "versions": ["1.0.0"]}}})
    assert (found.releases, found.status_reason) == ((), "unpublished on 2020-05-06")
    undated = package({"name": "demo", "time": {"unpublished": {"name": "me"}}})
    assert undated.status_reason == "unpublished"


@pytest.mark.parametrize(("status", "reason"), [(404, "not-found"), (401, "refused"), (405, "malformed-answer")])
def test_each_refusal_has_its_reason(status: int, reason: str) -> None:
    answer = answer_of(npm.SOURCE, Question("npm", "demo"), Response(status, {}, b""))
    assert isinstance(answer, Unknown)
    assert answer.reason == reason


@pytest.mark.parametrize("name", ["", ".", "..", "@", "@a", "@/b", "@a/", "@../..", "a/b", "@a/b/c", "x" * 215])
def test_what_is_no_name_is_not_asked(name: str) -> None:
    answer = answer_of(npm.SOURCE, Question("npm", name))
    assert isinstance(answer, Unknown)
    assert answer.reason == "not-found"


@pytest.mark.parametrize("document", [[], {}, {"name": "a", "versions": []}, {"name": "a", "dist-tags": {"latest": 1}}])
def test_a_damaged_answer_is_malformed(document: object) -> None:
    answer = ask(document)
    assert isinstance(answer, Unknown)
    assert answer.reason == "malformed-answer"
