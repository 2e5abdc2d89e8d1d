"""``setup.cfg``: setuptools' options in both of their shapes."""

from __future__ import annotations

import pytest

from tests.support.python_files import FIXTURES, pair, read, row

CFG = read("setup.cfg", (FIXTURES / "setuptools/setup.cfg").read_bytes())


@pytest.mark.parametrize(
    ("name", "value", "kind", "group", "reason"),
    [
        ("requests", ">=2,<3", "setup-cfg", None, None),
        ("tomli", None, "setup-cfg", None, None),
        ("forked", "v1.2", "setup-cfg", None, "version-control"),
        ("tabbed", "== 1.0", "setup-cfg", None, None),
        ("setuptools", ">=40", "setup-cfg-build", None, None),
        ("wheel", None, "setup-cfg-build", None, None),
        ("pytest", ">=3", "setup-cfg", "tests_require", None),
        ("mock", None, "setup-cfg", "tests_require", None),
        ("sphinx", "~=7.2", "setup-cfg", "docs", None),
        ("example", None, "setup-cfg", "all", "local-path"),
        ("tox", ">=4,<5", "tox", None, None),
        ("tox-uv", None, "tox", None, None),
        ("coverage", None, "tox", "testenv", None),
    ],
)
def test_every_list_of_the_options_is_read(
    name: str, value: str | None, kind: str, group: str | None, reason: str | None
) -> None:
    found = row(CFG, name)
    assert (found.value, found.kind, found.dependency_group, found.skip_reason) == (value, kind, group, reason)


def test_a_marker_stays_with_its_requirement_in_either_shape() -> None:
    assert row(CFG, "tomli").marker == 'python_version < "3.11"'
    assert row(CFG, "pytest").marker == 'python_version>"3"'


def test_what_cannot_be_read_is_named() -> None:
    assert [(entry.reason, entry.detail[:8]) for entry in CFG.skipped] == [
        ("unsupported-syntax", "line 15:"),
        ("unsupported-syntax", "line 24:"),
        ("outside-repository", "line 25:"),
    ]


def test_the_package_its_python_and_its_files_are_told() -> None:
    assert CFG.manifest is not None
    assert (CFG.manifest.runtime, CFG.manifest.application) == (">=3.8", False)
    assert CFG.provides == ("example", "")
    assert CFG.includes == (("base.txt", "requirements"),)


def test_a_file_that_configures_tools_is_no_manifest() -> None:
    reading = read("setup.cfg", "[flake8]\nmax-line-length = 100\n[bumpversion]\nrequires = x\n")
    assert (reading.manifest, reading.dependencies, reading.skipped) == (None, (), ())


def test_pbr_puts_markers_behind_a_colon() -> None:
    found = row(read("setup.cfg", "[extras]\naws =\n  boto3>=1:(python_version>='3.8')\n"), "boto3")
    assert (found.value, found.marker, found.dependency_group) == (">=1", "(python_version>='3.8')", "aws")


def test_dynamic_dependencies_that_a_setup_file_states_are_not_unknown() -> None:
    project = '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
    assert pair({"pyproject.toml": project})["pyproject.toml"].skipped
    beside = pair({"pyproject.toml": project, "setup.cfg": "[options]\ninstall_requires = a\n"})
    assert not beside["pyproject.toml"].skipped


def test_the_lock_of_the_project_resolves_what_setuptools_declares() -> None:
    readings = pair(
        {
            "pyproject.toml": '[project]\nname = "x"\ndynamic = ["dependencies"]\n',
            "setup.cfg": "[options]\ninstall_requires = a>=1\nsetup_requires = a\n",
            "uv.lock": '[[package]]\nname = "a"\nversion = "1.5"\n',
        }
    )
    assert [found.locked_version for found in readings["setup.cfg"].dependencies] == ["1.5", None]
    manifest = readings["setup.cfg"].manifest
    assert manifest is not None
    assert manifest.lockfile == "uv.lock"
