"""Hatch's environments and builds."""

from __future__ import annotations

import pytest

from tests.support.python_files import FIXTURES, pair, read, row

HATCH = read("hatch.toml", (FIXTURES / "hatch/hatch.toml").read_bytes())


@pytest.mark.parametrize(
    ("name", "value", "kind", "group", "reason"),
    [
        ("pytest", ">=8", "hatch-environment", "default", None),
        ("rich", None, "hatch-environment", "default", None),
        ("mkdocs", "==1.6.0", "hatch-environment", "docs", None),
        ("django", "=={matrix:django}", "hatch-environment", "docs", "unpinned-expression"),
        ("ours", None, "hatch-environment", "docs", "local-path"),
        ("legacy", "<2", "hatch-environment", "test", None),
        ("always", None, "hatch-environment", "test", None),
        ("pywin32", None, "hatch-environment", "test", None),
        ("cython", ">=3", "pyproject-build", None, None),
        ("hatch-mypyc", None, "pyproject-build", None, None),
        ("auditwheel", None, "pyproject-build", None, None),
    ],
)
def test_environments_and_builds_are_read(
    name: str, value: str | None, kind: str, group: str | None, reason: str | None
) -> None:
    found = row(HATCH, name)
    assert (found.value, found.kind, found.dependency_group, found.skip_reason) == (value, kind, group, reason)


def test_an_environment_names_its_python() -> None:
    found = row(HATCH, "python")
    assert (found.ecosystem, found.value, found.kind) == ("generic", "3.12", "hatch-environment")


def test_what_overrides_an_environment_is_conditional() -> None:
    markers = {found.name: found.marker for found in HATCH.dependencies}
    assert (markers["pytest"], markers["legacy"]) == (None, "matrix.version.dependencies")
    assert markers["pywin32"] == "platform.windows.extra-dependencies"


def test_the_files_of_a_metadata_hook_are_led_on_to() -> None:
    assert HATCH.includes == (("base.txt", "requirements"),)
    assert not HATCH.skipped


def test_no_lock_of_the_project_resolves_an_environment() -> None:
    project = '[project]\nname = "x"\ndependencies = ["a"]\n[tool.hatch.envs.test]\ndependencies = ["a>=1", "b"]\n'
    lock = '[[package]]\nname = "a"\nversion = "1.0"\n[[package]]\nname = "b"\nversion = "2.0"\n'
    readings = pair({"pyproject.toml": project, "uv.lock": lock})
    versions = [(found.kind, found.locked_version) for found in readings["pyproject.toml"].dependencies]
    assert versions == [("pyproject", "1.0"), ("hatch-environment", None), ("hatch-environment", None)]
