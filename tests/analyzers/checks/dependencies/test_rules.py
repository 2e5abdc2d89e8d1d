"""What all rules that repeat a registry's words have in common."""

from __future__ import annotations

from datetime import date, timedelta
from types import ModuleType

import pytest

from analyzers.checks.dependencies import archived_dependency, deprecated_dependency, missing_release, yanked_release
from analyzers.model.discovery import modules
from analyzers.model.facts import Unknown
from tests.support.dependencies import TODAY, evidence, package, requirement, run

RULES = [yanked_release, missing_release, deprecated_dependency, archived_dependency]
FROM_FILES_ALONE = {"stale-lockfile", "unlocked-dependencies"}
WORST = package("web", "1.0 2020-01-01 yanked deprecated", status="archived")


@pytest.mark.parametrize("rule", RULES)
def test_words_without_a_date_are_not_judged_on_a_past_day_and_that_is_said_once(rule: ModuleType) -> None:
    rows = [requirement("web", "==1.0"), requirement("web", "==1.5", path="other.txt")]
    given = evidence(rows, {"web": WORST}, as_of=TODAY - timedelta(days=1))
    found, (skipped,) = run(rule.check, given)
    assert found == []
    assert (skipped.what, skipped.source, skipped.reason) == ("rule", rule.RULE.id, "not-dated")
    assert skipped.subject is None


@pytest.mark.parametrize("rule", RULES)
def test_what_is_unknown_is_left_to_outdated_dependency(rule: ModuleType) -> None:
    given = evidence([requirement("web", "==1.0")], {"web": Unknown("time-out")})
    assert run(rule.check, given) == ([], [])
    earlier = evidence([requirement("web", "==1.0")], {"web": Unknown("time-out")}, as_of=date(2020, 1, 1))
    assert run(rule.check, earlier) == ([], [])


@pytest.mark.parametrize(
    "rule", list(modules("analyzers.checks.dependencies", states="RULE")), ids=lambda rule: rule.RULE.id
)
def test_each_rule_has_a_whole_page(rule: ModuleType) -> None:
    stated = rule.RULE
    assert stated.id == rule.__name__.rpartition(".")[2].replace("_", "-")
    assert all((stated.title, stated.what, stated.why, stated.remediation, stated.example, stated.better))
    assert bool(stated.sources) is (stated.id not in FROM_FILES_ALONE)
