"""tox: what its environments install, in INI and in TOML."""

from __future__ import annotations

import pytest

from tests.support.python_files import FIXTURES, pair, read, read_fixture, row

INI = read("tox.ini", (FIXTURES / "tox/tox.ini").read_bytes())
TOML = read("tox.toml", (FIXTURES / "tox/tox.toml").read_bytes())


@pytest.mark.parametrize(
    ("name", "value", "group", "reason"),
    [
        ("tox", ">=4", None, None),
        ("pytest", ">=7", "testenv", None),
        ("ruff", "==0.4.0", "testenv", None),
        ("coverage", None, "testenv", None),
        ("six", None, "testenv", None),
        ("mock", ">=1", "testenv", None),
        ("django", "{env:DJANGO:>=4}", "testenv", "unpinned-expression"),
        ("numpy", "=={env:NUMPY}", "testenv", "unpinned-expression"),
        (".", None, "testenv", "local-path"),
        ("./sub", None, "testenv", "local-path"),
        (".[test]", None, "testenv", "local-path"),
        ("Django", ">=3.2,<4", "testenv", None),
        ("x", None, "testenv", "direct-url"),
        ("sphinx", None, "docs", None),
    ],
)
def test_each_line_of_deps_is_a_requirement(
    name: str, value: str | None, group: str | None, reason: str | None
) -> None:
    found = row(INI, name)
    assert (found.value, found.dependency_group, found.skip_reason) == (value, group, reason)
    assert found.kind == "tox"


def test_files_are_led_on_to_from_the_folder_of_tox() -> None:
    assert [path for path, _ in INI.includes] == ["requirements.txt", "tests.txt", "constraints.txt"]
    assert [path for path, _ in TOML.includes] == ["requirements.txt", "constraints.txt"]


def test_what_only_tox_can_tell_is_named() -> None:
    assert [(entry.reason, entry.detail.split(":")[0]) for entry in INI.skipped] == [
        ("unpinned-expression", "line 19"),
        ("unpinned-expression", "line 23"),
        ("unsupported-syntax", "line 29"),
    ]
    assert [entry.detail.split(":")[0] for entry in TOML.skipped] == ["line 10"]


@pytest.mark.parametrize(
    ("name", "value", "group", "reason"),
    [
        ("tox", ">=4.20", None, None),
        ("tox-uv", ">=1", None, None),
        ("pytest", ">=8", "env_run_base", None),
        ("numpy", "=={env:NUMPY}", "env_run_base", "unpinned-expression"),
        ("mypy", "==1.11.2", "type", None),
    ],
)
def test_tables_are_read_alike(name: str, value: str | None, group: str | None, reason: str | None) -> None:
    found = row(TOML, name)
    assert (found.value, found.dependency_group, found.skip_reason) == (value, group, reason)


def test_a_configuration_in_ini_inside_of_toml_keeps_its_places() -> None:
    text = '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps =\n  a==1.0\n"""\n[tool.tox.env.x]\ndeps = ["b"]\n'
    reading = read("pyproject.toml", text)
    place = row(reading, "a").place
    assert (text[place.start : place.end], place.line) == ("==1.0", 5)
    assert row(reading, "b").dependency_group == "x"


def test_sections_that_refer_to_each_other_end() -> None:
    text = "[testenv:a]\ndeps = {[testenv:b]deps}\n[testenv:b]\ndeps =\n  {[testenv:a]deps}\n  x\n"
    assert [found.name for found in read("tox.ini", text).dependencies] == ["x"]


def test_constraints_and_environments_neither_publish_nor_deploy() -> None:
    readings = read_fixture("tox")
    manifest = readings["tox.ini"].manifest
    assert manifest is not None
    assert (manifest.application, manifest.lockfile) == (None, None)
    assert readings["constraints.txt"].manifest is None
    assert not row(readings["constraints.txt"], "requests").direct


def test_files_of_different_environments_share_no_index() -> None:
    readings = pair(
        {
            "tox.ini": "[testenv:a]\ndeps = -rrequirements-a.txt\n[testenv:b]\ndeps = -rrequirements-b.txt\n",
            "requirements-a.txt": "--index-url https://a.example.org/simple\nx\n",
            "requirements-b.txt": "y\n",
        }
    )
    assert row(readings["requirements-a.txt"], "x").index == "https://a.example.org/simple"
    assert row(readings["requirements-b.txt"], "y").index is None


def test_factors_are_a_condition() -> None:
    markers = {found.name: found.marker for found in INI.dependencies}
    assert (markers["pytest"], markers["ruff"], markers["six"]) == (None, "py311,lint", "!py310")
