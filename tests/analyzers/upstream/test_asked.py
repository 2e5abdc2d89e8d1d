from __future__ import annotations

from datetime import date, timedelta

import pytest

from analyzers.ecosystems.npm.ecosystem import ECOSYSTEM as NPM
from analyzers.ecosystems.python.ecosystem import ECOSYSTEM as PYTHON
from analyzers.model.facts import Facts, Known, ProjectPage
from analyzers.model.inventory import Dependency, Inventory, Repository
from analyzers.model.question import Question
from analyzers.upstream.asked import github_name, is_quiet, questions
from tests.support.dependencies import TODAY, npm, package, requirement

OLD = "1.0 2020-01-01"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/a/b", "a/b"),
        ("git+https://github.com/a/b.git", "a/b"),
        ("git://github.com/a/b.git#main", "a/b"),
        ("git+ssh://git@github.com/a/b.git", "a/b"),
        ("git@github.com:a/b.git", "a/b"),
        ("https://www.github.com/a/b.js/tree/main/packages/c", "a/b.js"),
        ("github:a/b", "a/b"),
        ("a/b", "a/b"),
        ("https://github.com/sponsors/a", None),
        ("https://gitlab.com/a/b", None),
        ("https://notgithub.com/a/b", None),
        ("https://a.github.io/b", None),
        ("https://github.com/a", None),
        ("gist:1234", None),
        ("", None),
    ],
)
def test_repositories_on_github_are_known_however_they_are_written(address: str, name: str | None) -> None:
    assert github_name(address) == name


@pytest.mark.parametrize(("days", "quiet"), [(364, False), (365, True)])
def test_a_package_is_quiet_after_a_year(days: int, quiet: bool) -> None:
    found = package("web", OLD, "1.1 2021-06-01", "2.0 2099-01-01").value
    assert is_quiet(found, date(2021, 6, 1) + timedelta(days=days)) is quiet  # type: ignore[arg-type] # a Package


def asked(row: Dependency, *answers: tuple[Question, Known]) -> list[Question]:
    inventory = Inventory(repository=Repository("demo"), dependencies=(row, row))
    return list(questions(inventory, Facts(TODAY, dict(answers)), (NPM, PYTHON)))


def test_a_quiet_python_package_is_asked_about_its_page_and_then_its_repository() -> None:
    first = (Question("pypi", "web"), package("web", OLD, metadata="https://files.example/w.metadata"))
    page = Question("pypi-project", "https://files.example/w.metadata")
    python = Question("lifecycle", "python")
    assert asked(requirement("Web"), first) == [page, python]
    answer = Known(ProjectPage("web", "https://github.com/a/web"))
    assert asked(requirement("Web"), first, (page, answer)) == [
        page,
        python,
        Question("github-repository", "a/web"),
    ]
    nowhere = (Question("pypi", "web"), package("web", OLD))
    assert asked(requirement("Web"), nowhere) == [Question("pypi-project", "web"), python]


def test_a_quiet_npm_package_says_itself_where_it_lies() -> None:
    answer = (Question("npm", "web"), package("web", OLD, repository="github:a/web"))
    assert asked(npm("web"), answer) == [Question("github-repository", "a/web")]


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (npm("web"), package("web", "1.0 2026-06-01", repository="a/b")),
        (npm("web"), package("web", "1.0", repository="a/b")),
        (npm("web", direct=False), package("web", OLD, repository="a/b")),
        (npm("web", skip_reason="local-path"), package("web", OLD, repository="a/b")),
        (npm("web"), package("web", OLD)),
    ],
)
def test_what_is_alive_indirect_or_elsewhere_is_not_asked_about(row: Dependency, answer: Known) -> None:
    assert asked(row, (Question("npm", "web"), answer)) == []


def test_a_package_of_another_index_is_not_told_to_others() -> None:
    question = Question("npm", "web", "https://corp.example")
    row = npm("web", index="https://corp.example")
    assert asked(row, (question, package("web", OLD, repository="a/b"))) == []
