"""What is asked for the plan alone, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyzers.model.facts import Answer, Facts, Known, ProjectPage, Unknown
from analyzers.model.question import Question
from analyzers.read import ecosystems
from analyzers.scan import ScanResult, judge
from bot.upgrade.further import further, unasked
from bot.upgrade.model import Move
from bot.upgrade.moves import moves
from tests.support.dependencies import TODAY, evidence, package, requirement


class PyPI:
    """Tells where packages have their source."""

    def __init__(self, **places: str) -> None:
        self.places = places
        self.asked: list[str] = []

    def __call__(self, questions: Sequence[Question]) -> Facts:
        self.asked += [one.name for one in questions]
        told = {
            one: Known(ProjectPage(one.name, self.places[one.name]))
            if one.name in self.places
            else Unknown("not-found", "no page")
            for one in questions
        }
        return Facts(TODAY, told)


def _scan(*names: str, newest: Sequence[str] = ()) -> ScanResult:
    rows = [requirement(name, "==1.0.0", line=line) for line, name in enumerate(names, 1)]
    answers: dict[Question | str, Answer] = {
        name: package(name, "1.0.0 2025-12-01", *(() if name in newest else ("2.0.0 2026-06-01",))) for name in names
    }
    given = evidence(rows, answers)
    return judge(given.inventory, given.facts, given.config, as_of=given.as_of)


def _moves(result: ScanResult) -> tuple[Move, ...]:
    return moves(result, ecosystems())[0]


def test_packages_of_pypi_from_one_repository_move_together() -> None:
    pypi = PyPI(
        a="https://github.com/One/Repo", b="https://github.com/one/repo/tree/main/b", c="https://github.com/o/c"
    )
    result = _scan("a", "b", "c", "d", "new", newest=["new"])
    assert {move.family for move in _moves(result)} == {""}
    told = further(result, pypi)
    assert [(move.name, move.family) for move in _moves(told)] == [
        ("a", "one/repo"),
        ("b", "one/repo"),
        ("c", ""),
        ("d", ""),
    ]
    # What is not behind moves nowhere, so nobody is asked about it.
    assert pypi.asked == ["a", "b", "c", "d"]
    assert told.findings == result.findings
    assert further(told, pypi) is told


def test_repositories_that_only_collect_packages_make_no_family() -> None:
    place = "https://github.com/Azure/azure-sdk-for-python"
    told = further(_scan("a", "b"), PyPI(a=place, b=place))
    assert {(move.family, move.repository) for move in _moves(told)} == {("", "github.com/Azure/azure-sdk-for-python")}


def test_pypi_is_not_told_of_packages_of_another_index() -> None:
    row = requirement("secret", "==1.0.0", index="https://pypi.internal.example/simple")
    asked = Question("pypi", "secret", "https://pypi.internal.example/simple")
    given = evidence([row], {asked: package("secret", "1.0.0 2025-12-01", "2.0.0 2026-06-01")})
    result = judge(given.inventory, given.facts, given.config, as_of=given.as_of)
    assert [finding.key.name for finding in result.findings if finding.fix.available] == ["secret"]
    pypi = PyPI()
    assert further(result, pypi) is result
    assert pypi.asked == []


def test_so_many_pages_are_asked_for_and_no_more() -> None:
    pypi = PyPI()
    further(_scan(*(f"p{number:02}" for number in range(60))), pypi)
    assert pypi.asked == [f"p{number:02}" for number in range(40)]


def test_one_that_is_at_its_newest_holds_back_what_is_released_with_it() -> None:
    old = ("1.0.0 2025-01-01", "1.1.0 2025-02-01", "1.2.0 2025-03-01", "1.3.0 2025-04-01", "1.4.0 2025-05-01")
    names = ("kit", "kit-web", "kite")
    rows = [requirement(name, "==1.4.0", line=line) for line, name in enumerate(names, 1)]
    newer = ("1.5.0 2026-06-01",)
    answers: dict[Question | str, Answer] = {
        name: package(name, *old, *(newer if name == "kit" else ())) for name in names
    }
    given = evidence(rows, answers)
    result = judge(given.inventory, given.facts, given.config, as_of=given.as_of)
    place = "https://github.com/one/kit"
    pypi = PyPI(**{"kit": place, "kit-web": place})
    made, left_out = moves(further(result, pypi), ecosystems())
    assert pypi.asked == ["kit", "kit-web"]
    assert made == ()
    assert [(one.name, one.detail) for one in left_out] == [
        ("kit", "1.5.0 waits for kit-web, which moves together with it")
    ]


def _with_actions(count: int) -> ScanResult:
    result = _scan("a")
    found = result.findings[0]
    subjects = [
        replace(found.subject, ecosystem="githubactions", name=f"owner/tool-{number}") for number in range(count)
    ]
    return replace(result, findings=tuple(replace(found, rule="outdated-action", subject=one) for one in subjects))


def test_actions_whose_age_nobody_asked_are_told() -> None:
    told = further(_with_actions(43), PyPI())
    assert unasked(told) == (
        "the age of 3 actions was not asked (40 a run are), so minimum-release-age-days does not hold for them"
    )
    assert unasked(further(_with_actions(40), PyPI())) == ""
