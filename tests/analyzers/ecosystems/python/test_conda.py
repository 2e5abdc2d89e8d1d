"""conda's environments."""

from __future__ import annotations

import pytest

from analyzers.ecosystems.python._files import is_environment as sniff
from analyzers.ecosystems.python._files import may_be_environment as matches
from tests.support.python_files import FIXTURES, pair, read, read_fixture, row

CONTENT = (FIXTURES / "conda/environment.yml").read_bytes()
CONDA = read("environment.yml", CONTENT)


@pytest.mark.parametrize(
    ("name", "value", "version"),
    [
        ("numpy", "=1.26", None),
        ("pandas", ">=1.5,<2", None),
        ("scipy", "==1.9.0", "1.9.0"),
        ("blas", "=*=openblas", None),
        ("pytorch", "2.1", None),
        ("matplotlib", ">=3.5", None),
        ("mkl", "=2021.4.0=h06a4308_640", "2021.4.0"),
        ("Xz", None, None),
        ("pip", None, None),
    ],
)
def test_packages_of_conda_are_listed_and_no_registry_is_asked(
    name: str, value: str | None, version: str | None
) -> None:
    found = row(CONDA, name)
    assert (found.ecosystem, found.value, found.version) == ("conda", value, version)
    assert (found.skip_reason, found.kind) == ("no-registry", "conda-environment")


def test_a_channel_stands_in_the_package_url() -> None:
    assert row(CONDA, "scipy").purl == "pkg:conda/scipy@1.9.0?channel=conda-forge"


def test_python_itself_is_the_runtime_without_its_build() -> None:
    found = row(CONDA, "python")
    assert (found.ecosystem, found.value, found.version, found.skip_reason) == ("generic", "=3.9.7", "3.9.7", None)


def test_the_list_for_pip_is_read_as_pip_does() -> None:
    found = row(CONDA, "requests")
    assert (found.ecosystem, found.value, found.kind) == ("pypi", "==2.31.0", "conda-environment-pip")
    assert row(CONDA, ".").skip_reason == "local-path"
    assert CONDA.includes == (("requirements.txt", "requirements"),)
    assert [seen.kind for seen in CONDA.observations] == ["extra-index"]


def test_entries_that_cannot_be_read_are_named() -> None:
    assert [entry.detail.split(":")[0] for entry in CONDA.skipped] == ["line 16", "line 22"]


@pytest.mark.parametrize(
    ("spec", "name", "value"),
    [
        ("numpy", "numpy", None),
        ("numpy==1.26.4", "numpy", "==1.26.4"),
        ("numpy >= 1.20, < 2", "numpy", ">= 1.20, < 2"),
        ("numpy>=1|<0.5", "numpy", ">=1|<0.5"),
        ("numpy 1.26.*", "numpy", "1.26.*"),
        ("numpy 1.26 py311_0", "numpy", "1.26"),
        ("conda-forge/linux-64::numpy=1", "numpy", "=1"),
        ("_libgcc_mutex=0.1=main", "_libgcc_mutex", "=0.1=main"),
    ],
)
def test_specs_are_read_in_every_shape(spec: str, name: str, value: str | None) -> None:
    (found,) = read("environment.yml", f"channels: [x]\ndependencies:\n  - {spec}\n").dependencies
    assert (found.name, found.value) == (name, value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CONTENT, True),
        (b"name: x\ndependencies:\n- numpy\n", True),
        (b"dependencies:\n  - python=3.9\n", True),
        (b"apiVersion: v2\nname: chart\nversion: 1.0\ndependencies:\n  - name: redis\n", False),
        (b"name: app\nversion: 1.0\ndependencies:\n  http: ^1.0.0\n", False),
        (b"on: push\njobs: {}\n", False),
        (b"role:\n  dependencies:\n  - python\n", False),
    ],
)
def test_environments_are_told_from_other_files_with_dependencies(content: bytes, expected: bool) -> None:
    assert sniff(content) is expected


def test_any_yaml_file_may_be_an_environment_and_a_lock_is_none() -> None:
    assert matches("ci/deps/py311.yaml")
    assert not matches("conda-lock.yml")


def test_an_environment_has_the_nature_of_its_project_and_the_lock_beside_it() -> None:
    alone = read_fixture("conda")["environment.yml"].manifest
    assert alone is not None
    assert (alone.application, alone.lockfile) == (True, None)
    files = {"environment.yml": CONTENT.decode(), "conda-lock.yml": "package: []\n", "setup.py": "setup()"}
    beside = pair(files)["environment.yml"].manifest
    assert beside is not None
    assert (beside.application, beside.lockfile) == (False, "conda-lock.yml")
