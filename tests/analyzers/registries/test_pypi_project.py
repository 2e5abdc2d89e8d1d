"""The metadata file's shape is that of https://packaging.python.org/specifications/core-metadata/, with the values of
toml 0.10.2 as recorded from PyPI's file host on 2026-11-25; the JSON answer is made from https://docs.pypi.org/api/json/.
"""

from __future__ import annotations

import msgspec
import pytest

from analyzers.model.exchange import Request, Response
from analyzers.model.facts import Answer, Known, ProjectPage
from analyzers.model.question import Question
from analyzers.registries.pypi_project import SOURCE
from tests.support.exchanges import answer_of

FILE = "https://files.pythonhosted.org/packages/44/6f/toml-0.10.2-py2.py3-none-any.whl.metadata"
METADATA = """\
Metadata-Version: 2.1
Name: toml
Version: 0.10.2
Home-page: https://github.com/uiri/toml
Classifier: Development Status :: 5 - Production/Stable
Classifier: Programming Language :: Python :: 3.9
Requires-Python: >=2.6, !=3.0.*, !=3.1.*, !=3.2.*

Description
"""


def ask(name: str, body: bytes, *, asked: list[Request] | None = None, status: int = 200) -> Answer:
    return answer_of(SOURCE, Question("pypi-project", name), Response(status, {}, body), asked=asked)


def api(**info: object) -> bytes:
    return msgspec.json.encode({"info": {"name": "demo", **info}})


def test_a_metadata_file_is_read_without_credentials() -> None:
    asked: list[Request] = []
    answer = ask(FILE, METADATA.encode(), asked=asked)
    assert (asked[0].url, asked[0].credentials) == (FILE, "")
    classifiers = ("Development Status :: 5 - Production/Stable", "Programming Language :: Python :: 3.9")
    assert answer == Known(ProjectPage("toml", "https://github.com/uiri/toml", classifiers))


def test_a_package_without_wheels_is_asked_for_at_the_api() -> None:
    asked: list[Request] = []
    answer = ask("docopt", api(classifiers=None, home_page="http://docopt.org"), asked=asked)
    assert asked[0].url == "https://pypi.org/pypi/docopt/json"
    assert answer == Known(ProjectPage("demo", "http://docopt.org"))


@pytest.mark.parametrize(
    ("links", "home", "repository"),
    [
        ({"Homepage": "https://demo.example", "Source Code": "https://github.com/a/b"}, None, "https://github.com/a/b"),
        ({"repository": "https://gitlab.com/a/b"}, "https://demo.example", "https://gitlab.com/a/b"),
        ({"Funding": "https://github.com/sponsors/a"}, None, None),
        ({"Source": None}, "https://github.com/a/b", "https://github.com/a/b"),
        ({"Source": "UNKNOWN"}, "x" * 400, None),
        (None, None, None),
    ],
)
def test_the_surest_link_to_the_source_is_taken(
    links: dict[str, str | None] | None, home: str | None, repository: str | None
) -> None:
    assert ask("demo", api(project_urls=links, home_page=home)) == Known(ProjectPage("demo", repository))


@pytest.mark.parametrize(
    ("name", "body", "status", "reason"),
    [
        (FILE, b"<html>", 200, "malformed-answer"),
        (FILE, b"", 404, "not-found"),
        ("demo", b"<html>", 200, "malformed-answer"),
        ("demo", b"", 404, "not-found"),
    ],
)
def test_no_page_is_no_answer(name: str, body: bytes, status: int, reason: str) -> None:
    assert getattr(ask(name, body, status=status), "reason", "") == reason
