from __future__ import annotations

from datetime import date, timedelta

import pytest

from analyzers.checks.dependencies.abandoned_dependency import check
from analyzers.model.facts import Answer, HostedRepository, Known, ProjectPage, Unknown
from analyzers.model.finding import Finding
from analyzers.model.question import Question
from tests.support.dependencies import TODAY, evidence, lifecycle, npm, package, requirement, run

OLD = "1.0 2020-01-01"
UPSTREAM = Question("github-repository", "a/web")
PYTHON = lifecycle(
    "python",
    "3.13 2024-10-07 2029-10-31",
    "3.9 2020-10-05 2025-10-31",
    "3.8 2019-10-14 2024-10-07",
    "2.7 2010-07-03 2020-01-01",
)
STILL = HostedRepository("a/web", archived=False, pushed=date(2020, 1, 2), open_issues=20)


def classifiers(*words: str) -> tuple[str, ...]:
    return tuple(f"Programming Language :: Python :: {word}" for word in words)


def python(
    *said: str, release: str = OLD, as_of: date = TODAY, upstream: Answer | None = None, status: str = "active"
) -> list[Finding]:
    repository = "https://github.com/a/web" if upstream else None
    answers: dict[Question | str, Answer] = {
        "web": package("web", release, status=status),
        Question("pypi-project", "web"): Known(ProjectPage("web", repository, said)),
        Question("lifecycle", "python"): PYTHON,
        UPSTREAM: upstream or Unknown("not-found"),
    }
    found, skipped = run(check, evidence([requirement("web", "==1.0")], answers, as_of=as_of))
    assert skipped == []
    return found


def node(upstream: Answer, *, release: str = OLD, as_of: date = TODAY) -> list[Finding]:
    answers: dict[Question | str, Answer] = {
        "npm:web": package("web", release, repository="github:a/web"),
        UPSTREAM: upstream,
    }
    found, skipped = run(check, evidence([npm("web", "^1")], answers, as_of=as_of))
    assert skipped == []
    return found


def test_a_finished_package_is_not_abandoned() -> None:
    """However old: no sign, no finding."""
    assert python() == []
    assert python("Development Status :: 6 - Mature", *classifiers("3", "3.13")) == []
    assert node(Known(HostedRepository("a/web", archived=False, pushed=date(2020, 1, 2), open_issues=3))) == []


def test_its_owners_call_it_inactive() -> None:
    (found,) = python("Development Status :: 7 - Inactive")
    assert (found.minutes, found.confidence.value, found.severity.value) == (120, "high", "low")
    assert found.message == (
        "web has had no release since 2020-01-01 (6 years), and its owners call it inactive. "
        "Look for a maintained successor."
    )


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (classifiers("3", "3.8", "2.7"), "the newest Python that it names is 3.8, which ended on 2024-10-07"),
        (classifiers("2.7"), "the newest Python that it names is 2.7, which ended on 2020-01-01"),
        # Ended only a year ago tomorrow: nobody makes a release to name one Python more.
        (classifiers("3.8", "3.9"), None),
        (classifiers("3.8", "3.13"), None),
        (classifiers("3.8", "3.99"), None),
        (classifiers("3"), None),
        (classifiers("2.7", "3"), None),
    ],
)
def test_all_the_pythons_that_it_names_have_ended_long_ago(said: tuple[str, ...], message: str | None) -> None:
    day = date(2026, 10, 31)
    found = python(*said, as_of=day)
    assert [one.confidence.value for one in found] == (["low"] if message else [])
    assert all(f"and {message}. Look" in one.message for one in found)
    assert len(python(*classifiers("3.8", "3.9"), as_of=day + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("upstream", "message"),
    [
        (Unknown("not-found"), "the repository that it names (a/web on GitHub) is gone"),
        (Known(STILL), "nobody has pushed to a/web since 2020-01-02 (20 open issues)"),
        (Known(HostedRepository("a/web", archived=False, pushed=date(2025, 1, 2), open_issues=99)), None),
        (Known(HostedRepository("a/web", archived=False, pushed=date(2020, 1, 2), open_issues=19)), None),
        (Known(HostedRepository("a/web", archived=False)), None),
        # archived-dependency says that, and what could not be asked.
        (Known(HostedRepository("a/web", archived=True, pushed=date(2020, 1, 2), open_issues=99)), None),
        (Unknown("rate-limited"), None),
    ],
)
def test_signs_of_the_repository(upstream: Answer, message: str | None) -> None:
    found = node(upstream)
    assert [one.confidence.value for one in found] == (["medium"] if message else [])
    assert all(f"and {message}. Look" in one.message for one in found)
    assert [one.message for one in python(upstream=upstream)] == [one.message for one in found]


@pytest.mark.parametrize(("day", "count"), [(date(2022, 12, 31), 0), (date(2023, 1, 1), 1)])
def test_three_years_count_to_the_day(day: date, count: int) -> None:
    assert len(python("Development Status :: 7 - Inactive", as_of=day)) == count


def test_signs_of_a_repository_carry_no_date() -> None:
    assert node(Known(STILL), as_of=TODAY - timedelta(days=1)) == []


def test_a_last_release_of_an_old_line_is_a_release() -> None:
    assert node(Known(STILL), release="1.0.9 2025-01-01") == []


@pytest.mark.parametrize("status", ["archived", "deprecated", "quarantined"])
def test_what_has_a_rule_of_its_own_is_left_to_that(status: str) -> None:
    assert python("Development Status :: 7 - Inactive", status=status) == []


def test_a_deprecated_newest_release_is_left_to_that_rule() -> None:
    answers: dict[Question | str, Answer] = {
        "npm:web": package("web", f"{OLD} deprecated", newest="1.0", repository="a/web"),
        UPSTREAM: Known(STILL),
    }
    assert run(check, evidence([npm("web", "^1")], answers)) == ([], [])
