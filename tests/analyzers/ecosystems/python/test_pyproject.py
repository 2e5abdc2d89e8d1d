"""``pyproject.toml`` in all its dialects."""

from __future__ import annotations

import pytest

from tests.support.python_files import FIXTURES, read, row

STANDARD = read("pyproject.toml", (FIXTURES / "standard/pyproject.toml").read_bytes())
POETRY = read("pyproject.toml", (FIXTURES / "poetry/pyproject.toml").read_bytes())


@pytest.mark.parametrize(
    ("name", "value", "kind", "group"),
    [
        ("requests", ">=2.31,<3", "pyproject", None),
        ("tomli", ">=2", "pyproject", None),
        ("sphinx", "~=7.2", "pyproject", "docs"),
        ("pytest", ">=8", "pyproject", "test"),
        ("ruff", "==0.4.0", "pyproject", "lint"),
        ("ipython", None, "pyproject", "dev"),
        ("hatchling", ">=1.20", "pyproject-build", None),
        ("hatch-vcs", None, "pyproject-build", None),
        ("numpy", "<2", "pyproject-constraint", None),
    ],
)
def test_every_table_of_the_standard_is_read(name: str, value: str | None, kind: str, group: str | None) -> None:
    found = row(STANDARD, name)
    assert (found.value, found.kind, found.dependency_group, found.skip_reason) == (value, kind, group, None)


def test_only_limits_are_not_direct() -> None:
    assert [found.name for found in STANDARD.dependencies if not found.direct] == ["numpy"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("rich", "version-control"),
        ("sibling", "local-path"),
        ("example", "local-path"),
        ("escaped", "unsupported-syntax"),
    ],
)
def test_what_comes_from_elsewhere_is_listed_with_its_reason(name: str, reason: str) -> None:
    assert row(STANDARD, name).skip_reason == reason


def test_a_named_index_counts_for_what_names_it() -> None:
    assert row(STANDARD, "torch").index == "https://download.example.org/whl"
    assert row(STANDARD, "requests").index is None
    (seen,) = STANDARD.observations
    assert (seen.kind, seen.name) == ("extra-index", "https://pypi.example.org/simple")


def test_entries_that_cannot_be_read_are_named() -> None:
    assert [entry.detail.split(":")[0] for entry in STANDARD.skipped] == ["line 17", "line 18", "line 27"]


def test_the_runtime_is_a_dependency_and_the_manifest_keeps_it() -> None:
    found = row(STANDARD, "python")
    assert (found.ecosystem, found.kind, found.value) == ("generic", "requires-python", ">=3.9")
    assert STANDARD.manifest is not None
    assert STANDARD.manifest.runtime == ">=3.9"
    assert STANDARD.manifest.application is False
    assert STANDARD.provides == ("example", "1.0")


@pytest.mark.parametrize(
    ("name", "value", "group", "reason"),
    [
        ("requests", "^2.31", None, None),
        ("django", "~4.2", None, None),
        ("fork", "v2.0", None, "version-control"),
        ("here", None, None, "local-path"),
        ("wheel-of-ours", None, None, "direct-url"),
        ("private", "*", None, None),
        ("black", "24.2.0", "dev", None),
        ("pytest", ">=8", "test", None),
    ],
)
def test_poetry_states_requirements_as_text_or_tables(
    name: str, value: str | None, group: str | None, reason: str | None
) -> None:
    found = row(POETRY, name)
    assert (found.value, found.dependency_group, found.skip_reason) == (value, group, reason)


def test_poetry_may_state_several_constraints_of_one_package() -> None:
    rows = [(found.value, found.marker) for found in POETRY.dependencies if found.name == "numpy"]
    assert rows == [
        ("1.26.4", 'python_full_version < "3.10"'),
        (">=2", "(python_version >= '3.10') and (python_full_version >= \"3.10\")"),
    ]


def test_poetrys_python_is_the_runtime_and_its_mode_tells_an_application() -> None:
    assert row(POETRY, "python").value == "^3.9"
    assert POETRY.manifest is not None
    assert (POETRY.manifest.runtime, POETRY.manifest.application) == ("^3.9", True)


def test_a_poetry_source_is_asked_where_it_is_named() -> None:
    assert row(POETRY, "private").index == "https://pypi.example.org/simple/"
    assert row(POETRY, "requests").index is None


SOURCES = """\
[tool.poetry.dependencies]
a = "^1"
[[tool.poetry.source]]
name = "one"
url = "https://one.example.org/simple"
{}
"""


@pytest.mark.parametrize(
    ("more", "index", "extra"),
    [
        ("", "https://one.example.org/simple", []),
        ('priority = "primary"', "https://one.example.org/simple", []),
        ('priority = "explicit"', None, []),
        ('priority = "supplemental"', None, ["https://one.example.org/simple"]),
        ("secondary = true", None, ["https://one.example.org/simple"]),
        ('[[tool.poetry.source]]\nname = "PyPI"', None, []),
    ],
)
def test_a_primary_source_replaces_pypi(more: str, index: str | None, extra: list[str]) -> None:
    reading = read("pyproject.toml", SOURCES.format(more))
    assert row(reading, "a").index == index
    assert [seen.name for seen in reading.observations] == extra


def test_poetry_may_only_add_a_source_to_a_standard_requirement() -> None:
    reading = read(
        "pyproject.toml",
        '[project]\nname = "x"\ndependencies = ["a>=1", "b"]\n'
        '[tool.poetry.dependencies]\na = { git = "https://example.org/a.git" }\nb = "^2"\n',
    )
    assert [(found.name, found.value, found.skip_reason) for found in reading.dependencies] == [
        ("a", ">=1", "version-control"),
        ("b", None, None),
        ("b", "^2", None),
    ]


UV = """\
[project]
name = "x"
dependencies = ["a", "b", "c", "d"]
[tool.uv.sources]
a = { workspace = true }
b = [{ path = "../b", marker = "os_name == 'nt'" }]
c = { url = "https://example.org/c.whl" }
[[tool.uv.index]]
url = "https://${HOST}/simple"
default = true
"""


def test_uv_sources_say_where_a_package_comes_from() -> None:
    reasons = {found.name: found.skip_reason for found in read("pyproject.toml", UV).dependencies}
    assert reasons == {"a": "local-path", "b": "local-path", "c": "direct-url", "d": "unpinned-expression"}


@pytest.mark.parametrize(
    ("text", "includes"),
    [
        (
            '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["r.txt"] }',
            ["r.txt"],
        ),
        ('[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies.file = "r.txt"', ["r.txt"]),
        ('[tool.setuptools.dynamic.optional-dependencies]\nt = { file = ["a.txt", "b.txt"] }', ["a.txt", "b.txt"]),
        (
            '[project]\ndynamic = ["dependencies"]\n[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["r.txt"]',
            ["r.txt"],
        ),
    ],
)
def test_requirements_kept_in_files_are_followed(text: str, includes: list[str]) -> None:
    reading = read("pyproject.toml", text)
    assert [path for path, _ in reading.includes] == includes
    assert not reading.skipped


def test_requirements_computed_by_the_build_are_named() -> None:
    (skipped,) = read("pyproject.toml", '[project]\ndynamic = ["dependencies"]\n').skipped
    assert skipped.detail == "line 2: the dependencies are computed when the package is built"


def test_a_hook_of_hatch_may_state_requirements() -> None:
    reading = read(
        "pyproject.toml",
        '[project]\ndynamic = ["dependencies"]\n'
        '[tool.hatch.metadata.hooks.versioning]\ndependencies = ["a>=1", "b=={{ version }}"]\n',
    )
    assert [(found.value, found.skip_reason) for found in reading.dependencies] == [
        (">=1", None),
        ("=={{ version }}", "unpinned-expression"),
    ]
    assert not reading.skipped


def test_a_file_that_only_configures_tools_is_no_manifest() -> None:
    assert read("pyproject.toml", "[tool.black]\nline-length = 100\n").manifest is None


@pytest.mark.parametrize(
    ("text", "application"),
    [
        ('[project]\nname = "x"', None),
        ('[project]\nclassifiers = ["Private :: Do Not Upload"]\n[build-system]\nrequires = []', True),
        ("[build-system]\nrequires = []", False),
        ("[tool.uv]\npackage = false", True),
    ],
)
def test_a_published_package_is_told_from_an_application(text: str, application: bool | None) -> None:
    manifest = read("pyproject.toml", text).manifest
    assert manifest is not None
    assert manifest.application is application


TOOLS = """\
[project]
name = "x"
[tool.poetry.requires-plugins]
plugin = ">=1.0"
[tool.poetry.build-constraints]
old-package = { setuptools = "<70" }
[tool.flit.metadata]
requires = ["flit-runtime>=1"]
dev-requires = ["flit-dev"]
requires-python = ">=3.7"
[tool.flit.metadata.requires-extra]
docs = ["flit-docs"]
[tool.rye]
dev-dependencies = ["rye-dev==1.0"]
[tool.uv]
override-dependencies = ["forced==2"]
[tool.uv.sources]
tagged = [{ git = "https://example.org/a", tag = "v2.0", marker = "os_name == 'nt'" }, { index = "other" }]
[dependency-groups]
all = ["tagged>=1", { include-group = "MORE.things" }]
more-things = ["last"]
"""


@pytest.mark.parametrize(
    ("name", "value", "kind", "group", "reason"),
    [
        ("plugin", ">=1.0", "pyproject-build", None, None),
        ("setuptools", "<70", "pyproject-constraint", None, None),
        ("flit-runtime", ">=1", "pyproject", None, None),
        ("flit-dev", None, "pyproject", "dev", None),
        ("flit-docs", None, "pyproject", "docs", None),
        ("rye-dev", "==1.0", "pyproject", "dev", None),
        ("forced", "==2", "pyproject-constraint", None, None),
        ("tagged", "v2.0", "pyproject", "all", "version-control"),
        ("last", None, "pyproject", "more-things", None),
        ("python", ">=3.7", "requires-python", None, None),
    ],
)
def test_the_tables_of_every_tool_are_read(
    name: str, value: str | None, kind: str, group: str | None, reason: str | None
) -> None:
    reading = read("pyproject.toml", TOOLS)
    found = row(reading, name)
    assert (found.value, found.kind, found.dependency_group, found.skip_reason) == (value, kind, group, reason)
    assert not reading.skipped
