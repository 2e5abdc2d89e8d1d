from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.dependencies.end_of_life_framework import check
from analyzers.model.facts import Answer, Known, Package, Unknown
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from tests.support.dependencies import TODAY, evidence, lifecycle, npm, package, requirement, run

DJANGO = lifecycle(
    "django",
    "6.0 2025-12-03 2027-04-30",
    "5.2 2025-04-02 2028-04-30 lts",
    "4.2 2023-04-03 2026-04-07 lts",
    "4.1 2022-08-03 2023-12-01",
)
VUE = lifecycle("vue", "3.5 2024-09-03 -", "3.4 2023-12-29 2024-09-03", "2.7 2022-07-01 2023-12-31", "2.6 2019-02-04 ?")
RELEASES = package("django", "4.1.13", "4.2.27", "5.2.8", "6.0")


def judge(row: Dependency, *, as_of: date = TODAY, answer: Answer = DJANGO) -> tuple[list[Finding], list[Skipped]]:
    product = row.name if row.ecosystem == "npm" else "django"
    answers: dict[Question | str, Answer] = {
        Question("lifecycle", product): answer,
        "django": RELEASES,
        "npm:vue": Known(Package("vue", ())),
    }
    return run(check, evidence([row], answers, as_of=as_of))


@pytest.mark.parametrize(
    ("declared", "locked", "message"),
    [
        (
            "==4.1.13",
            None,
            (
                "django is pinned at 4.1.13, and Django 4.1 ended on 2023-12-01 (1087 days ago). "
                "Move to Django 5.2, supported until 2028-04-30."
            ),
        ),
        (
            ">=4",
            "4.2.27",
            (
                "django is locked at 4.2.27, and Django 4.2 ended on 2026-04-07 (229 days ago). "
                "Move to Django 5.2, supported until 2028-04-30."
            ),
        ),
        (
            "<4.2",
            None,
            (
                "django is limited to <4.2, whose newest release is 4.1.13, and Django 4.1 ended on 2023-12-01 "
                "(1087 days ago). Move to Django 5.2, supported until 2028-04-30."
            ),
        ),
        (">=4.1", None, None),
        ("==5.2.8", None, None),
    ],
)
def test_lines_in_use(declared: str, locked: str | None, message: str | None) -> None:
    found, skipped = judge(requirement("django", declared, locked_version=locked))
    assert ([one.message for one in found], skipped) == ([message] if message else [], [])


@pytest.mark.parametrize(
    ("day", "title", "weight"),
    [
        (date(2026, 1, 6), None, None),
        (date(2026, 1, 7), "Django 4.2 ends on 2026-04-07", 0.5),
        (date(2026, 4, 7), "Django 4.2 ends on 2026-04-07", 0.5),
        (date(2026, 4, 8), "Django 4.2 ended on 2026-04-07", 1.0),
        (date(2026, 7, 6), "Django 4.2 ended on 2026-04-07", 2.0),
        (date(2027, 4, 7), "Django 4.2 ended on 2026-04-07", 4.0),
    ],
)
def test_the_last_supported_day_and_the_day_after(day: date, title: str | None, weight: float | None) -> None:
    found, _skipped = judge(requirement("django", "==4.2.1"), as_of=day)
    assert [(one.title, one.exposure) for one in found] == ([(title, weight)] if title else [])


def test_a_development_requirement_weighs_half() -> None:
    ((found,), _skipped) = judge(requirement("django", "==4.1", dependency_group="dev"))
    assert (found.minutes, found.exposure, found.subject.latest) == (120, 2.0, "5.2.9")


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("2.7.16", "vue is locked at 2.7.16, and Vue 2 ended long ago. Move to Vue 3.5."),
        ("3.4.0", None),
        ("3.5.0", None),
    ],
)
def test_a_line_of_several_cycles_ends_with_the_last_of_them(version: str, message: str | None) -> None:
    found, skipped = judge(npm("vue", "*", locked_version=version), answer=VUE)
    assert ([one.message for one in found], skipped) == ([message] if message else [], [])


def test_an_end_that_nobody_dated_is_not_invented() -> None:
    ((found,), _skipped) = judge(npm("vue", "*", locked_version="2.6.14"), answer=lifecycle("vue", "2.6 2019-02-04 ?"))
    assert found.message == (
        "vue is locked at 2.6.14, and Vue 2 ended long ago. No line of Vue is supported any more: replace it."
    )
    assert (found.exposure, found.details["end_of_life"]) == (1.0, None)


def test_a_version_of_no_known_line_is_unknown() -> None:
    found, (skipped,) = judge(requirement("django", "==99.0"))
    assert (found, skipped.reason, skipped.subject) == ([], "unknown-cycle", ("pypi", "django"))


@pytest.mark.parametrize(
    ("answer", "reason", "count"),
    [
        (Unknown("time-out"), "time-out", 0),
        (lifecycle("django", "4.1 2022-08-03 2023-12-01", bundled=True), "bundled-table", 1),
    ],
)
def test_no_live_answer_is_said(answer: Answer, reason: str, count: int) -> None:
    found, (skipped,) = judge(requirement("django", "==4.1.13"), answer=answer)
    assert (len(found), skipped.reason, skipped.subject) == (count, reason, ("pypi", "django"))


def test_other_packages_are_none_of_its_business() -> None:
    assert judge(requirement("flask", "==0.1")) == ([], [])
