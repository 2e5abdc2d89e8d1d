from __future__ import annotations

import pytest

from analyzers.checks.dependencies.stale_lockfile import check
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency
from tests.support.dependencies import evidence, manifest, npm, requirement, run

GROUP = [requirement(name, ">=1", locked_version="1.0", path="pyproject.toml", line=9) for name in ("a", "b", "c")]
LOCKS = {"pyproject.toml": "uv.lock", "main.in": "main.txt", "package.json": "package-lock.json"}


def judge(*rows: Dependency) -> list[Finding]:
    manifests = [
        manifest(path, lockfile=lock, ecosystem="npm" if path == "package.json" else "pypi")
        for path, lock in LOCKS.items()
    ]
    found, skipped = run(check, evidence(rows, {}, manifests=manifests))
    assert skipped == []
    return found


def project(name: str, value: str | None, **fields: object) -> Dependency:
    return requirement(name, value, **{"path": "pyproject.toml", "line": 3, **fields})


def test_a_locked_version_outside_the_declared_range() -> None:
    (found,) = judge(*GROUP, project("flask", ">=3", locked_version="2.3.3"))
    assert (found.path, found.line, found.minutes, found.key) == (
        "pyproject.toml",
        3,
        20,
        ("file", "pyproject.toml"),
    )
    assert found.title == "uv.lock is out of step with pyproject.toml"
    assert found.message == (
        "uv.lock does not say what pyproject.toml says: flask >=3 is declared, 2.3.3 locked. Refresh the lockfile."
    )


def test_a_declared_package_that_the_lock_does_not_have() -> None:
    (found,) = judge(*GROUP, project("flask", ">=3"))
    assert found.message == (
        "uv.lock does not say what pyproject.toml says: flask is declared and not locked. Refresh the lockfile."
    )
    assert found.details == {"lockfile": "uv.lock", "unfit": None, "missing": "flask"}


@pytest.mark.parametrize(
    "row",
    [
        project("flask", ">=2", locked_version="2.3.3"),
        project("flask", "==2.*", locked_version="2.3.3"),
        project("flask", ">=3", locked_version="2.3.3", marker='python_version < "3.9"'),
        project("flask", ">=3", locked_version="3.0rc1"),
        project("flask", "nonsense", locked_version="2.3.3"),
        project("flask", ">=3", marker='sys_platform == "win32"'),
        project("flask", ">=3", kind="pyproject-build"),
        project("flask", ">=3", skip_reason="local-path"),
        project("flask", ">=3", dependency_group="other"),
        npm("web", "latest", locked_version="1.0.0"),
        npm("web", "^2", locked_version="1.0.0", dependency_group="peerDependencies"),
        npm("web", "^2.0.0", locked_version="2.0.0-rc.1"),
    ],
)
def test_what_is_in_step_or_not_certain_is_none(row: Dependency) -> None:
    assert judge(*GROUP, row) == []


def test_optional_packages_may_be_missing() -> None:
    optional = {"dependency_group": "optionalDependencies"}
    rows = [npm(name, "^1.0.0", locked_version="1.0.0", **optional) for name in ("a", "b", "c")]
    assert judge(*rows, npm("fsevents", "^2", **optional)) == []


def test_what_an_override_forces_is_left_alone() -> None:
    forced = project("flask", "<3", kind="pyproject-constraint", direct=False)
    assert judge(*GROUP, project("flask", ">=3", locked_version="2.3.3"), forced) == []


def test_a_package_declared_twice_may_be_locked_for_one_of_them() -> None:
    rows = [project("flask", ">=3"), project("flask", ">=2", locked_version="2.3.3", dependency_group="x")]
    assert judge(*GROUP, *rows) == []


def test_a_mostly_missing_group_was_perhaps_never_locked() -> None:
    assert judge(*GROUP, *(project(name, ">=1") for name in "xyz")) == []


@pytest.mark.parametrize(("name", "group", "count"), [("d", None, 1), ("setuptools", None, 0), ("d", "docs", 0)])
def test_a_compiled_file_holds_the_main_requirements_only_and_no_installers(
    name: str, group: str | None, count: int
) -> None:
    rows = [requirement(other, ">=1", locked_version="1.0", path="main.in", dependency_group=group) for other in "abc"]
    assert len(judge(*rows, requirement(name, ">=1", path="main.in", dependency_group=group))) == count


def test_without_a_lockfile_nothing_is_out_of_step() -> None:
    assert judge(*GROUP, requirement("flask", ">=3", locked_version="2.0", path="other.toml")) == []
