"""outdated-chart and deprecated-chart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from analyzers.checks.infrastructure import deprecated_chart, outdated_chart
from analyzers.config import Config, Dependencies, Kubernetes
from analyzers.model.facts import Answer, Facts, ImageTags, Known, Unknown
from analyzers.model.finding import Evidence, Finding
from analyzers.model.inventory import Dependency, Inventory, Repository
from analyzers.model.place import Place
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.versions.helm import SCHEME
from tests.support.dependencies import package, run

TODAY = date(2026, 11, 22)
ADDRESS = "https://charts.example.com"
REDIS = Question("helm", "redis", ADDRESS)
USUAL = package("redis", "17.0.0 2024-01-01", "18.0.0 2025-01-01", "18.1.0 2026-01-01", "19.0.0-rc.1 2026-10-01")


def row(value: str | None, locked: str | None = None, index: str = ADDRESS) -> Dependency:
    return Dependency(
        ecosystem="helm",
        name="redis",
        place=Place("Chart.yaml", 4, 14, 40, 46),
        kind="helm-chart",
        purl="pkg:helm/redis",
        value=value,
        version=SCHEME.pinned(value or ""),
        locked_version=locked,
        index=index,
    )


def evidence(
    *rows: Dependency,
    answers: Mapping[Question, Answer] | None = None,
    as_of: date = TODAY,
    config: Config | None = None,
) -> Evidence:
    return Evidence(
        inventory=Inventory(repository=Repository("r"), dependencies=rows),
        facts=Facts(TODAY, dict(answers or {REDIS: USUAL})),
        config=config or Config(),
        as_of=as_of,
    )


def outdated(known: Evidence) -> tuple[list[Finding], list[Skipped]]:
    return run(outdated_chart.check, known)


@pytest.mark.parametrize(
    ("value", "locked", "title", "to", "minutes"),
    [
        ("17.0.0", None, "redis 17.0.0 is a major line behind 18.1.0", "18.1.0", 120),
        ("v18.0.0", None, "redis 18.0.0 is a minor release behind 18.1.0", "v18.1.0", 20),
        ("~18.0", None, "redis 18.0.0 is a minor release behind 18.1.0", "~18.1", 20),
        ("^17", None, "redis 17.0.0 is a major line behind 18.1.0", "^18", 120),
        ("18.x", "18.0.0", "redis 18.0.0 is a minor release behind 18.1.0", "18.1.0", 20),
        ("17.x", "17.0.0", "redis 17.0.0 is a major line behind 18.1.0", "18.x", 120),
    ],
)
def test_a_chart_behind_is_found(value: str, locked: str | None, title: str, to: str, minutes: int) -> None:
    (found,), notes = outdated(evidence(row(value, locked)))
    assert (found.title, found.fix.to, found.minutes, notes) == (title, to, minutes, [])
    assert (found.group, found.path, found.line, found.column) == ("infrastructure", "Chart.yaml", 4, 14)
    assert found.key == ("helm", "redis")


@pytest.mark.parametrize(
    ("value", "locked"),
    [("18.1.0", None), ("18.x", None), ("*", None), (None, None), (">=17", "18.1.0"), ("99.0.0", None)],
)
def test_a_chart_that_is_current_or_floats_is_not(value: str | None, locked: str | None) -> None:
    assert outdated(evidence(row(value, locked))) == ([], [])


def test_the_message_says_what_to_do() -> None:
    (pinned,), _ = outdated(evidence(row("17.0.0")))
    assert pinned.message == (
        "The chart redis is pinned at 17.0.0; 18.1.0 is out since 2026-01-01. Change it to 18.1.0."
    )
    (locked,), _ = outdated(evidence(row("18.x", "18.0.0")))
    assert locked.message == (
        "The chart redis is locked at 18.0.0 (declared as 18.x); 18.1.0 is out since 2026-01-01. "
        "Run helm dependency update and commit the lock."
    )
    assert locked.fix.safe


@pytest.mark.parametrize("locked", ["0.5.0", "v0.5.0"])
def test_a_minor_step_below_1_0_is_not_safe(locked: str) -> None:
    known = package("redis", "0.5.0 2025-01-01", "0.6.0 2026-01-01")
    (found,), _ = outdated(evidence(row("0.x", locked), answers={REDIS: known}))
    assert (found.fix.to, found.fix.safe) == ("0.6.0", False)


def test_three_major_lines_are_dear() -> None:
    known = package("redis", *(f"{major}.0.0 2020-01-01" for major in range(1, 20)))
    (found,), _ = outdated(evidence(row("1.0.0"), answers={REDIS: known}))
    assert (found.title, found.minutes) == ("redis 1.0.0 is 18 major lines behind 19.0.0", 480)
    assert found.severity == "high"


def test_only_what_existed_on_the_day_counts() -> None:
    (found,), _ = outdated(evidence(row("17.0.0"), as_of=date(2025, 6, 1)))
    assert found.subject.latest == "18.0.0"


def test_a_young_release_and_one_for_a_newer_cluster_are_held_back() -> None:
    young = Config(dependencies=Dependencies(minimum_release_age_days=3650))
    found, (note,) = outdated(evidence(row("18.0.0"), config=young))
    assert (found, note.reason) == ([], "held-back")
    known = package("redis", "1.0.0 2024-01-01", "1.1.0 2025-01-01 >=1.25.0-0", "2.0.0 2026-01-01 >=1.35.0-0")
    (lag,), _ = outdated(
        evidence(row("1.0.0"), answers={REDIS: known}, config=Config(kubernetes=Kubernetes(version="1.30")))
    )
    assert lag.subject.latest == "1.1.0"
    assert "2.0.0 is held back: it needs Kubernetes >=1.35.0-0, and [kubernetes] version is 1.30." in lag.message


def test_a_chart_in_a_registry_of_containers_is_judged_by_its_tags() -> None:
    entry = row("1.0.0", index="oci://registry.example.com/charts")
    question = Question("oci-tags", "registry.example.com/charts/redis")
    tags = Known(ImageTags("x", ("latest", "1.0.0", "1.2", "1.1.0_build.5", "sha256-aa.sig", "2.0.0-rc.1")))
    (found,), _ = outdated(evidence(entry, answers={question: tags}))
    assert (found.subject.latest, found.fix.to) == ("1.1.0+build.5", "1.1.0")
    assert outdated(evidence(entry, answers={question: tags}, as_of=date(2026, 1, 1)))[1][0].reason == "not-found"


@pytest.mark.parametrize(
    ("value", "answer", "reason", "is_unknown"),
    [
        ("1.0.0", Unknown("time-out"), "time-out", True),
        ("1.0.0", package("redis"), "not-found", True),
        ("HEAD", USUAL, "unsupported-version", False),
        ("^99", USUAL, "unsupported-version", False),
    ],
)
def test_what_cannot_be_judged_is_named_once(value: str, answer: Answer, reason: str, *, is_unknown: bool) -> None:
    found, (note,) = outdated(evidence(row(value), row(value), answers={REDIS: answer}))
    assert (found, note.reason) == ([], reason)
    assert (note.subject is not None) is is_unknown


def test_a_row_with_a_reason_is_left_alone() -> None:
    skipped = Dependency(
        ecosystem="helm", name="x", place=Place("a", 1, 1, 0, 1), kind="helm-chart", purl="", skip_reason="local-path"
    )
    assert outdated(evidence(skipped)) == ([], [])


def test_a_chart_whose_newest_release_is_deprecated_is_found() -> None:
    gone = package("redis", "1.0.0 2020-01-01", "1.0.1 2020-11-13 deprecated")
    (found,), _ = run(deprecated_chart.check, evidence(row("1.0.0"), answers={REDIS: gone}))
    assert (found.title, found.minutes) == ("The chart redis is deprecated", 240)
    assert run(deprecated_chart.check, evidence(row("1.0.0"))) == ([], [])
    # Nobody is told to move to the release that only says so.
    assert outdated(evidence(row("1.0.0"), answers={REDIS: gone})) == ([], [])


def test_on_a_past_day_nothing_is_known_of_deprecation() -> None:
    gone = package("redis", "1.0.0 2020-01-01 deprecated")
    found, (note,) = run(deprecated_chart.check, evidence(row("1.0.0"), answers={REDIS: gone}, as_of=date(2021, 1, 1)))
    assert (found, note.reason) == ([], "not-dated")
