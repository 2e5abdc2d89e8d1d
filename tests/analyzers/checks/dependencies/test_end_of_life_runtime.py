"""Ended and ending runtimes, by the clock; and what must not be called so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from analyzers.checks.dependencies.end_of_life_runtime import check
from analyzers.model.facts import Answer, Unknown
from analyzers.model.finding import Confidence, Finding, Severity
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from tests.support.dependencies import TODAY, evidence, lifecycle, run, runtime

NODE_LINES = (
    "26 2026-05-05 2029-04-30 lts",
    "25 2025-10-15 2026-06-01",
    "24 2025-05-06 2028-04-30 lts",
    "22 2024-04-24 2027-04-30 lts",
    "20 2023-04-18 2026-04-30 lts",
    "18 2022-04-19 2025-04-30 lts",
    "16 2021-04-20 2023-09-11 lts",
    "3 2015-08-04 ?",
)
PYTHON_LINES = (
    "3.14 2025-10-07 2030-10-31",
    "3.13 2024-10-07 2029-10-31",
    "3.12 2023-10-02 2028-10-31",
    "3.11 2022-10-24 2027-10-31",
    "3.10 2021-10-04 2026-10-31",
    "3.9 2020-10-05 2025-10-31",
    "3.8 2019-10-14 2024-10-07",
    "2.7 2010-07-03 2020-01-01",
)
TERRAFORM_LINES = (
    "1.15 2026-04-29 -",
    "1.14 2025-11-19 -",
    "1.13 2025-08-20 2026-04-29",
    "1.4 2023-03-08 2023-10-04",
    "1.3 2022-09-21 2023-06-12",
)
ANSWERS: dict[Question | str, Answer] = {
    Question("lifecycle", "terraform"): lifecycle("terraform", *TERRAFORM_LINES),
    Question("lifecycle", "nodejs"): lifecycle("nodejs", *NODE_LINES),
    Question("lifecycle", "python"): lifecycle("python", *PYTHON_LINES),
}


def judge(*rows: Dependency, as_of: date = TODAY) -> tuple[list[Finding], list[Skipped]]:
    return run(check, evidence(rows, ANSWERS, as_of=as_of))


TABLE = [
    # runtime, kind, value → title, severity, exposure
    ("node", "nvmrc", "24", None),
    ("node", "nvmrc", "18", ("Node.js 18 ended on 2025-04-30", Severity.HIGH, 4.0)),
    ("node", "nvmrc", "v18.17.0", ("Node.js 18 ended on 2025-04-30", Severity.HIGH, 4.0)),
    ("node", "nvmrc", "~18.17.0", ("Node.js 18 ended on 2025-04-30", Severity.HIGH, 4.0)),
    ("node", "nvmrc", "20", ("Node.js 20 ended on 2026-04-30", Severity.HIGH, 2.0)),
    ("node", "nvmrc", "lts/hydrogen", ("Node.js 18 ended on 2025-04-30", Severity.HIGH, 4.0)),
    ("node", "nvmrc", "lts/Krypton", None),
    ("node", "nvmrc", "lts/*", None),
    ("node", "nvmrc", "lts/-1", None),
    ("node", "nvmrc", "node", None),
    ("node", "nvmrc", "3", ("Node.js 3 ended long ago", Severity.HIGH, 1.0)),
    ("node", "volta", "16.20.2", ("Node.js 16 ended on 2023-09-11", Severity.HIGH, 4.0)),
    ("node", "engines", "18.x", ("Node.js 18 ended on 2025-04-30", Severity.HIGH, 4.0)),
    ("node", "engines", ">=24", None),
    ("node", "engines", ">=22", None),
    ("node", "engines", ">=18", ("Still supports Node.js 18, which ended on 2025-04-30", Severity.LOW, 0.5)),
    (
        "node",
        "engines",
        "^18 || ^20 || >=22",
        ("Still supports Node.js 18, which ended on 2025-04-30", Severity.LOW, 0.5),
    ),
    ("node", "engines", "^16 || ^18", ("Node.js 18 ended on 2025-04-30", Severity.HIGH, 4.0)),
    ("node", "engines", ">=16 <19", ("Node.js 18 ended on 2025-04-30", Severity.HIGH, 4.0)),
    ("node", "engines", "<27", None),
    ("node", "engines", "*", None),
    ("python", "requires-python", ">=3.11", None),
    ("python", "requires-python", ">=3.8", ("Still supports Python 3.8, which ended on 2024-10-07", Severity.LOW, 0.5)),
    (
        "python",
        "requires-python",
        ">=3.10",
        ("Still supports Python 3.10, which ended on 2026-10-31", Severity.LOW, 0.5),
    ),
    ("python", "requires-python", "^3.8", ("Still supports Python 3.8, which ended on 2024-10-07", Severity.LOW, 0.5)),
    ("python", "requires-python", "<4", None),
    ("python", "requires-python", ">=3.8,<3.10", ("Python 3.9 ended on 2025-10-31", Severity.HIGH, 4.0)),
    ("python", "requires-python", "~=3.8.0", ("Python 3.8 ended on 2024-10-07", Severity.HIGH, 4.0)),
    ("python", "python-version", "3.10", ("Python 3.10 ended on 2026-10-31", Severity.HIGH, 1.0)),
    ("python", "python-version", "3.10.4", ("Python 3.10 ended on 2026-10-31", Severity.HIGH, 1.0)),
    ("python", "python-version", "3.13.1", None),
]


@pytest.mark.parametrize(("name", "kind", "value", "expected"), TABLE)
def test_what_has_ended(name: str, kind: str, value: str, expected: tuple[str, Severity, float] | None) -> None:
    found, skipped = judge(runtime(name, value, kind=kind))
    assert skipped == []
    judged = [(one.title, one.severity, one.exposure) for one in found]
    assert judged == ([expected] if expected else [])
    assert all(one.minutes == 120 for one in found)


@pytest.mark.parametrize(
    ("as_of", "title"),
    [
        (date(2025, 1, 29), None),
        (date(2025, 1, 30), "Node.js 18 ends on 2025-04-30"),
        (date(2025, 4, 30), "Node.js 18 ends on 2025-04-30"),
        (date(2025, 5, 1), "Node.js 18 ended on 2025-04-30"),
    ],
)
def test_the_last_supported_day_is_still_supported(as_of: date, title: str | None) -> None:
    found, _ = judge(runtime("node", "18", kind="nvmrc"), as_of=as_of)
    assert [one.title for one in found] == ([title] if title else [])


def test_an_announced_end_weighs_half() -> None:
    (found,), _ = judge(runtime("node", "18", kind="nvmrc"), as_of=date(2025, 4, 20))
    assert (found.exposure, found.severity) == (0.5, Severity.MEDIUM)
    assert found.message == (
        ".nvmrc names 18, and Node.js 18 ends on 2025-04-30, in 10 days. "
        "Move to Node.js 22, supported until 2027-04-30."
    )


def test_a_finding_says_since_when_and_where_to() -> None:
    (found,), _ = judge(runtime("node", "18", kind="nvmrc"))
    assert found.message == (
        ".nvmrc names 18, and Node.js 18 ended on 2025-04-30 (571 days ago). "
        "Move to Node.js 26, supported until 2029-04-30."
    )
    assert (found.key, found.fix.to, found.subject.latest) == (SubjectKey("generic", "node"), "26", "26")
    assert found.details == {"cycle": "18", "end_of_life": "2025-04-30"}


def test_a_promise_of_support_is_little_and_less_sure() -> None:
    (found,), _ = judge(runtime("python", ">=3.8", kind="requires-python", path="pyproject.toml"))
    assert found.message == (
        "pyproject.toml (requires-python) states >=3.8 and so still promises to support Python 3.8, which ended on "
        "2024-10-07. Drop it once nobody needs it: raise the lower bound."
    )
    assert (found.confidence, found.fix.to) == (Confidence.MEDIUM, ">=3.11")


def test_further_lines_of_a_version_file_are_for_testing() -> None:
    rows = [
        runtime("python", "3.13", kind="python-version", path=".python-version", line=1),
        runtime("python", "3.8", kind="python-version", path=".python-version", line=2),
    ]
    (found,), _ = judge(*rows)
    assert (found.severity, found.line, found.fix.available) == (Severity.LOW, 2, False)
    assert found.message.endswith("Drop it once nobody needs it: take the line out.")


@pytest.mark.parametrize(
    ("value", "to"), [("18", "26"), ("v18", "v26"), ("18.17.0", "26.9"), (">= 18", ">= 22"), ("~18", None)]
)
def test_fixes_keep_the_precision(value: str, to: str | None) -> None:
    (found,), _ = judge(runtime("node", value, kind="engines"))
    assert (found.fix.to, found.fix.available) == (to, to is not None)


@pytest.mark.parametrize(
    ("value", "locked", "message", "to"),
    [
        ("18", "18.20.4", "mise.toml names 18 (locked at 18.20.4), and Node.js 18 ended on 2025-04-30", "26"),
        ("lts", "18.20.4", "mise.toml names lts (locked at 18.20.4), and Node.js 18 ended on 2025-04-30", None),
        (None, "18.20.4", "mise.toml names 18.20.4, and Node.js 18 ended on 2025-04-30", None),
        ("lts", "24.1.0", None, None),
        (">=18", "24.1.0", None, None),
    ],
)
def test_what_a_lockfile_chose_is_what_runs(
    value: str | None, locked: str, message: str | None, to: str | None
) -> None:
    row = replace(runtime("node", "", kind="mise", path="mise.toml"), value=value, locked_version=locked)
    found, skipped = judge(row)
    assert skipped == []
    assert [(one.message.partition(" (571")[0], one.fix.to) for one in found] == ([(message, to)] if message else [])


@pytest.mark.parametrize(
    ("value", "title"),
    [
        (">= 1.3", None),
        ("~> 1.3", None),
        (">= 1.3, < 2.0", None),
        (">= 1.3, != 1.4.0", None),
        ("~> 1.14.0", None),
        ("1.15.2", None),
        ("~> 1.3.0", "Terraform 1.3 ended on 2023-06-12"),
        (">= 1.3, < 1.5", "Terraform 1.4 ended on 2023-10-04"),
        ("1.3.7", "Terraform 1.3 ended on 2023-06-12"),
        ("< 1.14", "Terraform 1.13 ended on 2026-04-29"),
    ],
)
def test_a_terraform_is_held_against_a_module_that_takes_no_supported_one(value: str, title: str | None) -> None:
    found, skipped = judge(runtime("terraform", value, kind="terraform-required-version", path="main.tf"))
    assert skipped == []
    assert [one.title for one in found] == ([title] if title else [])
    # Whoever runs the module has a Terraform of their own.
    assert all((one.severity, one.exposure <= 2) == (Severity.MEDIUM, True) for one in found)


@pytest.mark.parametrize(("value", "reason"), [("~> 0.12", "unknown-cycle"), ("newest", "unsupported-version")])
def test_a_terraform_that_the_table_does_not_know_is_said(value: str, reason: str) -> None:
    found, (skipped,) = judge(runtime("terraform", value, kind="terraform-required-version", path="main.tf"))
    assert (found, skipped.reason) == ([], reason)


@pytest.mark.parametrize("value", ["27", "28.1.0", ">=27", "0.10"])
def test_a_line_that_the_table_does_not_know_is_unknown(value: str) -> None:
    found, (skipped,) = judge(runtime("node", value, kind="nvmrc"))
    assert found == []
    assert (skipped.what, skipped.reason, skipped.subject) == (
        "dependency",
        "unknown-cycle",
        SubjectKey("generic", "node"),
    )


def test_a_line_that_was_not_out_yet_is_unknown_on_that_day() -> None:
    found, (skipped,) = judge(runtime("node", "26", kind="nvmrc"), as_of=date(2026, 1, 1))
    assert found == []
    assert skipped.reason == "unknown-cycle"


def test_an_end_that_nobody_recorded_is_known_from_the_table_s_date_on() -> None:
    assert judge(runtime("node", "3", kind="nvmrc"), as_of=date(2020, 1, 1)) == ([], [])


def test_what_is_no_version_is_said() -> None:
    found, (skipped,) = judge(runtime("node", "iojs-v2", kind="nvmrc"))
    assert found == []
    assert skipped.reason == "unsupported-version"


def test_a_lifecycle_that_was_not_found_out_is_said_once() -> None:
    rows = [runtime("node", "18", kind="nvmrc"), runtime("node", ">=18", kind="engines", path="package.json")]
    answers: dict[Question | str, Answer] = {Question("lifecycle", "nodejs"): Unknown("offline", "not asked")}
    found, (skipped,) = run(check, evidence(rows, answers))
    assert found == []
    assert (skipped.what, skipped.source, skipped.reason) == ("look-up", "lifecycle", "offline")
    assert skipped.subject == SubjectKey("generic", "node")


def test_the_bundled_table_is_named_once() -> None:
    rows = [runtime("node", "24", kind="nvmrc"), runtime("node", ">=24", kind="engines", path="package.json")]
    answers: dict[Question | str, Answer] = {
        Question("lifecycle", "nodejs"): lifecycle("nodejs", *NODE_LINES, bundled=True)
    }
    found, (skipped,) = run(check, evidence(rows, answers))
    assert found == []
    assert (skipped.reason, skipped.source) == ("bundled-table", "endoflife")
    assert skipped.detail == "node is judged by the bundled table of 2026-11-22"


def test_other_generic_rows_are_not_runtimes() -> None:
    assert judge(runtime("ubuntu-20.04", "ubuntu-20.04", kind="runner")) == ([], [])


GO_LINES = ("1.27 2026-08-11 -", "1.26 2026-02-10 -", "1.25 2025-08-12 2026-08-19", "1.21 2023-08-08 2024-08-13")
JAVA_LINES = ("25 2025-09-16 2031-09-30 lts", "17 2021-09-14 2027-10-31 lts", "8 2014-03-18 2026-01-31 lts")
ZULU_LINES = ("25 2025-09-16 2033-09-30 lts", "8 2014-03-18 2030-12-31 lts")
DOTNET_LINES = ("10 2025-11-11 2028-11-14 lts", "8 2023-11-14 2026-11-10 lts", "3.1 2019-12-03 2022-12-13 lts")
MORE: dict[Question | str, Answer] = {
    **ANSWERS,
    Question("lifecycle", "go"): lifecycle("go", *GO_LINES),
    Question("lifecycle", "eclipse-temurin"): lifecycle("eclipse-temurin", *JAVA_LINES),
    Question("lifecycle", "azul-zulu"): lifecycle("azul-zulu", *ZULU_LINES),
    Question("lifecycle", "dotnet"): lifecycle("dotnet", *DOTNET_LINES),
}


def stated(name: str, value: str, kind: str, *, group: str | None = None, purl: str = "", line: int = 1) -> Dependency:
    row = runtime(name, value, kind=kind, path="any", line=line)
    return replace(row, dependency_group=group, purl=purl)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (stated("go", "1.21.5", "tool-versions"), ("Go 1.21 ended on 2024-08-13", Severity.HIGH, "1.27.9")),
        (stated("go", "1.21", "workflow-with"), ("Go 1.21 ended on 2024-08-13", Severity.MEDIUM, "1.27")),
        (stated("go", "^1.21", "workflow-with"), None),
        (stated("go", ">=1.21", "mise"), None),
        (stated("go", "1.27", "mise"), None),
        (stated("java", "1.8", "workflow-with"), ("Java 8 ended on 2026-01-31", Severity.MEDIUM, "25")),
        (stated("java", "8", "tool-versions"), ("Java 8 ended on 2026-01-31", Severity.HIGH, "25")),
        (stated("java", "8", "mise", purl="pkg:generic/java?distribution=zulu"), None),
        (stated("dotnet", "8.0.x", "workflow-with"), (".NET 8 ended on 2026-11-10", Severity.MEDIUM, None)),
        (stated("dotnet", "3.1.100", "mise"), (".NET 3.1 ended on 2022-12-13", Severity.HIGH, None)),
        (stated("dotnet", "10.x", "mise"), None),
        (
            stated("python", "3.8", "workflow-with", group="matrix"),
            ("Still tests on Python 3.8, which ended on 2024-10-07", Severity.LOW, None),
        ),
        (stated("python", "3.12", "workflow-with", group="matrix"), None),
        (stated("python", "3.x", "workflow-with"), None),
        (stated("node", "18.x", "workflow-with"), ("Node.js 18 ended on 2025-04-30", Severity.MEDIUM, "26.x")),
        (stated("go", "1.21.x", "action-with"), ("Go 1.21 ended on 2024-08-13", Severity.MEDIUM, "1.27.x")),
        (stated("go", "1.21.5", "go-version"), ("Go 1.21 ended on 2024-08-13", Severity.HIGH, "1.27.9")),
        (stated("python", ">=3.8 <3.10", "workflow-with"), ("Python 3.9 ended on 2025-10-31", Severity.MEDIUM, None)),
        (stated("python", "~3.8.10", "action-with"), ("Python 3.8 ended on 2024-10-07", Severity.MEDIUM, None)),
        (stated("python", "3.9", "pre-commit-language"), ("Python 3.9 ended on 2025-10-31", Severity.MEDIUM, "3.14")),
    ],
)
def test_every_runtime_with_published_ends_is_judged(
    row: Dependency, expected: tuple[str, Severity, str] | None
) -> None:
    found, skipped = run(check, evidence([row], MORE))
    assert [(one.title, one.severity, one.fix.to) for one in found] == ([expected] if expected else [])
    assert skipped == []


def test_what_a_workflow_names_in_many_jobs_is_found_once() -> None:
    rows = [stated("python", "3.8", "workflow-with", line=line) for line in (3, 9, 7)]
    tested = stated("python", "3.8", "workflow-with", line=1, group="matrix")
    (found,), _ = run(check, evidence([tested, *rows], MORE))
    assert (found.line, found.title) == (3, "Python 3.8 ended on 2024-10-07")
    assert found.details["also_lines"] == "1, 7, 9"


def test_a_second_runtime_in_a_file_is_in_use_as_well() -> None:
    rows = [stated("python", "3.8", "tool-versions"), stated("node", "18", "tool-versions", line=2)]
    found, _ = run(check, evidence(rows, MORE))
    assert [one.severity for one in found] == [Severity.HIGH, Severity.HIGH]


def test_a_java_of_unknown_make_is_not_judged_and_that_is_said() -> None:
    row = stated("java", "8", "mise", purl="pkg:generic/java?distribution=liberica")
    found, (skipped,) = run(check, evidence([row], MORE))
    assert found == []
    assert skipped.reason == "unknown-cycle"
