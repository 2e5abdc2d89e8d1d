from __future__ import annotations

from datetime import date

import pytest

from analyzers.checks.dependencies.conflicting_requirements import check
from analyzers.model.finding import Finding
from analyzers.model.inventory import Dependency
from tests.support.dependencies import TODAY, evidence, manifest, npm, package, requirement, run

WEB = package("web", "1.0 2020-01-01", "1.5 2021-01-01", "2.0 2022-01-01")


def judge(*rows: Dependency, as_of: date = TODAY) -> list[Finding]:
    manifests = [
        manifest("a/pyproject.toml", lockfile="uv.lock"),
        manifest("b/pyproject.toml", lockfile="uv.lock"),
        manifest("c/pyproject.toml", lockfile="c/poetry.lock"),
    ]
    found, skipped = run(check, evidence(rows, {"web": WEB, "npm:web": WEB}, manifests=manifests, as_of=as_of))
    assert skipped == []
    return found


def test_two_requirements_of_one_file_that_no_release_satisfies() -> None:
    (found,) = judge(requirement("web", ">=2"), requirement("Web", "<2", line=7))
    assert (found.line, found.minutes, found.title) == (1, 30, "Two requirements on web exclude each other")
    assert found.message == (
        "web is required as >=2 here and as <2 in line 7, and no release satisfies both. Mend one of them."
    )


def test_members_of_a_uv_workspace_are_resolved_together() -> None:
    (found,) = judge(
        requirement("web", "==1.0", path="a/pyproject.toml"), requirement("web", ">=2", path="b/pyproject.toml", line=4)
    )
    assert "as >=2 in line 4 of b/pyproject.toml, and" in found.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (requirement("web", ">=1"), requirement("web", "<2")),
        (requirement("web", "==1.0"), requirement("web", "==1.0")),
        # Nothing satisfies the first alone: that is missing-release's to say.
        (requirement("web", "==9"), requirement("web", "<2")),
        (requirement("web", ">=2", marker='python_version >= "3.12"'), requirement("web", "<2")),
        (requirement("web", ">=2"), requirement("web", "<2", path="other.txt")),
        (requirement("web", ">=2"), requirement("web", "<2", dependency_group="docs")),
        (requirement("web", ">=2"), requirement("web", "<2", kind="pyproject-build")),
        # Hooks of pre-commit, tools of mise and versions under a comment each have an environment of their own.
        (
            requirement("web", ">=2", path=".pre-commit-config.yaml", kind="pre-commit-dependency"),
            requirement("web", "<2", path=".pre-commit-config.yaml", kind="pre-commit-dependency", line=9),
        ),
        (
            requirement("web", "==2.0", path="mise.toml", kind="mise"),
            requirement("web", "==1.0", path="mise.toml", kind="mise"),
        ),
        (
            requirement("web", "==2.0", path="Dockerfile", kind="annotation"),
            requirement("web", "==1.0", path="Dockerfile", kind="annotation", line=3),
        ),
        # So have scripts, and the environments of tox and Hatch, which no workspace resolves together.
        (
            requirement("web", ">=2", path="one.py", kind="python-script"),
            requirement("web", "<2", path="two.py", kind="python-script"),
        ),
        (
            requirement("web", ">=2", kind="tox", dependency_group="old"),
            requirement("web", "<2", kind="tox", dependency_group="new"),
        ),
        (
            requirement("web", ">=2", kind="hatch-environment", dependency_group="old"),
            requirement("web", "<2", kind="hatch-environment", dependency_group="new"),
        ),
        (
            requirement("web", ">=2", path="a/pyproject.toml", kind="pyproject"),
            requirement("web", "<2", path="a/pyproject.toml", kind="tox"),
        ),
        (
            requirement("web", ">=2", path="a/pyproject.toml", kind="tox"),
            requirement("web", "<2", path="b/pyproject.toml", kind="tox"),
        ),
        (requirement("web", ">=2", path="a/pyproject.toml"), requirement("web", "<2", path="c/pyproject.toml")),
        (requirement("web", ">=2"), requirement("web", "<2", index="https://corp.example")),
        (requirement("web", ">=2"), requirement("web", "nonsense")),
        (requirement("gone", ">=2"), requirement("gone", "<2")),
        (npm("web", "^2"), npm("web", "^1")),
    ],
)
def test_what_can_be_met_or_never_meets_is_none(one: Dependency, other: Dependency) -> None:
    assert judge(one, other) == []


@pytest.mark.parametrize(("day", "count"), [(date(2021, 12, 31), 0), (date(2022, 1, 1), 1)])
def test_a_release_of_tomorrow_satisfies_nothing_today(day: date, count: int) -> None:
    assert len(judge(requirement("web", ">=2"), requirement("web", "<2"), as_of=day)) == count


def test_two_requirements_of_one_tox_environment_meet() -> None:
    one, other = (requirement("web", said, kind="tox", dependency_group="lint") for said in (">=2", "<2"))
    assert len(judge(one, other)) == 1
