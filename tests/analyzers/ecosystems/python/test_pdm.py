"""PDM's tables and its lockfile."""

from __future__ import annotations

import pytest

from tests.support.python_files import FIXTURES, read, read_fixture, row

PROJECT = read("pyproject.toml", (FIXTURES / "pdm/pyproject.toml").read_bytes())
LOCK = read("pdm.lock", (FIXTURES / "pdm/pdm.lock").read_bytes())


@pytest.mark.parametrize(
    ("name", "value", "kind", "group", "reason"),
    [
        ("requests", ">=2", "pyproject", None, None),
        ("PyTest", None, "pyproject", "tests", None),
        ("ruff", ">=0.4", "pyproject", "lint", None),
        ("sub", None, "pyproject", "lint", "local-path"),
        ("asgiref", "3.2.10", "pyproject-constraint", None, None),
        ("elsewhere", None, "pyproject-constraint", None, "direct-url"),
    ],
)
def test_its_tables_are_read(name: str, value: str | None, kind: str, group: str | None, reason: str | None) -> None:
    found = row(PROJECT, name)
    assert (found.value, found.kind, found.dependency_group, found.skip_reason) == (value, kind, group, reason)


def test_a_source_named_pypi_replaces_it_and_others_stand_beside() -> None:
    assert row(PROJECT, "requests").index == "https://mirror.example.org/simple"
    assert row(PROJECT, "ruff").index == "https://packages.example.org/simple"
    assert [seen.name for seen in PROJECT.observations] == ["https://packages.example.org/simple"]


def test_an_override_that_is_no_text_is_named() -> None:
    assert [entry.detail.split(":")[0] for entry in PROJECT.skipped] == ["line 19"]


@pytest.mark.parametrize(
    ("name", "group", "reason"),
    [
        ("requests", None, None),
        ("pytest", "tests", None),
        ("sub", "lint", "local-path"),
        ("vcs", None, "version-control"),
        ("direct", None, "direct-url"),
    ],
)
def test_the_lock_lists_each_package_once(name: str, group: str | None, reason: str | None) -> None:
    found = row(LOCK, name)
    assert (found.dependency_group, found.skip_reason, found.kind) == (group, reason, "pdm-lock")


def test_the_lock_resolves_every_group() -> None:
    readings = read_fixture("pdm")
    versions = {found.name: found.locked_version for found in readings["pyproject.toml"].dependencies}
    assert (versions["requests"], versions["PyTest"], versions["ruff"]) == ("2.31.0", "8.1.0", "0.4.0")
    assert [found.name for found in readings["pdm.lock"].dependencies] == ["idna", "vcs", "direct"]
    manifest = readings["pyproject.toml"].manifest
    assert manifest is not None
    assert (manifest.lockfile, manifest.application) == ("pdm.lock", True)
