"""What a publisher calls deprecated: a package, a version in use, a package further down."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.dependencies.deprecated_dependency import check
from analyzers.model.facts import Known
from analyzers.model.finding import Confidence, Finding, Severity
from analyzers.model.inventory import Dependency, Observation
from analyzers.model.skipped import SkipReason
from analyzers.model.subject import SubjectKey
from tests.support.dependencies import TODAY, evidence, npm, package, place, run


def judge(*rows: Dependency, answer: Known) -> list[Finding]:
    found, skipped = run(check, evidence(rows, {"web": answer, "npm:web": answer}))
    assert skipped == []
    return found


def test_a_deprecated_package_has_to_be_replaced() -> None:
    answer = package("web", "1.0.0 deprecated=use_net", status="deprecated", status_reason="use  net\ninstead.")
    (found,) = judge(npm("web", "^1.0.0"), answer=answer)
    assert found.message == "web is deprecated. Its publisher says: use net instead. Replace it."
    assert (found.minutes, found.severity) == (240, Severity.MEDIUM)


def test_a_deprecated_version_of_a_living_package_is_an_update() -> None:
    answer = package("web", "1.0.0 deprecated=has_a_hole", "2.0.0")
    (found,) = judge(npm("web", "^1.0.0", locked_version="1.0.0"), answer=answer)
    assert found.message == (
        "web 1.0.0 is deprecated, the package is not. Its publisher says: has a hole. Move to 2.0.0."
    )
    assert (found.minutes, found.severity) == (20, Severity.LOW)


def test_a_deprecated_version_not_in_use_says_nothing() -> None:
    answer = package("web", "1.0.0 deprecated=old", "2.0.0")
    assert judge(npm("web", "^2.0.0", locked_version="2.0.0"), answer=answer) == []


@pytest.mark.parametrize(("group", "titles"), [("dependencies", ["web 1.1.0 is deprecated"]), ("peerDependencies", [])])
def test_a_range_without_a_lock_gets_what_an_installation_gets(group: str, titles: list[str]) -> None:
    answer = package("web", "1.0.0", "1.1.0 deprecated=old", "2.0.0")
    assert [one.title for one in judge(npm("web", "^1.0.0", dependency_group=group), answer=answer)] == titles


def indirect(*, group: str | None = None, skip_reason: SkipReason | None = None) -> Dependency:
    return npm(
        "inflight",
        kind="package-lock",
        path="package-lock.json",
        line=16,
        direct=False,
        locked_version="1.0.6",
        dependency_group=group,
        skip_reason=skip_reason,
    )


NOTED = Observation(
    kind="npm-lock-deprecation", name="inflight", place=place("package-lock.json", 16), text="leaks memory."
)


@pytest.mark.parametrize("as_of", [TODAY, date(2020, 1, 1)])
def test_what_the_lockfile_calls_deprecated_is_reported_on_any_day(as_of: date) -> None:
    given = evidence([indirect()], {}, observations=[NOTED, NOTED], as_of=as_of)
    (found,), skipped = run(check, given)
    assert skipped == []
    assert (found.path, found.line, found.minutes) == ("package-lock.json", 16, 20)
    assert (found.key, found.confidence) == (SubjectKey("npm", "inflight"), Confidence.HIGH)
    assert found.message == (
        "inflight 1.0.6 is deprecated, and something you require brings it in. Its publisher says: leaks memory. "
        "Update what requires it (npm ls inflight shows that)."
    )


def test_an_indirect_development_package_weighs_half() -> None:
    given = evidence([indirect(group="devDependencies")], {}, observations=[NOTED])
    (found,), _ = run(check, given)
    assert found.exposure == 0.5


@pytest.mark.parametrize("rows", [[], [indirect(skip_reason="vendored")]])
def test_a_note_without_its_row_says_nothing(rows: list[Dependency]) -> None:
    assert run(check, evidence(rows, {}, observations=[NOTED])) == ([], [])
