from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, Package, Release, Unknown
from analyzers.model.question import Question
from analyzers.registries import pypi
from tests.support.exchanges import answer_of

JSON = {"content-type": "application/vnd.pypi.simple.v1+json"}


def file(name: str, **fields: object) -> dict[str, object]:
    return {"filename": name, "url": f"https://files.example/{name}", "hashes": {}, **fields}


def document(*files: dict[str, object], **fields: object) -> bytes:
    return msgspec.json.encode({"meta": {"api-version": "1.4"}, "name": "demo-pkg", "files": files, **fields})


def ask(body: bytes, name: str = "demo-pkg") -> Answer:
    return answer_of(pypi.SOURCE, Question("pypi", name), Response(200, JSON, body))


def package(body: bytes) -> Package:
    answer = ask(body)
    assert isinstance(answer, Known), answer
    assert isinstance(answer.value, Package)
    assert answer.known_since is None
    return answer.value


def test_the_index_is_asked_by_the_normalised_name_in_json() -> None:
    asked: list[Request] = []
    answer_of(pypi.SOURCE, Question("pypi", "Zope.Interface__x"), Response(404, {}, b""), asked=asked)
    assert asked[0].url == "https://pypi.org/simple/zope-interface-x/"
    assert asked[0].headers["accept"].startswith("application/vnd.pypi.simple.v1+json")
    assert asked[0].credentials == "pypi.org"


@pytest.mark.parametrize(
    ("address", "addresses", "url", "host"),
    [
        ("", {"pypi": "https://corp.example/simple"}, "https://corp.example/simple/demo/", "corp.example"),
        (
            "https://own.example:8443/x/",
            {"pypi": "https://c.example"},
            "https://own.example:8443/x/demo/",
            "own.example:8443",
        ),
        ("https://u:p@own.example/x", {}, "https://own.example/x/demo/", "own.example"),
    ],
)
def test_another_index_may_be_asked(address: str, addresses: dict[str, str], url: str, host: str) -> None:
    asked: list[Request] = []
    question = Question("pypi", "demo", address)
    answer_of(pypi.SOURCE, question, Response(404, {}, b""), addresses=addresses, asked=asked)
    assert (asked[0].url, asked[0].credentials) == (url, host)


@pytest.mark.parametrize(
    ("fields", "metadata"),
    [
        ({}, "https://files.example/demo_pkg-1.1-py3-none-any.whl.metadata"),
        ({"core-metadata": {"sha256": "0"}}, "https://files.example/demo_pkg-1.1-py3-none-any.whl.metadata"),
        ({"core-metadata": False}, "https://files.example/demo_pkg-1.0-py3-none-any.whl.metadata"),
        ({"url": "../f/d.whl#sha256=0"}, "https://pypi.org/simple/f/d.whl.metadata"),
        ({"url": "http://[x/d.whl"}, None),
        ({"url": None}, None),
    ],
)
def test_the_metadata_of_the_last_wheel_is_found(fields: dict[str, object], metadata: str | None) -> None:
    body = document(
        file("demo_pkg-1.0-py3-none-any.whl", **{"upload-time": "2024-01-01T00:00:00Z"}),
        file("demo_pkg-1.1-py3-none-any.whl", **{"upload-time": "2024-02-01T00:00:00Z", **fields}),
        file("demo_pkg-1.2.tar.gz", **{"upload-time": "2024-03-01T00:00:00Z"}),
        versions=["1.0", "1.1", "1.2"],
    )
    assert package(body).metadata == metadata


@pytest.mark.parametrize(
    ("files", "pythons"),
    [
        (["demo_pkg-1.0.tar.gz", "demo_pkg-1.0-cp312-cp312-linux_x86_64.whl"], ()),
        (["demo_pkg-1.0-py3-none-any.whl", "demo_pkg-1.0-cp312-cp312-linux_x86_64.whl"], ()),
        (["demo_pkg-1.0-py2.py3-none-any.whl"], ()),
        (["demo_pkg-1.0-py2-none-any.whl"], ("py2",)),
        (["demo_pkg-1.0-cp312-cp312-win_amd64.whl"], ("cp312",)),
        (
            ["demo_pkg-1.0-cp313-cp313-a.whl", "demo_pkg-1.0-cp312-cp312-b.whl", "demo_pkg-1.0-1-cp38-abi3-c.whl"],
            ("cp312", "cp313", "cp38-abi3"),
        ),
    ],
)
def test_wheels_alone_say_which_pythons_they_are_for(files: list[str], pythons: tuple[str, ...]) -> None:
    (found,) = package(document(*map(file, files), versions=["1.0"])).releases
    assert found.pythons == pythons


def test_without_a_wheel_there_is_no_metadata_to_ask_for() -> None:
    assert package(document(file("demo_pkg-1.0.tar.gz"), versions=["1.0"])).metadata is None


def test_releases_have_the_earliest_date_and_the_runtime_of_most_files() -> None:
    body = document(
        file("demo_pkg-1.0-py3-none-any.whl", **{"upload-time": "2024-03-02T10:00:00Z", "requires-python": ">=3.8"}),
        file(
            "demo_pkg-1.0-cp312-cp312-linux.whl", **{"upload-time": "2024-03-04T10:00:00Z", "requires-python": ">=3.9"}
        ),
        file("demo_pkg-1.0.tar.gz", **{"upload-time": "2024-03-03T10:00:00.5Z", "requires-python": ">=3.9"}),
        versions=["1.0"],
    )
    assert package(body).releases == (Release("1.0", date(2024, 3, 2), runtime=">=3.9"),)


@pytest.mark.parametrize(
    ("marks", "yanked"),
    [
        ([False, False], None),
        ([True, False], None),
        ([True, True], ""),
        ([True, "broken metadata"], "broken metadata"),
        (["", ""], ""),
    ],
)
def test_a_release_is_yanked_when_all_its_files_are(marks: list[bool | str], yanked: str | None) -> None:
    files = [file(f"demo_pkg-1.0-{number}-py3-none-any.whl", yanked=mark) for number, mark in enumerate(marks)]
    assert package(document(*files, versions=["1.0"])).releases[0].yanked == yanked


def test_a_version_without_files_is_no_release() -> None:
    body = document(file("demo_pkg-2.0.tar.gz"), versions=["1.0", "2.0"])
    assert [release.version for release in package(body).releases] == ["2.0"]


def test_versions_are_taken_from_the_files_where_the_index_does_not_list_them() -> None:
    body = document(file("demo-pkg-1.0.tar.gz"), file("demo_pkg-2.0rc1-py3-none-any.whl"))
    assert [release.version for release in package(body).releases] == ["1.0", "2.0rc1"]


@pytest.mark.parametrize(
    ("filename", "version"),
    [
        ("demo_pkg-1.0-py3-none-any.whl", "1.0"),
        ("demo_pkg-1.0-1-py3-none-any.whl", "1.0"),
        ("demo_pkg-1.0.tar.gz", "1.0"),
        ("demo-pkg-1.0.zip", "1.0"),
        ("Demo.Pkg-1.0.tar.bz2", "1.0"),
        ("demo-pkg-1.0-1.tar.gz", "1.0-1"),
        ("demo--pkg-1.0.tgz", "1.0"),
        ("demo_pkg-1.0-py2.7.egg", None),
        ("demo_pkg-1.0.win32.exe", None),
        ("other-1.0.tar.gz", None),
        ("demo_pkg-.tar.gz", None),
        ("demo_pkg.tar.gz", None),
        ("demo_pkg-1.0.whl", None),
        ("", None),
    ],
)
def test_a_file_name_holds_a_version(filename: str, version: str | None) -> None:
    assert pypi._version_in(filename, pypi._Spelling("demo-pkg")) == version


def test_differently_written_versions_are_one() -> None:
    body = document(file("demo_pkg-1.0.post1.tar.gz"), file("demo-pkg-1.0-1.tar.gz"), versions=["1.0.post1"])
    assert [release.version for release in package(body).releases] == ["1.0.post1"]


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ({}, "active", ""),
        ({"project-status": {"status": "active"}}, "active", ""),
        ({"project-status": {"status": "archived"}}, "archived", ""),
        ({"project-status": {"status": "deprecated", "reason": "use other"}}, "deprecated", "use other"),
        ({"project-status": {"status": "quarantined"}}, "quarantined", ""),
        ({"project-status": {"status": "invented-later"}}, "active", ""),
    ],
)
def test_the_index_has_a_word_on_the_whole_project(said: dict[str, object], status: str, reason: str) -> None:
    found = package(document(file("demo_pkg-1.0.tar.gz"), **said))
    assert (found.status, found.status_reason, found.newest) == (status, reason, None)


def test_odd_dates_are_unknown_ones() -> None:
    body = document(file("demo_pkg-1.0.tar.gz", **{"upload-time": "yesterday"}))
    assert package(body).releases[0].published is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "not-found"),
        (410, "not-found"),
        (401, "refused"),
        (403, "refused"),
        (451, "refused"),
        (406, "malformed-answer"),
        (302, "malformed-answer"),
    ],
)
def test_each_refusal_has_its_reason(status: int, reason: str) -> None:
    answer = answer_of(pypi.SOURCE, Question("pypi", "demo"), Response(status, {}, b""))
    assert isinstance(answer, Unknown)
    assert answer.reason == reason
    assert "pypi.org" in answer.detail


def test_an_index_in_html_is_named_as_such() -> None:
    response = Response(200, {"content-type": "text/html; charset=utf-8"}, b"<html></html>")
    answer = answer_of(pypi.SOURCE, Question("pypi", "demo", "https://old.example/simple"), response)
    assert isinstance(answer, Unknown)
    assert answer.reason == "malformed-answer"
    assert "old.example answers in HTML only" in answer.detail


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "-a", "x" * 300, "http://x", "é"])
def test_what_is_no_name_is_not_asked(name: str) -> None:
    answer = answer_of(pypi.SOURCE, Question("pypi", name))
    assert isinstance(answer, Unknown)
    assert answer.reason == "not-found"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"name": 1, "files": []}', b'{"name": "a", "files": [1]}', b"\xff"]
)
def test_a_damaged_answer_is_malformed(body: bytes) -> None:
    answer = ask(body)
    assert isinstance(answer, Unknown)
    assert answer.reason == "malformed-answer"


@settings(deadline=None, max_examples=80)
@given(st.lists(st.text(alphabet="demo_pkg-.1whltarz", max_size=40)), st.lists(st.text(max_size=8), max_size=4))
def test_any_file_names_are_read(names: list[str], versions: list[str]) -> None:
    assert isinstance(ask(document(*map(file, names), versions=versions)), Known)
