"""The rule complexity-hotspot."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analyzers.checks.hotspots._growth import growth
from analyzers.checks.hotspots.complexity_hotspot import RULE, check
from analyzers.config import Config, Hotspots
from analyzers.model.facts import Facts
from analyzers.model.finding import Confidence, Evidence, Finding, Severity
from analyzers.model.history import ComplexityTrend
from analyzers.model.hotspot import minutes_of, weight
from analyzers.model.inventory import Churn, Function, FunctionChurn, History, Inventory, Repository

TODAY = date(2026, 11, 22)
MONTHS = (0, 1, 2, 0, 0, 3, 0, 4, 5, 0, 1, 5)


def function(complexity: int = 34, name: str = "Cart.total", line: int = 10) -> Function:
    return Function(
        path="shop/cart.py",
        name=name,
        language="python",
        line=line,
        end_line=line + 80,
        complexity=complexity,
        lines=70,
        nesting=4,
    )


def churn(revisions: int = 21, **more: Any) -> Churn:  # noqa: ANN401 - any field of Churn
    values: dict[str, Any] = {"authors": 7, "months": MONTHS} | more
    return Churn(path="shop/cart.py", revisions=revisions, last_changed=TODAY, **values)


def followed(revisions: int, name: str = "Cart.total", line: int = 10) -> FunctionChurn:
    return FunctionChurn(path="shop/cart.py", name=name, line=line, revisions=revisions, authors=2, months=MONTHS)


def findings(
    *functions: Function,
    files: tuple[Churn, ...] = (),
    own: tuple[FunctionChurn, ...] = (),
    config: Hotspots | None = None,
    complete: bool = True,
    trends: tuple[ComplexityTrend, ...] = (),
) -> list[Finding]:
    history = History(
        since=date(2025, 11, 23), until=TODAY, commits=30, left_out=(), churn=files, functions=own, complete=complete
    )
    inventory = Inventory(repository=Repository("shop"), functions=functions, history=history, trends=trends)
    evidence = Evidence(
        inventory=inventory, facts=Facts(TODAY), config=Config(hotspots=config or Hotspots()), as_of=TODAY
    )
    found = list(check(evidence))
    assert all(isinstance(entry, Finding) for entry in found)
    return [entry for entry in found if isinstance(entry, Finding)]


def test_the_reasons_are_said_in_words_and_numbers() -> None:
    (finding,) = findings(function(), files=(churn(recent=5, fixes=6, recent_fixes=3),))
    assert finding.details["reasons"] == (
        "complexity 34; in a file changed in 21 commits by 7 people in 12 months; 3 fixes in the last 30 days; "
        "5 commits in the last 30 days"
    )
    assert finding.message.startswith("Cart.total: complexity 34, in a file changed in 21 commits by 7 people")
    assert finding.title == "Cart.total has complexity 34 and 21 recent changes"
    assert (finding.path, finding.line, finding.end_line) == ("shop/cart.py", 10, 90)
    assert finding.key == ("function", "shop/cart.py::Cart.total")
    assert finding.details["months"] == "0,1,2,0,0,3,0,4,5,0,1,5"


def test_clear_growth_is_a_reason_of_that_function() -> None:
    months = (None, None, 19, 21, 20, 21, 21, 26, 26, 30, 34, 34)
    trends = tuple(
        ComplexityTrend(path="shop/cart.py", name="Cart.total", line=line, months=values)
        for line, values in ((10, months), (200, (34,) * 12))
    )
    found = findings(function(), function(line=200), own=(followed(5), followed(5, line=200)), trends=trends)
    assert [finding.details["reasons"] for finding in found] == [
        "complexity 34; changed in 5 commits by 2 people in 12 months; grew from 20 to 34 since April 2026",
        "complexity 34; changed in 5 commits by 2 people in 12 months",
    ]
    assert "in 12 months, grew from 20 to 34 since April 2026. Cover it with tests" in found[0].message


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ((), ""),
        ((None,), ""),
        ((34,), ""),
        ((34, 34, 34), ""),
        ((21, 21, 34), "grew from 21 to 34 since October 2026"),
        ((21, 34, 34), "grew from 21 to 34 since September 2026"),
        ((None, 21, 34), "grew from 21 to 34 since October 2026"),
        ((21, None, 34), ""),
        ((34, 28, 20), "shrank from 34 to 20 since September 2026"),
        ((50, 10, 13), "grew from 10 to 13 since October 2026"),
        ((50, 10, 12), ""),
        ((10, 50, 48), ""),
        ((30, 30, 35), ""),
        ((30, 30, 36), "grew from 30 to 36 since October 2026"),
        ((1, *[9] * 11), "grew from 1 to 9 since December 2025"),
    ],
)
def test_growth_is_said_where_it_is_clear(months: tuple[int | None, ...], said: str) -> None:
    assert growth(months, TODAY) == said


def test_one_of_each_is_said_in_the_singular() -> None:
    (finding,) = findings(function(), files=(churn(3, authors=1, recent=1, fixes=1, months=(3,)),))
    assert finding.details["reasons"] == (
        "complexity 34; in a file changed in 3 commits by 1 person in 1 month; 1 fix among them; "
        "1 commit in the last 30 days"
    )


def test_a_function_that_was_followed_is_judged_by_its_own_changes() -> None:
    (finding,) = findings(function(), files=(churn(21),), own=(followed(4),))
    assert "changed in 4 commits by 2 people" in finding.message
    assert finding.confidence == Confidence.HIGH
    assert finding.exposure == 0.5


def test_a_function_that_rests_in_a_busy_file_is_no_hotspot() -> None:
    assert findings(function(), files=(churn(21),), own=(followed(2),)) == []


def test_what_is_known_of_the_file_alone_is_less_sure() -> None:
    (finding,) = findings(function(), files=(churn(21),), own=(followed(9, name="other"),))
    assert finding.confidence == Confidence.MEDIUM


def test_functions_of_one_name_are_told_apart_by_line() -> None:
    found = findings(function(), function(line=200), own=(followed(5), followed(1, line=200)))
    assert [finding.line for finding in found] == [10]


@pytest.mark.parametrize(("complexity", "revisions", "hot"), [(10, 3, True), (9, 99, False), (99, 2, False)])
def test_the_limits_are_absolute(complexity: int, revisions: int, hot: bool) -> None:
    assert bool(findings(function(complexity), files=(churn(revisions),))) is hot


def test_the_limits_are_configured() -> None:
    config = Hotspots(minimum_complexity=5, minimum_revisions=2)
    (finding,) = findings(function(6), files=(churn(2),), config=config)
    assert finding.minutes == 20


@pytest.mark.parametrize(("complexity", "minutes"), [(5, 20), (10, 20), (11, 30), (34, 260), (56, 480), (900, 480)])
def test_the_work_grows_with_the_branches_up_to_a_day(complexity: int, minutes: int) -> None:
    assert minutes_of(complexity) == minutes
    assert [weight(complexity, revisions) for revisions in (3, 6, 12, 24)] == [minutes * n for n in (0.5, 1, 2, 4)]


@pytest.mark.parametrize(("revisions", "weight"), [(3, 0.5), (6, 1), (12, 2), (24, 4)])
def test_the_weight_grows_with_the_revisions(revisions: int, weight: float) -> None:
    (finding,) = findings(function(), files=(churn(revisions),))
    assert finding.exposure == weight


@pytest.mark.parametrize(
    ("complexity", "revisions", "severity"),
    [(10, 3, Severity.LOW), (20, 6, Severity.MEDIUM), (34, 12, Severity.HIGH)],
)
def test_severity_follows_work_and_exposure(complexity: int, revisions: int, severity: Severity) -> None:
    (finding,) = findings(function(complexity), files=(churn(revisions),))
    assert finding.severity == severity


def test_a_shallow_history_gives_a_lower_bound_and_says_so() -> None:
    (finding,) = findings(function(), files=(churn(),), complete=False)
    assert "in at least 21 commits" in finding.message


def test_without_history_there_are_no_hotspots() -> None:
    inventory = Inventory(repository=Repository("shop"), functions=(function(),))
    evidence = Evidence(inventory=inventory, facts=Facts(TODAY), config=Config(), as_of=TODAY)
    assert list(check(evidence)) == []


def test_the_rule_is_in_the_group_of_its_folder() -> None:
    assert (RULE.id, RULE.group) == ("complexity-hotspot", "hotspots")
