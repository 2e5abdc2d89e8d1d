"""Packages that are archived or quarantined."""

from __future__ import annotations

import pytest

from analyzers.checks.dependencies.archived_dependency import check
from analyzers.model.facts import Answer, HostedRepository, Known, Unknown
from analyzers.model.finding import Finding, Severity
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from tests.support.dependencies import evidence, npm, package, requirement, run


def judge(*rows: Dependency, answer: Known) -> list[Finding]:
    found, skipped = run(check, evidence(rows, {"web": answer, "npm:web": answer}))
    assert skipped == []
    return found


@pytest.mark.parametrize(
    ("status", "title", "severity"),
    [
        ("active", None, None),
        ("deprecated", None, None),
        ("archived", "web is archived", Severity.MEDIUM),
        ("quarantined", "web is quarantined", Severity.CRITICAL),
    ],
)
def test_archived_and_quarantined_packages(status: str, title: str | None, severity: Severity | None) -> None:
    answer = package("web", "1.0", status=status, status_reason="moved on")
    found = judge(requirement("web", ">=1.0"), answer=answer)
    assert [(one.title, one.severity, one.minutes) for one in found] == ([(title, severity, 240)] if title else [])
    assert all("moved on" in one.message for one in found)


OLD = "1.0 2024-01-01"
UPSTREAM = Question("github-repository", "a/web")


def upstream(answer: Answer, *, last: str = OLD) -> tuple[list[Finding], list[Skipped]]:
    npm_answer = package("web", last, repository="git+https://github.com/a/web.git")
    answers: dict[Question | str, Answer] = {"npm:web": npm_answer, UPSTREAM: answer}
    return run(check, evidence([npm("web", "^1"), npm("web", "^1")], answers))


def test_a_quiet_package_whose_repository_is_archived() -> None:
    (found,), skipped = upstream(Known(HostedRepository("a/web", archived=True)))
    assert skipped == []
    assert (found.title, found.minutes) == ("The repository of web is archived", 240)
    assert found.message == (
        "The repository of web (a/web on GitHub) is archived, and its last release is of 2024-01-01: "
        "no further release is to be expected. Replace it."
    )


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (Known(HostedRepository("a/web", archived=False)), OLD),
        (Known(HostedRepository("a/web", archived=True)), "1.0 2025-11-23"),
        (Unknown("not-found"), OLD),
    ],
)
def test_a_living_repository_or_package_is_none(answer: Answer, last: str) -> None:
    assert upstream(answer, last=last) == ([], [])


def test_the_year_counts_to_the_day() -> None:
    archived = Known(HostedRepository("a/web", archived=True))
    assert len(upstream(archived, last="1.0 2025-11-22")[0]) == 1


def test_a_repository_that_could_not_be_asked_leaves_the_package_unknown() -> None:
    found, (skipped,) = upstream(Unknown("rate-limited", "no more for now"))
    assert (found, skipped.source, skipped.reason) == ([], "github-repository", "rate-limited")
    assert (skipped.detail, skipped.subject) == ("web: no more for now", ("npm", "web"))


def test_a_page_that_could_not_be_read_leaves_the_package_unknown() -> None:
    answers: dict[Question | str, Answer] = {
        "web": package("web", OLD),
        Question("pypi-project", "web"): Unknown("time-out"),
    }
    found, (skipped,) = run(check, evidence([requirement("web")], answers))
    assert (found, skipped.source, skipped.subject) == ([], "pypi-project", ("pypi", "web"))
