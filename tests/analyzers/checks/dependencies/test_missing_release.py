"""A version in use that the registry does not have."""

from __future__ import annotations

import pytest

from analyzers.checks.dependencies.missing_release import check
from analyzers.config import Config
from analyzers.model.facts import Answer, Known, Package
from analyzers.model.finding import Confidence, Finding, Severity
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.question import Question
from tests.support.dependencies import evidence, npm, package, place, requirement, run


def judge(*rows: Dependency, answer: Known) -> list[Finding]:
    found, skipped = run(check, evidence(rows, {"web": answer, "npm:web": answer}))
    assert skipped == []
    return found


MISSING = [
    # version in use, releases, missing?
    ("==1.0", ["1.0"], False),
    ("==1.0.0", ["1.0"], False),
    ("==1.5", ["1.0", "2.0"], True),
    ("==1.5", [], False),
    ("==1.0+cpu", ["1.0"], False),
    ("==1.5+cpu", ["1.0"], False),
    (">=1.5", ["1.0"], False),
]


@pytest.mark.parametrize(("declared", "there", "missing"), MISSING)
def test_missing_versions_in_use(declared: str, there: list[str], *, missing: bool) -> None:
    found = judge(requirement("web", declared), answer=package("web", *there))
    assert bool(found) is missing


def test_a_missing_version_is_dear_and_names_one_that_exists() -> None:
    (found,) = judge(npm("web", "^1.0.0", locked_version="1.0.9"), answer=package("web", "1.0.8"))
    assert (found.minutes, found.severity, found.confidence) == (240, Severity.HIGH, Confidence.HIGH)
    assert found.message == (
        "web 1.0.9 is locked here, and the registry does not have it: the next clean installation fails. "
        "Move to a release that exists, such as 1.0.8."
    )


def test_an_unpublished_package_is_missing() -> None:
    gone = Known(Package("web", (), status_reason="unpublished on 2026-01-01"))
    (found,) = judge(npm("web", "1.0.0", version="1.0.0"), answer=gone)
    assert "(unpublished on 2026-01-01)" in found.message


def test_a_release_of_later_days_is_not_missing() -> None:
    answer = package("web", "1.0 2020-01-01", "2.0 2027-01-01")
    assert judge(requirement("web", "==2.0"), answer=answer) == []


def test_private_and_extra_indexes_are_left_out() -> None:
    row = requirement("web", "==1.5", index="https://pypi.example.com/simple")
    extra = Observation(kind="extra-index", name="https://pypi.example.com/simple", place=place("requirements.txt"))
    answers: dict[Question | str, Answer] = {"web": package("web", "1.0")}
    assert run(check, evidence([row], answers)) == ([], [])
    given = evidence([requirement("web", "==1.5")], answers, observations=[extra])
    assert run(check, given) == ([], [])


def test_behind_a_mirror_of_the_user_s_it_is_less_sure() -> None:
    config = Config(addresses={"pypi": "https://mirror.example.com/simple"})
    given = evidence([requirement("web", "==1.5")], {"web": package("web", "1.0")}, config=config)
    (found,), _ = run(check, given)
    assert found.confidence is Confidence.MEDIUM
