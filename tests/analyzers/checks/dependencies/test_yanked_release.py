"""A version in use that its publisher has withdrawn."""

from __future__ import annotations

import pytest

from analyzers.checks.dependencies.yanked_release import check
from analyzers.model.facts import Known
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency
from tests.support.dependencies import evidence, package, requirement, run

YANKED = package("web", "1.0", "1.1 yanked=breaks_on_import.", "1.2", "1.3 yanked")


def judge(*rows: Dependency, answer: Known) -> list[Finding]:
    found, skipped = run(check, evidence(rows, {"web": answer, "npm:web": answer}))
    assert skipped == []
    return found


@pytest.mark.parametrize(
    ("declared", "locked", "expected"),
    [
        ("==1.0", None, None),
        ("==1.1", None, "web 1.1 was yanked by its publisher: breaks on import. Move to 1.2."),
        (">=1", "1.1", "web 1.1 was yanked by its publisher: breaks on import. Move to 1.2."),
        (">=1", "1.2", None),
        (">=1", None, None),
        ("==1.1.0", None, "web 1.1 was yanked by its publisher: breaks on import. Move to 1.2."),
        (
            "==1.3",
            None,
            (
                "web 1.3 was yanked by its publisher, without a reason. "
                "No newer release fits this project: move to an older one."
            ),
        ),
        ("==9.9", None, None),
    ],
)
def test_yanked_versions_in_use(declared: str, locked: str | None, expected: str | None) -> None:
    found = judge(requirement("web", declared, locked_version=locked), answer=YANKED)
    assert [one.message for one in found] == ([expected] if expected else [])


def test_a_yanked_pin_can_be_rewritten() -> None:
    (found,) = judge(requirement("web", "==1.1"), answer=YANKED)
    assert (found.minutes, found.fix.available, found.fix.to, found.subject.latest) == (20, True, "==1.2", "1.2")


def test_the_way_out_is_the_smallest_step() -> None:
    answer = package("web", "1.0 yanked", "1.0.1 yanked", "1.0.2", "1.1", "2.0")
    (found,) = judge(requirement("web", "==1.0"), answer=answer)
    assert found.subject.latest == "1.0.2"
