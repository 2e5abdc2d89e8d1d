"""PyPI and the npm registry themselves. Run with ``-m online``: they are no part of the test command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from analyzers.http.cache import Cache
from analyzers.http.fetch import Fetcher
from analyzers.model.exchange import Source
from analyzers.model.facts import Answer, Known, Package, ProjectPage, Unknown
from analyzers.model.question import Question
from analyzers.registries import npm, pypi, pypi_project
from tests.support.exchanges import answer_through

pytestmark = pytest.mark.online


@pytest.fixture(scope="module")
def fetcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fetcher]:
    # A mirror on a private network may stand in for either registry.
    cache = Cache(tmp_path_factory.mktemp("cache"))
    with Fetcher(user_agent="debtscan/tests", allow_private=True, cache=cache) as made:
        yield made


def ask(fetcher: Fetcher, source: Source, name: str) -> Answer:
    return answer_through(source, Question(source.name, name), fetcher.send)


def package(answer: Answer) -> Package:
    assert isinstance(answer, Known), answer
    assert isinstance(answer.value, Package)
    return answer.value


@pytest.mark.parametrize(
    ("name", "version", "published", "runtime"),
    [
        ("requests", "2.31.0", date(2023, 5, 22), ">=3.7"),
        ("Django", "4.2", date(2023, 4, 3), ">=3.8"),
        ("zope.interface", "5.0.0", date(2020, 3, 19), None),
    ],
)
def test_pypi_knows_a_release(fetcher: Fetcher, name: str, version: str, published: date, runtime: str | None) -> None:
    releases = {release.version: release for release in package(ask(fetcher, pypi.SOURCE, name)).releases}
    assert releases[version].published == published
    assert runtime is None or releases[version].runtime == runtime
    assert releases[version].yanked is None


def test_a_wheel_says_where_its_source_is(fetcher: Fetcher) -> None:
    metadata = package(ask(fetcher, pypi.SOURCE, "toml")).metadata
    answer = ask(fetcher, pypi_project.SOURCE, metadata or "")
    assert isinstance(answer, Known), answer
    assert isinstance(answer.value, ProjectPage)
    assert (answer.value.name, answer.value.repository) == ("toml", "https://github.com/uiri/toml")
    assert "Programming Language :: Python :: 3.9" in answer.value.classifiers


def test_pypi_knows_a_yanked_release(fetcher: Fetcher) -> None:
    releases = {release.version: release for release in package(ask(fetcher, pypi.SOURCE, "urllib3")).releases}
    assert "Truncated response bodies" in (releases["2.0.0"].yanked or "")
    assert releases["2.2.0"].yanked is None


@pytest.mark.parametrize(
    ("name", "version", "runtime"),
    [("react", "18.2.0", ">=0.10.0"), ("@types/node", "20.1.0", None), ("express", "4.18.2", ">= 0.10.0")],
)
def test_npm_knows_a_release(fetcher: Fetcher, name: str, version: str, runtime: str | None) -> None:
    found = package(ask(fetcher, npm.SOURCE, name))
    releases = {release.version: release for release in found.releases}
    assert releases[version].published is not None
    assert releases[version].runtime == runtime
    assert found.newest in releases


@pytest.mark.parametrize("source", [pypi.SOURCE, npm.SOURCE])
def test_what_is_not_there_is_not_found(fetcher: Fetcher, source: Source) -> None:
    answer = ask(fetcher, source, "no-such-package-of-debtscan")
    assert isinstance(answer, Unknown)
    assert answer.reason == "not-found"
