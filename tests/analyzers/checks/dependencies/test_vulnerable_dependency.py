"""Advisories are made up in the shape of OSV's schema (https://ossf.github.io/osv-schema/)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pytest

from analyzers.advisories.asked import about_package, about_version, questions
from analyzers.checks.dependencies.vulnerable_dependency import check
from analyzers.ecosystems.npm.ecosystem import ECOSYSTEM as NPM
from analyzers.ecosystems.python.ecosystem import ECOSYSTEM as PYTHON
from analyzers.model.advisory import Advisories, Advisory, AdvisoryIds, AffectedRange, Event, is_affected
from analyzers.model.facts import Answer, Facts, Known, Unknown
from analyzers.model.finding import Confidence, Evidence, Finding
from analyzers.model.inventory import Dependency, Inventory, Manifest, Repository
from analyzers.model.question import Question
from analyzers.versions import npm as npm_scheme
from analyzers.versions import pep440
from tests.support.dependencies import TODAY, evidence, manifest, npm, package, requirement, run

PUBLISHED = date(2025, 5, 1)
WEB = package("web", "1.0 2020-01-01", "1.1 2021-01-01", "1.2 2022-01-01", "2.0 2023-01-01")


def advisory(name: str, first: str, fixed: str | None, **fields: object) -> Advisory:
    events = [Event("introduced", first), *([Event("fixed", fixed)] if fixed else [])]
    given = {"published": PUBLISHED, "ranges": (AffectedRange(tuple(events)),), **fields}
    return Advisory(id=name, **given)  # type: ignore[arg-type] # passed on


LEAK = advisory("GHSA-1", "0", "1.2", aliases=("CVE-1",), summary="It leaks.", level="high", score=7.5)


def judged(
    rows: Iterable[Dependency],
    *advisories: Advisory,
    answers: Mapping[Question | str, Answer] | None = None,
    as_of: date = TODAY,
    manifests: Iterable[Manifest] = (),
) -> Evidence:
    """Return evidence in which the database answers as it would: ids for a version, documents where there are any."""
    rows = tuple(rows)
    facts: dict[Question | str, Answer] = {"web": WEB} if answers is None else dict(answers)
    given = evidence(rows, facts, manifests=manifests)
    for _round in range(2):
        for question in questions(given.inventory, given.facts, (NPM, PYTHON)):
            facts.setdefault(question, _answer(question, advisories))
        given = evidence(rows, facts, as_of=as_of, manifests=manifests)
    return given


def _answer(question: Question, advisories: tuple[Advisory, ...]) -> Answer:
    if question.source == "osv-advisories":
        return Known(Advisories(question.name, advisories))
    name, _, version = question.name.rpartition("@")
    key = npm_scheme.SCHEME.key if name.startswith("npm:") else pep440.SCHEME.key
    return Known(AdvisoryIds(name, version, tuple(one.id for one in advisories if is_affected(one, version, key))))


def only(given: Evidence) -> Finding:
    (found,), skipped = run(check, given)
    assert skipped == []
    return found


@pytest.mark.parametrize(
    ("declared", "locked", "message"),
    [
        (
            "==1.0",
            None,
            (
                "web is pinned at 1.0, which is affected: CVE-1 (GHSA-1, high 7.5): It leaks. "
                "1.2 is free of them: change it to ==1.2."
            ),
        ),
        (
            ">=1",
            "1.1",
            (
                "web is locked at 1.1, which is affected: CVE-1 (GHSA-1, high 7.5): It leaks. "
                "1.2 is free of them, and the declared range admits it: refresh the lockfile."
            ),
        ),
        (
            "<1.2",
            None,
            (
                "web is limited to <1.2, and 1.1, the newest release of that, is affected: "
                "CVE-1 (GHSA-1, high 7.5): It leaks. 1.2 is free of them: change it to <1.3."
            ),
        ),
        (
            None,
            "1.1",
            (
                "web is locked at 1.1, which is affected: CVE-1 (GHSA-1, high 7.5): It leaks. "
                "1.2 is free of them, and the declared range admits it: refresh the lockfile."
            ),
        ),
        ("==1.2", None, None),
        (">=1", None, None),
        (">=1", "2.0", None),
    ],
)
def test_versions_in_use(declared: str | None, locked: str | None, message: str | None) -> None:
    found, skipped = run(check, judged([requirement("web", declared, locked_version=locked)], LEAK))
    assert ([one.message for one in found], skipped) == ([message] if message else [], [])


def test_what_a_finding_holds() -> None:
    found = only(judged([requirement("web", "==1.0")], LEAK))
    assert (found.minutes, found.severity.value, found.confidence.value) == (60, "high", "high")
    assert (found.title, found.subject.current, found.subject.latest) == (
        "web 1.0 has a known vulnerability",
        "1.0",
        "1.2",
    )
    assert (found.fix.available, found.fix.to, found.fix.safe) == (True, "==1.2", True)
    assert [flaw.id for flaw in found.flaws] == ["CVE-1"]
    assert found.details == {
        "advisories": "CVE-1",
        "aliases": "GHSA-1",
        "score": 7.5,
        "version": "1.0",
        "fixed": "1.2",
        "direct": True,
    }


@pytest.mark.parametrize(("day", "count"), [(PUBLISHED - timedelta(days=1), 0), (PUBLISHED, 1)])
def test_an_advisory_exists_from_its_publication_on(day: date, count: int) -> None:
    assert len(run(check, judged([requirement("web", "==1.0")], LEAK, as_of=day))[0]) == count


@pytest.mark.parametrize(("days", "count"), [(-1, 1), (0, 0)])
def test_an_advisory_ends_on_the_day_of_its_withdrawal(days: int, count: int) -> None:
    gone = advisory("GHSA-2", "0", "1.2", withdrawn=PUBLISHED + timedelta(days=30))
    given = judged([requirement("web", "==1.0")], gone, as_of=PUBLISHED + timedelta(days=30 + days))
    assert len(run(check, given)[0]) == count


def test_the_target_is_free_of_all_advisories_and_runs_on_the_project() -> None:
    answer = package("web", "1.0", "1.1", "1.2 >=3.13", "1.3 yanked", "1.4rc1", "1.5 >=3.9", "2.0")
    rows = [requirement("web", "==1.0")]
    given = judged(
        rows,
        advisory("A", "0", "1.1"),
        advisory("B", "1.1", "1.2", level="low"),
        answers={"web": answer},
        manifests=[manifest("requirements.txt", runtime=">=3.11")],
    )
    assert only(given).subject.latest == "1.5"


def test_nothing_free_above_means_another_package() -> None:
    found = only(judged([requirement("web", "==1.0")], advisory("A", "0", None, level="critical")))
    assert found.message.endswith("No release above it is free of known vulnerabilities: replace it.")
    assert (found.fix.available, found.severity.value) == (False, "critical")


def test_a_package_that_something_else_brings_in_is_judged_at_its_lockfile() -> None:
    row = npm("web", None, locked_version="1.0.0", direct=False, path="package-lock.json", kind="package-lock")
    found = only(judged([row], advisory("GHSA-1", "0", "1.2.3")))
    assert (found.path, found.minutes, found.subject.latest, found.severity.value) == (
        "package-lock.json",
        20,
        "1.2.3",
        "medium",
    )
    assert found.message == (
        "web 1.0.0, which something you require brings in, is affected: GHSA-1 (severity not stated). "
        "1.2.3 is free of them: refresh the lockfile, or update what requires it."
    )


def test_what_a_compiled_file_repeats_is_judged_once_and_at_its_input() -> None:
    rows = [
        requirement("web", ">=1", locked_version="1.0", path="main.in"),
        requirement("web", "==1.0", direct=False, path="main.txt", line=9),
        requirement("deep", "==1.0", direct=False, path="main.txt", line=12),
    ]
    given = judged(rows, LEAK, manifests=[manifest("main.in", lockfile="main.txt"), manifest("main.txt")])
    found, _skipped = run(check, given)
    assert [(one.path, one.subject.name) for one in found] == [("main.in", "web"), ("main.txt", "deep")]
    assert "compile main.txt anew" in found[0].message


@pytest.mark.parametrize(
    ("kind", "path", "resolved", "count"),
    [
        ("requirements-constraint", "constraints.txt", "uv.lock", 0),
        ("pyproject-constraint", "pyproject.toml", "uv.lock", 0),
        ("python-script-constraint", "run.py", "uv.lock", 0),
        # Constraints that pin all that a manifest requires resolve what comes with it as well.
        ("requirements-constraint", "constraints.txt", "constraints.txt", 1),
        ("requirements", "constraints.txt", "uv.lock", 1),
    ],
)
def test_what_only_limits_others_installs_nothing(kind: str, path: str, resolved: str, count: int) -> None:
    row = requirement("web", "==1.0", direct=False, kind=kind, path=path)
    given = judged([row], LEAK, manifests=[manifest("pyproject.toml", lockfile=resolved)])
    assert len(run(check, given)[0]) == count


def test_what_is_limited_and_resolved_is_judged_where_it_is_resolved() -> None:
    rows = [
        requirement("web", "==1.0", direct=False, kind="pyproject-constraint", path="pyproject.toml"),
        requirement("web", None, version="1.0", direct=False, kind="uv-lock", path="uv.lock", line=9),
    ]
    found = only(judged(rows, LEAK, manifests=[manifest("pyproject.toml", lockfile="uv.lock")]))
    assert (found.path, found.line) == ("uv.lock", 9)


def test_several_versions_of_a_package_in_one_lockfile_are_one_finding() -> None:
    rows = [
        npm("web", None, locked_version=version, direct=False, path="package-lock.json", line=line)
        for version, line in (("1.0.0", 3), ("1.1.0", 8), ("1.0.0", 20))
    ]
    assert only(judged(rows, advisory("A", "0", "1.2.3"))).details["also_lines"] == "8"


def test_malicious_packages_are_to_be_removed() -> None:
    found = only(judged([requirement("web", "==1.0")], advisory("MAL-1", "0", None, malicious=True)))
    assert (found.severity.value, found.title) == ("critical", "web 1.0 is malicious")
    assert found.message.endswith("Remove it at once, and treat machines that installed it as taken over.")


def test_another_index_may_mean_another_package() -> None:
    row = requirement("web", "==1.0", index="https://corp.example/simple")
    assert only(judged([row], LEAK, answers={})).confidence is Confidence.MEDIUM


def test_more_than_three_flaws_are_counted() -> None:
    found = only(judged([requirement("web", "==1.0")], *(advisory(f"A-{number}", "0", "1.2") for number in range(5))))
    assert found.title == "web 1.0 has 5 known vulnerabilities"
    assert "; and 2 more. " in found.message


@pytest.mark.parametrize("as_of", [TODAY, TODAY - timedelta(days=1)])
def test_no_answer_is_said_and_leaves_the_package_unknown(as_of: date) -> None:
    row = requirement("web", "==1.0")
    asked: dict[Question | str, Answer] = {
        "web": WEB,
        about_version("pypi", "web", "1.0"): Unknown("time-out", "osv is slow"),
    }
    found, (skipped,) = run(check, evidence([row, row], asked, as_of=as_of))
    assert found == []
    assert (skipped.source, skipped.reason, skipped.detail) == ("osv", "time-out", "web: osv is slow")
    assert skipped.subject == ("pypi", "web")


def test_names_without_documents_are_findings_today_and_unknown_on_a_past_day() -> None:
    asked: dict[Question | str, Answer] = {
        "web": WEB,
        about_version("pypi", "web", "1.0"): Known(AdvisoryIds("pypi:web", "1.0", ("GHSA-9",))),
        about_package("pypi", "web"): Unknown("time-out"),
    }
    found = only(evidence([requirement("web", "==1.0")], asked))
    assert "GHSA-9" in found.message
    assert "could not be read" in found.message
    past = evidence([requirement("web", "==1.0")], asked, as_of=TODAY - timedelta(days=1))
    nothing, (skipped,) = run(check, past)
    assert (nothing, skipped.reason) == ([], "time-out")


def test_a_range_without_a_lock_is_not_judged_on_a_past_day_unless_it_was_asked() -> None:
    assert run(check, evidence([requirement("web", "<1.2")], {"web": WEB}, as_of=date(2021, 6, 1))) == ([], [])


def test_what_is_asked() -> None:
    rows = (
        requirement("Web", "==1.0"),
        requirement("torch", "==2.1+cpu"),
        requirement("free", ">=1"),
        requirement("local", "==1.0", skip_reason="local-path"),
        npm("@a/b", None, locked_version="1.0.0", direct=False),
        requirement("v4", "v4", ecosystem="githubactions", version="4.1.0"),
    )
    inventory = Inventory(repository=Repository("demo"), dependencies=rows)
    free = package("free", "1.0", "2.0", "3.0 yanked", "4.0rc1", "5.0 2099-01-01")
    facts = Facts(TODAY, {Question("pypi", "free"): free})
    assert [question.name for question in questions(inventory, facts, (NPM, PYTHON))] == [
        "pypi:web@1.0",
        "pypi:torch@2.1",
        "pypi:free@2.0",
        "npm:@a/b@1.0.0",
    ]


@pytest.mark.parametrize(
    ("row", "asked"),
    [
        (requirement("web", "==1.0", direct=False, kind="pyproject-constraint"), []),
        (requirement("web", "==1.0", direct=False, kind="requirements-constraint", path="all.txt"), ["pypi:web@1.0"]),
        (requirement("web", "==1.0", kind="requirements-constraint"), ["pypi:web@1.0"]),
        (npm("free", ">=1", dependency_group="peerDependencies"), []),
        (npm("free", ">=1", dependency_group="peerDependencies", locked_version="1.0.0"), ["npm:free@1.0.0"]),
        (npm("free", ">=1", kind="package-json-override", dependency_group="overrides"), ["npm:free@2.0.0"]),
        (npm("free", None), []),
    ],
)
def test_nobody_is_asked_about_what_nothing_installs(row: Dependency, asked: list[str]) -> None:
    inventory = Inventory(
        repository=Repository("demo"),
        dependencies=(row,),
        manifests=(manifest("pyproject.toml", lockfile="all.txt"),),
    )
    facts = Facts(TODAY, {Question("npm", "free"): package("free", "1.0.0", "2.0.0")})
    assert [question.name for question in questions(inventory, facts, (NPM, PYTHON))] == asked
