"""What is behind, how far, and what must not be called so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from analyzers.checks.dependencies.outdated_dependency import check
from analyzers.config import Config, Dependencies
from analyzers.model.facts import Answer, GitRefs, Known, Package, Release, Unknown, UnknownReason
from analyzers.model.finding import Finding, Severity
from analyzers.model.inventory import Dependency
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from tests.support.dependencies import evidence, manifest, npm, package, requirement, run

WEB = package("web", "1.0 2020-01-01", "1.0.1 2020-02-01", "1.1 2021-01-01", "2.0 2022-01-01", "2.1rc1 2023-01-01")
NODE = package("web", "1.0.0 2020-01-01", "1.0.1 2020-02-01", "1.1.0 2021-01-01", "2.0.0 2022-01-01")


def judge(*rows: Dependency, answer: Answer = WEB, **given: Any) -> tuple[list[Finding], list[Skipped]]:  # noqa: ANN401 - passed on to `evidence`
    return run(check, evidence(rows, {"web": answer, "npm:web": answer}, **given))


def only(*rows: Dependency, **given: Any) -> Finding:  # noqa: ANN401 - as above
    (found,), _ = judge(*rows, **given)
    return found


TABLE = [
    # declared, locked, newest → latest, step, minutes
    ("==1.0", None, ["1.0.1"], ("1.0.1", "patch", 10)),
    ("==1.0", None, ["1.0.1", "1.1"], ("1.1", "minor", 20)),
    ("==1.0", None, ["1.1", "2.0"], ("2.0", "major", 120)),
    ("==1.0", None, ["2.0", "3.0", "4.0"], ("4.0", "major", 240)),
    ("==1.0", None, [f"{line}.0" for line in range(2, 30)], ("29.0", "major", 480)),
    # Lines that were never released are not counted: pip went from 10 to 18.
    ("==10.0", None, ["18.0"], ("18.0", "major", 120)),
    ("==2.0", None, ["1.0"], None),
    ("==2.0", None, ["2.0"], None),
    ("==2.0", None, [], None),
    # Locked
    (">=1.0", "1.0", ["1.0.1"], ("1.0.1", "patch", 10)),
    (">=1.0", "2.0", ["2.0"], None),
    (None, "1.0", ["1.1"], ("1.1", "minor", 20)),
    ("<2", "1.9", ["2.0"], ("2.0", "major", 120)),
    # A range without a lock
    (">=1.0", None, ["2.0"], None),
    (None, None, ["2.0"], None),
    ("~=1.0", None, ["1.5", "1.9"], None),
    ("<2", None, ["1.5", "2.0"], ("2.0", "major", 120)),
    ("~=1.0", None, ["2.0", "3.0"], ("3.0", "major", 180)),
    ("==1.*", None, ["1.5", "2.0"], ("2.0", "major", 120)),
    # Prereleases
    ("==1.0", None, ["1.1rc1", "2.0.dev1"], None),
    ("==1.1rc1", None, ["1.1rc2", "1.1"], ("1.1", "patch", 10)),
    ("==1.1rc1", None, ["1.1rc2"], ("1.1rc2", "patch", 10)),
    # Yanked and deprecated releases are never proposed.
    ("==1.0", None, ["1.1 yanked=broken", "1.0.1"], ("1.0.1", "patch", 10)),
    ("==1.0", None, ["1.1 deprecated=no"], None),
    # Local versions and epochs
    ("==1.0+cpu", None, ["1.0"], None),
    ("==1.0+cpu", None, ["1.1+cu118", "1.1+cpu"], ("1.1+cpu", "minor", 20)),
    ("==1.0+cpu", None, ["1.1"], ("1.1", "minor", 20)),
    ("==1.0", None, ["1.1+cpu"], None),
    ("==2022.1", None, ["1!1.0"], ("1!1.0", "major", 120)),
    ("==1!1.0", None, ["2022.1"], None),
    # Calendar versions promise nothing by their year.
    ("==2013.9", None, ["2024.1", "2025.2"], ("2025.2", "minor", 20)),
    # Newest is by version, not by date.
    ("==2.0", None, ["1.9.9 2026-01-01"], None),
]


@pytest.mark.parametrize(("declared", "locked", "newer", "expected"), TABLE)
def test_what_is_behind(
    declared: str | None, locked: str | None, newer: list[str], expected: tuple[str, str, int] | None
) -> None:
    current = locked or (declared or "").lstrip("=")
    base = [current] if current[:1].isdigit() and "*" not in current else ["1.0"]
    answer = package("web", *base, *newer)
    found, skipped = judge(requirement("web", declared, locked_version=locked), answer=answer)
    assert skipped == []
    judged = [(one.details["latest"], one.details["step"], one.minutes) for one in found]
    assert judged == ([expected] if expected else [])


def test_what_follows_the_newest_by_itself_is_moved_by_its_lockfile() -> None:
    found = only(npm("web", "latest", locked_version="1.0.0"), answer=NODE)
    assert found.message.endswith("The declared range admits it: refresh the lockfile.")
    assert (found.fix.available, found.fix.to) == (True, "2.0.0")


def test_a_tool_is_judged_by_the_tag_that_its_lockfile_means() -> None:
    row = requirement("tool", "latest", ecosystem="github", purl="pkg:github/a/tool", locked_version="1.0.0")
    refs = Known(GitRefs("https://github.com/a/tool", {"v1.0.0": "", "v1.1.0": ""}, {}, "main"))
    (found,), skipped = run(check, evidence([row], {Question("git-refs", "https://github.com/a/tool"): refs}))
    assert skipped == []
    assert found.message == (
        "tool is locked at v1.0.0 (declared as latest); v1.1.0 is out. "
        "The declared range admits it: refresh the lockfile."
    )
    assert found.fix.to == "v1.1.0"


NPM_TABLE = [
    ("^1.0.0", None, "dependencies", None, "2.0.0"),
    ("^1.0.0 || ^2.0.0", None, "peerDependencies", None, None),
    ("^1.0.0", "2.0.0", "peerDependencies", None, "2.0.0"),
    ("*", None, "peerDependencies", None, None),
    (">=1.0.0", "1.0.0", "peerDependencies", None, None),
    ("1.0.0", None, "overrides", "1.0.0", "2.0.0"),
    ("latest", None, "dependencies", None, None),
    ("latest", "1.1.0", "dependencies", None, "2.0.0"),
    ("v1.0.0", None, "dependencies", "1.0.0", "2.0.0"),
    ("", "2.0.0", "dependencies", None, None),
]


@pytest.mark.parametrize(("declared", "locked", "group", "version", "latest"), NPM_TABLE)
def test_npm_ranges(declared: str, locked: str | None, group: str, version: str | None, latest: str | None) -> None:
    row = npm("web", declared, locked_version=locked, dependency_group=group, version=version)
    found, skipped = judge(row, answer=NODE)
    assert skipped == []
    assert [one.subject.latest for one in found] == ([latest] if latest else [])


def test_what_the_registry_does_not_recommend_is_not_proposed() -> None:
    answer = package("web", "1.0.0", "1.1.0", "2.0.0", newest="1.1.0")
    assert only(npm("web", "1.0.0", version="1.0.0"), answer=answer).subject.latest == "1.1.0"


def test_a_project_past_the_recommended_release_goes_on_from_there() -> None:
    answer = package("web", "1.1.0", "2.0.0", "2.1.0", newest="1.1.0")
    assert only(npm("web", "2.0.0", version="2.0.0"), answer=answer).subject.latest == "2.1.0"


def test_a_pin_says_what_when_and_what_to_do() -> None:
    found = only(requirement("web", "==1.0", line=7))
    assert found.title == "web 1.0 is a major line behind 2.0"
    assert found.message == (
        "web is pinned at 1.0; 2.0 is out since 2022-01-01, 2.0 years of releases later. Change it to ==2.0."
    )
    assert (found.path, found.line, found.key) == ("requirements.txt", 7, SubjectKey("pypi", "web"))
    assert (found.severity, found.fix.to, found.fix.available, found.fix.safe) == (
        Severity.MEDIUM,
        "==2.0",
        True,
        False,
    )
    assert found.details == {
        "declared": "==1.0",
        "locked": None,
        "latest": "2.0",
        "step": "major",
        "majors": 1,
        "libyears": 2.0,
        "released": "2022-01-01",
        "held_back": None,
    }


def test_a_lagging_lock_is_refreshed() -> None:
    found = only(npm("web", "^1.0.0", locked_version="1.0.0"), answer=package("web", "1.0.0", "1.1.0"))
    assert found.message == (
        "web is locked at 1.0.0 (declared as ^1.0.0); 1.1.0 is out. The declared range admits it: refresh the lockfile."
    )
    assert (found.fix.to, found.fix.available, found.fix.safe) == ("1.1.0", True, True)


def test_a_range_that_keeps_the_newest_out_is_rewritten() -> None:
    found = only(npm("web", "^1.0.0"), answer=NODE)
    assert found.message.startswith("web is limited to ^1.0.0, whose newest release is 1.1.0; 2.0.0 is out since")
    assert found.fix.to == "^2.0.0"
    assert found.details["libyears"] == 1.0


@pytest.mark.parametrize(("old", "new", "safe"), [("0.1.0", "0.2.0", False), ("1.1.0", "1.2.0", True)])
def test_a_minor_step_below_one_is_not_safe(old: str, new: str, *, safe: bool) -> None:
    found = only(npm("web", old, version=old), answer=package("web", old, new))
    assert found.fix.safe is safe


def test_three_major_lines_are_high() -> None:
    answer = package("web", "1.0", "2.0", "3.0", "4.0")
    assert only(requirement("web", "==1.0"), answer=answer).severity is Severity.HIGH


def test_libyears_are_never_negative_and_unknown_without_dates() -> None:
    backwards = package("web", "1.0 2022-01-01", "1.1 2021-01-01")
    assert only(requirement("web", "==1.0"), answer=backwards).details["libyears"] == 0.0
    assert only(requirement("web", "==1.0"), answer=package("web", "1.0", "1.1")).details["libyears"] is None


RUNTIMES = [
    # project's range, candidate's requirement → proposed?
    (">=3.9", ">=3.12", False),
    (">=3.9", ">=3.9", True),
    (">=3.9", "!=3.9.0,!=3.9.1,>3.8", True),
    (">=3.9.1", ">=3.9.2", False),
    ("^3.9", ">=3.10", False),
    ("~=3.9", ">=3.10", False),
    ("==3.9.*", ">=3.10", False),
    (">3.8", ">=3.9", False),
    ("<4", ">=3.12", True),
    ("<3.13", ">=3.13", False),
    ("<3.13", ">=3.12", True),
    ("*", ">=3.12", True),
    (None, ">=3.12", True),
    (">=3.9", "nonsense", True),
    (">=3.12,!=3.12.1", ">=3.12", True),
]


@pytest.mark.parametrize(("supported", "needs", "proposed"), RUNTIMES)
def test_a_candidate_runs_on_the_lowest_python_of_the_project(supported: str, needs: str, *, proposed: bool) -> None:
    answer = package("web", "1.0", f"2.0 {needs}")
    found, skipped = judge(
        requirement("web", "==1.0"), answer=answer, manifests=[manifest("pyproject.toml", runtime=supported)]
    )
    assert [one.subject.latest for one in found] == (["2.0"] if proposed else [])
    assert [entry.reason for entry in skipped] == ([] if proposed else ["held-back"])


def test_the_newest_is_named_as_held_back_when_an_older_one_fits() -> None:
    answer = package("web", "1.0", "1.1 >=3.8", "2.0 >=3.12")
    found = only(requirement("web", "==1.0"), answer=answer, manifests=[manifest("pyproject.toml", runtime=">=3.9")])
    assert found.subject.latest == "1.1"
    assert found.details["held_back"] == "2.0: it needs Python >=3.12, and the project supports 3.9"
    assert "2.0 is held back: it needs Python >=3.12, and the project supports 3.9." in found.message


def test_when_all_that_is_newer_is_held_back_that_is_said() -> None:
    answer = package("web", "1.0", "2.0 >=3.12")
    found, (skipped,) = judge(
        requirement("web", "==1.0"), answer=answer, manifests=[manifest("pyproject.toml", runtime=">=3.9")]
    )
    assert found == []
    assert (skipped.what, skipped.source, skipped.subject) == ("dependency", "pypi", None)
    assert skipped.detail == "web: 2.0 is held back: it needs Python >=3.12, and the project supports 3.9"


@pytest.mark.parametrize(
    ("path", "latest"), [("a/requirements.txt", "1.1"), ("a/b/requirements.txt", "1.1"), ("c/requirements.txt", "2.0")]
)
def test_the_project_s_python_counts_in_the_folders_below(path: str, latest: str) -> None:
    answer = package("web", "1.0", "1.1", "2.0 >=3.12")
    found = only(
        requirement("web", "==1.0", path=path), answer=answer, manifests=[manifest("a/pyproject.toml", runtime=">=3.9")]
    )
    assert found.subject.latest == latest


@pytest.mark.parametrize(
    ("marker", "latest"),
    [
        ('python_version < "3.8"', None),
        ('python_version >= "3.12"', "2.0"),
        ('python_version > "3.11"', "2.0"),
        ('sys_platform == "win32" and python_version < "3.10"', None),
        ('sys_platform == "win32"', None),
        ('python_version < "3.6"', None),
        ('python_version < "3"', None),
        ('python_version < "3.0"', None),
        ('python_version < "3.8" or sys_platform == "win32"', None),
    ],
)
def test_a_candidate_fits_the_marker(marker: str, latest: str | None) -> None:
    answer = package("web", "1.0", "2.0 >=3.12")
    found, _ = judge(
        requirement("web", "==1.0", marker=marker),
        answer=answer,
        manifests=[manifest("pyproject.toml", runtime=">=3.7")],
    )
    assert [one.subject.latest for one in found] == ([latest] if latest else [])


@pytest.mark.parametrize(
    ("supported", "needs", "proposed"),
    [
        (">=16", ">=18", False),
        (">=18", ">=18.18.0", True),
        (">=18.12", ">=18.18.0", False),
        (">=18.12.1", ">=18.18.0", False),
        ("^16 || ^18", ">=18", False),
        ("^16 || >=18", "^16.10 || >=18", True),
        ("18.x", ">=20", False),
        (">18", ">=19", True),
        ("*", ">=20", True),
        ("<19", ">=20", False),
    ],
)
def test_a_candidate_runs_on_the_lowest_node_of_the_project(supported: str, needs: str, *, proposed: bool) -> None:
    answer = Known(Package("web", (Release("1.0.0"), Release("2.0.0", runtime=needs))))
    found, _ = judge(
        npm("web", "1.0.0", version="1.0.0"),
        answer=answer,
        manifests=[manifest("package.json", runtime=supported, ecosystem="npm")],
    )
    assert bool(found) is proposed


def test_a_release_younger_than_the_policy_waits() -> None:
    config = Config(dependencies=Dependencies(minimum_release_age_days=14))
    answer = package("web", "1.0 2020-01-01", "1.1 2026-11-08", "2.0 2026-11-20")
    found = only(requirement("web", "==1.0"), answer=answer, config=config)
    assert found.subject.latest == "1.1"
    assert found.details["held_back"] == "2.0: it is 2 days old, and minimum-release-age-days is 14"


@pytest.mark.parametrize(
    ("released", "held"),
    [
        ("2026-11-08", None),
        ("2026-11-09", "web: 2.0 is held back: it is 13 days old, and minimum-release-age-days is 14"),
        ("", "web: 2.0 is held back: nobody says how old it is, and minimum-release-age-days is 14"),
    ],
)
def test_the_age_counts_to_the_day_and_an_unknown_one_waits(released: str, held: str | None) -> None:
    config = Config(dependencies=Dependencies(minimum_release_age_days=14))
    answer = package("web", "1.0 2020-01-01", f"2.0 {released}")
    found, skipped = judge(requirement("web", "==1.0"), answer=answer, config=config)
    assert (len(found), [entry.detail for entry in skipped]) == ((0, [held]) if held else (1, []))


@pytest.mark.parametrize(
    ("pythons", "proposed"),
    [
        ((), True),
        (("cp311", "cp312"), True),
        (("cp312", "cp313"), False),
        (("cp310",), False),
        (("cp38-abi3",), True),
        (("cp312-abi3",), False),
        (("py37",), True),
        (("py312",), False),
        (("pp311", "cp27", "py2"), False),
        # A tag that is not understood here holds nothing back.
        (("cp3", "cp313"), True),
    ],
)
def test_a_candidate_with_wheels_only_has_one_for_the_project(pythons: tuple[str, ...], *, proposed: bool) -> None:
    answer = Known(Package("web", (Release("1.0"), Release("2.0", pythons=pythons))))
    found, skipped = judge(
        requirement("web", "==1.0"), answer=answer, manifests=[manifest("pyproject.toml", runtime=">=3.11")]
    )
    tags = ", ".join(pythons)
    reason = f"web: 2.0 is held back: it has wheels for {tags} only and no source, and the project supports Python 3.11"
    assert [one.subject.latest for one in found] == (["2.0"] if proposed else [])
    assert [entry.detail for entry in skipped] == ([] if proposed else [reason])


def test_a_project_that_states_no_python_is_held_back_by_no_wheel() -> None:
    answer = Known(Package("web", (Release("1.0"), Release("2.0", pythons=("cp39",)))))
    assert only(requirement("web", "==1.0"), answer=answer).subject.latest == "2.0"


def test_prereleases_are_proposed_where_the_settings_ask() -> None:
    config = Config(dependencies=Dependencies(prereleases=("Web",)))
    assert only(requirement("web", "==2.0"), config=config).subject.latest == "2.1rc1"


@pytest.mark.parametrize(
    ("as_of", "latest"), [(date(2019, 1, 1), None), (date(2021, 6, 1), "1.1"), (date(2022, 1, 1), "2.0")]
)
def test_on_a_past_date_later_releases_do_not_exist(as_of: date, latest: str | None) -> None:
    found, _ = judge(requirement("web", "==1.0"), as_of=as_of)
    assert [one.subject.latest for one in found] == ([latest] if latest else [])


def test_on_a_past_date_releases_without_a_date_are_unknown() -> None:
    found, (skipped,) = judge(requirement("web", "==1.0"), answer=package("web", "1.0", "2.0"), as_of=date(2022, 1, 1))
    assert found == []
    assert (skipped.what, skipped.subject) == ("look-up", SubjectKey("pypi", "web"))


@pytest.mark.parametrize("reason", ["not-found", "refused", "time-out", "offline"])
def test_what_was_not_found_out_is_said_once_a_package(reason: UnknownReason) -> None:
    rows = [requirement("web", "==1.0"), requirement("Web", "==1.1", path="dev.txt")]
    found, (skipped,) = judge(*rows, answer=Unknown(reason, "no luck"))
    assert found == []
    assert (skipped.what, skipped.path, skipped.source) == ("look-up", "requirements.txt", "pypi")
    assert (skipped.reason, skipped.detail, skipped.subject) == (reason, "web: no luck", SubjectKey("pypi", "web"))


@pytest.mark.parametrize(
    "row",
    [
        npm("web", "next"),
        npm("web", "^9.0.0"),
        npm("web", "^1.0.0", locked_version="not-a-version"),
    ],
)
def test_what_cannot_be_compared_is_said(row: Dependency) -> None:
    found, (skipped,) = judge(row, answer=NODE)
    assert found == []
    assert (skipped.what, skipped.reason, skipped.subject) == ("dependency", "unsupported-version", None)


def test_an_empty_package_is_unknown_and_not_fine() -> None:
    found, (skipped,) = judge(requirement("web", "==1.0"), answer=package("web"))
    assert found == []
    assert (skipped.what, skipped.reason, skipped.subject) == ("look-up", "not-found", SubjectKey("pypi", "web"))


@pytest.mark.parametrize(
    "row",
    [
        requirement("web", "==1.0", skip_reason="vendored"),
        requirement("web", "==1.0", direct=False),
        requirement("web", "==1.0", ecosystem="docker"),
    ],
)
def test_rows_that_are_set_apart_are_not_judged(row: Dependency) -> None:
    assert judge(row) == ([], [])


def test_one_finding_a_package_and_file_the_dearest() -> None:
    rows = [
        npm("web", "^1.0.0", dependency_group="peerDependencies", line=20),
        npm("web", "^1.0.0", locked_version="1.1.0", dependency_group="devDependencies", line=10),
    ]
    found = only(*rows, answer=NODE)
    assert (found.line, found.details["also_lines"], found.exposure) == (20, "10", 1.0)


@pytest.mark.parametrize(
    ("group", "weight"),
    [
        (None, 1.0),
        ("dev", 0.5),
        ("tests", 0.5),
        ("test-extras", 0.5),
        ("docs", 0.5),
        ("devDependencies", 0.5),
        ("redis", 1.0),
        ("optionalDependencies", 1.0),
        ("devices", 1.0),
    ],
)
def test_development_weighs_half(group: str | None, weight: float) -> None:
    assert only(requirement("web", "==1.0", dependency_group=group)).exposure == weight


@pytest.mark.parametrize(("files", "weight"), [(1, 1.0), (5, 2.0), (20, 4.0)])
def test_what_many_files_import_weighs_more(files: int, weight: float) -> None:
    found = only(requirement("Web", "==1.0"), imports={("pypi", "web"): files})
    assert found.exposure == weight


def test_a_compiled_pair_is_judged_once_at_the_input() -> None:
    rows = [
        requirement("web", ">=1.0", path="requirements.in", line=3, locked_version="1.0"),
        requirement("web", "==1.0", path="requirements.txt", line=12),
        requirement("other", "==1.0", path="requirements.txt", line=13, direct=False),
    ]
    manifests = [manifest("requirements.in", lockfile="requirements.txt"), manifest("requirements.txt")]
    found = only(*rows, manifests=manifests)
    assert (found.path, found.line) == ("requirements.in", 3)
    assert found.message.endswith("Compile requirements.txt anew (it pins the old one in line 12).")


def test_a_compiled_pair_whose_input_keeps_the_newest_out_says_both_steps() -> None:
    rows = [
        requirement("web", "<2", path="requirements.in", locked_version="1.1"),
        requirement("web", "==1.1", path="requirements.txt", line=12, direct=False),
    ]
    found = only(*rows, manifests=[manifest("requirements.in", lockfile="requirements.txt")])
    assert found.message.endswith(
        "Raise the requirement, then compile requirements.txt anew (it pins the old one in line 12)."
    )
    assert found.fix.to == "<3"


def test_an_index_of_its_own_is_asked_for_itself() -> None:
    row = requirement("web", "==1.0", index="https://pypi.example.com/simple")
    asked = Question("pypi", "web", "https://pypi.example.com/simple")
    answers: dict[Question | str, Answer] = {asked: package("web", "1.0", "1.1"), "web": WEB}
    (found,), _ = run(check, evidence([row], answers))
    assert found.subject.latest == "1.1"


def test_the_identity_stays_when_lines_and_versions_move() -> None:
    first, second = only(requirement("Web", "==1.0")), only(requirement("web", "==1.1", line=9))
    assert first.identity == second.identity
