"""Lockfiles and Python version files."""

from __future__ import annotations

import time

import pytest

from analyzers.errors import InvalidSyntaxError
from tests.support.pace import allowed
from tests.support.python_files import FIXTURES, read, row

UV = read("uv.lock", (FIXTURES / "workspace/uv.lock").read_bytes())
POETRY = read("poetry.lock", (FIXTURES / "poetry/poetry.lock").read_bytes())
PYLOCK = read("pylock.toml", (FIXTURES / "standard/pylock.toml").read_bytes())


def test_each_locked_package_stands_at_its_version() -> None:
    found = row(UV, "flask")
    assert (found.value, found.version, found.locked_version, found.direct) == ("3.0.2", "3.0.2", "3.0.2", False)
    assert (found.kind, found.place.line, found.purl) == ("uv-lock", 25, "pkg:pypi/flask@3.0.2")


def test_a_forked_package_is_locked_once_a_marker() -> None:
    found = [(entry.version, entry.marker) for entry in UV.dependencies if entry.name == "numpy"]
    assert found == [("1.26.4", "(python_full_version < '3.11')"), ("2.1.0", "(python_full_version >= '3.11')")]


def test_the_workspace_itself_is_local_and_its_root_no_dependency() -> None:
    assert row(UV, "core").skip_reason == "local-path"
    assert "root" not in {entry.name for entry in UV.dependencies}
    assert UV.members == ("packages/core", ".")
    assert {entry.name for entry in UV.locked if entry.local} == {"core", "root"}


def test_another_index_is_named_by_the_lock() -> None:
    assert row(UV, "werkzeug").index == "https://mirror.example.org/simple"
    assert row(UV, "flask").index is None


def test_poetry_notes_groups_and_sources() -> None:
    assert row(POETRY, "click").dependency_group == "dev"
    assert row(POETRY, "requests").dependency_group is None
    fork = row(POETRY, "fork")
    assert (fork.skip_reason, fork.digest) == ("version-control", "0123456789abcdef0123456789abcdef01234567")
    assert {entry.name for entry in POETRY.locked if entry.development} == {"black", "click"}


@pytest.mark.parametrize(
    ("extra", "group", "marker"),
    [
        ('category = "dev"', "dev", None),
        ('category = "main"', None, None),
        ('groups = ["main", "dev"]', None, None),
        ("markers = \"os_name == 'nt'\"", None, "os_name == 'nt'"),
        ('markers = { main = "a", dev = "b" }', None, "(a) or (b)"),
    ],
)
def test_poetry_locks_of_every_age_are_read(extra: str, group: str | None, marker: str | None) -> None:
    found = row(read("poetry.lock", f'[[package]]\nname = "a"\nversion = "1"\n{extra}\n'), "a")
    assert (found.dependency_group, found.marker) == (group, marker)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('type = "directory"\nurl = "../x"', "local-path"),
        ('type = "url"\nurl = "https://example.org/x.whl"', "direct-url"),
        ('type = "legacy"\nurl = "https://me:secret@example.org/simple"', None),
    ],
)
def test_poetry_sources_are_told_apart(source: str, reason: str | None) -> None:
    found = row(read("poetry.lock", f'[[package]]\nname = "a"\nversion = "1"\n[package.source]\n{source}\n'), "a")
    assert found.skip_reason == reason
    assert found.index == (None if reason else "https://example.org/simple")


def test_the_standard_lockfile_is_read() -> None:
    assert [(entry.name, entry.version, entry.skip_reason) for entry in PYLOCK.dependencies] == [
        ("requests", "2.31.0", None),
        ("idna", "3.6", None),
        ("vcs-package", None, "version-control"),
    ]


def test_conflict_markers_are_a_syntax_error() -> None:
    with pytest.raises(InvalidSyntaxError):
        read("uv.lock", (FIXTURES / "workspace/uv.lock").read_bytes() + b"<<<<<<< HEAD\n")


def test_a_big_lockfile_is_read_fast() -> None:
    package = (
        '[[package]]\nname = "p{0}"\nversion = "1.{0}"\nsource = {{ registry = "https://pypi.org/simple" }}\n'
        "wheels = [\n" + '    {{ url = "https://files.example.org/p.whl", hash = "sha256:{0}" }},\n' * 20 + "]\n\n"
    )
    text = "version = 1\n\n" + "".join(package.format(number) for number in range(3000))
    begun = time.process_time()
    reading = read("uv.lock", text)
    assert time.process_time() - begun < allowed(10)
    assert len(reading.dependencies) == 3000
    assert len(text) > 4_000_000


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (".python-version", "3.12\n", [("3.12", "3.12", None)]),
        (".python-version", "# x\n\n3.12.1\n3.13-dev\n", [("3.12.1", "3.12.1", None), ("3.13-dev", "3.13-dev", None)]),
        (".python-version", "cpython-3.11", [("3.11", "3.11", None)]),
        (".python-version", ">=3.11,<3.13\n", [(">=3.11,<3.13", None, None)]),
        (
            ".python-version",
            "pypy3.10\nsystem\n",
            [("pypy3.10", None, "unsupported-version"), ("system", None, "unsupported-version")],
        ),
        ("app/runtime.txt", "python-3.11.4\r\n", [("3.11.4", "3.11.4", None)]),
        ("runtime.txt", "some notes\n", []),
    ],
)
def test_python_version_files_name_the_runtime(
    path: str, text: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    rows = read(path, text).dependencies
    assert [(found.value, found.version, found.skip_reason) for found in rows] == expected
    assert all((found.ecosystem, found.name, found.kind) == ("generic", "python", "python-version") for found in rows)


@pytest.mark.parametrize("path", ["conda-lock.yml", "a/pixi.lock"])
def test_files_that_are_not_read_yet_are_named(path: str) -> None:
    (skipped,) = read(path, "a: 1").skipped
    assert skipped.reason == "unsupported-syntax"
