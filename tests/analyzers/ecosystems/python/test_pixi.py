"""Pixi's manifest, in its own file and in ``pyproject.toml``."""

from __future__ import annotations

import time

import pytest

from analyzers.model.inventory import Dependency
from tests.support.pace import allowed
from tests.support.python_files import read, row

SHA = "8e5e7e5ab8b370d6c329ec480221332ada57f0ab"
TABLES = f"""\
[%sdependencies]
numpy = ">=1.24,<2"
python = ">=3.11"
zlib = {{version = "==1.3", channel = "conda-forge"}}
own = {{path = "."}}
[%starget.linux-64.dependencies]
gcc = "*"
[%spypi-dependencies]
requests = "==2.31.0"
flask = {{version = ">=2", extras = ["async"]}}
any = "*"
mirrored = {{version = "*", index = "https://me:secret@mirror.example.com/simple"}}
[%sfeature.test.pypi-dependencies]
pytest = {{git = "https://me:secret@example.com/x.git", tag = "v8.0"}}
pinned = {{git = "https://example.com/x.git", rev = "{SHA}"}}
wheel = {{url = "https://example.com/x.whl"}}
odd = 3
"""
PATHS = {"pixi.toml": "", "pyproject.toml": "tool.pixi."}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("name", "ecosystem", "value", "version", "where"),
    [
        ("numpy", "conda", ">=1.24,<2", None, (None, "no-registry")),
        ("python", "generic", ">=3.11", None, (None, None)),
        ("zlib", "conda", "==1.3", "1.3", (None, "no-registry")),
        ("own", "conda", None, None, (None, "local-path")),
        ("gcc", "conda", "*", None, (None, "no-registry")),
        ("requests", "pypi", "==2.31.0", "2.31.0", (None, None)),
        ("flask", "pypi", ">=2", None, (None, None)),
        ("any", "pypi", "*", None, (None, None)),
        ("mirrored", "pypi", "*", None, (None, None)),
        ("pytest", "pypi", "v8.0", "8.0", ("test", "version-control")),
        ("pinned", "pypi", SHA, None, ("test", "version-control")),
        ("wheel", "pypi", None, None, ("test", "direct-url")),
    ],
)
def test_every_table_is_read(
    path: str, name: str, ecosystem: str, value: str | None, version: str | None, where: tuple[str | None, str | None]
) -> None:
    text = TABLES.replace("%s", PATHS[path])
    reading = read(path, text)
    found = row(reading, name)
    assert (found.ecosystem, found.value, found.version) == (ecosystem, value, version)
    assert (found.kind, found.dependency_group, found.skip_reason) == ("pixi", *where)
    assert value is None or text[found.place.start : found.place.end] == value
    assert found.index == ("https://mirror.example.com/simple" if name == "mirrored" else None)
    assert "secret" not in repr(reading)


@pytest.mark.parametrize("path", PATHS)
def test_what_has_no_constraint_is_said(path: str) -> None:
    (skipped,) = read(path, TABLES.replace("%s", PATHS[path])).skipped
    assert skipped.detail.endswith("“odd” has no constraint")


def test_environments_of_several_pythons_are_a_matrix() -> None:
    text = '[feature.a.dependencies]\npython = "=3.10"\n[feature.b.dependencies]\npython = "=3.14"\n'
    rows: tuple[Dependency, ...] = read("pixi.toml", text).dependencies
    assert [(found.value, found.dependency_group) for found in rows] == [("=3.10", "matrix"), ("=3.14", "matrix")]


def test_many_environments_take_linear_time() -> None:
    text = "".join(f'[feature.f{number}.dependencies]\npython = "3.{number}.*"\n' for number in range(6000))
    started = time.process_time()
    rows: tuple[Dependency, ...] = read("pixi.toml", text).dependencies
    assert time.process_time() - started < allowed(2)
    assert {found.dependency_group for found in rows} == {"matrix"}
