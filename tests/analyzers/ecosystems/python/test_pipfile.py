"""Pipenv's manifest and lockfile."""

from __future__ import annotations

import pytest

from analyzers.errors import InvalidSyntaxError
from tests.support.python_files import FIXTURES, pair, read, read_fixture, row

PIPFILE = read("Pipfile", (FIXTURES / "pipenv/Pipfile").read_bytes())
LOCK = read("Pipfile.lock", (FIXTURES / "pipenv/Pipfile.lock").read_bytes())
PAIRED = read_fixture("pipenv")


@pytest.mark.parametrize(
    ("name", "value", "group", "reason"),
    [
        ("requests", "*", None, None),
        ("Flask", ">=2", None, None),
        ("tagged", "v1.0", None, "version-control"),
        ("inline", "2.0", None, "version-control"),
        ("local", None, None, "local-path"),
        ("wheel-of-ours", None, None, "direct-url"),
        ("archive", None, None, "local-path"),
        ("private", "==1.0", None, None),
        ("escaped", "=\\u003d1.0", None, "unsupported-syntax"),
        ("pytest", "~=8.0", "dev-packages", None),
        ("sphinx", "==7.2.6", "docs", None),
    ],
)
def test_every_category_is_read(name: str, value: str | None, group: str | None, reason: str | None) -> None:
    found = row(PIPFILE, name)
    assert (found.value, found.dependency_group, found.skip_reason) == (value, group, reason)


def test_keys_may_be_markers() -> None:
    assert row(PIPFILE, "Flask").marker == "sys_platform == 'linux'"
    assert row(PIPFILE, "pywinusb").marker == "(os_name == 'nt') and (sys_platform == 'win32')"


def test_a_source_is_asked_where_it_is_named_and_never_with_credentials() -> None:
    assert row(PIPFILE, "private").index == "https://packages.example.org/simple"
    assert row(PIPFILE, "requests").index is None
    assert [(seen.kind, seen.name) for seen in PIPFILE.observations] == [
        ("extra-index", "https://packages.example.org/simple")
    ]
    assert "secret" not in repr(PIPFILE)


def test_the_first_source_replaces_the_index() -> None:
    text = '[[source]]\nurl = "{}"\nname = "x"\n[packages]\na = "*"\n'
    mirrored = row(read("Pipfile", text.format("https://mirror.example.org/simple")), "a")
    assert mirrored.index == "https://mirror.example.org/simple"
    assert row(read("Pipfile", text.format("https://${USER}@example.org")), "a").skip_reason == "unpinned-expression"


def test_python_is_the_runtime() -> None:
    found = row(PIPFILE, "python")
    assert (found.ecosystem, found.value, found.version) == ("generic", "3.11", "3.11")
    assert PIPFILE.manifest is not None
    assert PIPFILE.manifest.runtime == "==3.11.*"


def test_an_entry_without_a_constraint_is_named() -> None:
    assert [entry.detail for entry in PIPFILE.skipped] == ["line 22: “strange” has no constraint"]


@pytest.mark.parametrize(
    ("name", "version", "group", "reason"),
    [
        ("flask", "3.0.2", None, None),
        ("local", None, None, "local-path"),
        ("tagged", None, None, "version-control"),
        ("pytest", "8.1.0", "develop", None),
        ("sphinx", "7.2.6", "docs", None),
    ],
)
def test_the_lock_lists_every_category(name: str, version: str | None, group: str | None, reason: str | None) -> None:
    found = row(LOCK, name)
    assert (found.version, found.locked_version) == (version, version)
    assert (found.dependency_group, found.skip_reason, found.direct) == (group, reason, False)


def test_the_lock_resolves_its_manifest() -> None:
    versions = {found.name: found.locked_version for found in PAIRED["Pipfile"].dependencies}
    assert (versions["requests"], versions["Flask"]) == ("2.31.0", "3.0.2")
    assert (versions["pytest"], versions["sphinx"]) == ("8.1.0", "7.2.6")
    assert row(PAIRED["Pipfile"], "tagged").digest == "0123456789abcdef0123456789abcdef01234567"
    assert [found.name for found in PAIRED["Pipfile.lock"].dependencies] == ["idna", "iniconfig"]


@pytest.mark.parametrize(
    ("beside", "lockfile", "application"),
    [
        ({}, None, True),
        ({"Pipfile.lock": "{}"}, "Pipfile.lock", True),
        ({"setup.py": "setup()"}, None, False),
    ],
)
def test_a_pipfile_is_an_application_unless_a_package_is_built_beside_it(
    beside: dict[str, str], lockfile: str | None, application: bool
) -> None:
    manifest = pair({"Pipfile": '[packages]\na = "*"\n', **beside})["Pipfile"].manifest
    assert manifest is not None
    assert (manifest.lockfile, manifest.application) == (lockfile, application)


def test_a_lock_that_is_no_object_is_refused() -> None:
    with pytest.raises(InvalidSyntaxError):
        read("Pipfile.lock", "[]")
