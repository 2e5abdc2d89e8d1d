"""``uv.lock`` made anew by the real uv, from an index on loopback."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.upgrade.model import OtherMove, Written
from tests.support.lockers import as_snapshot, locker, move, written
from tests.support.packages import PythonIndex, python_index

PROJECT = """\
[project]
name = "app"   # ours
version = "1.0"
requires-python = ">=3.11"
dependencies = [
    'red~=1.0',
    "blue>=1",
]

[[tool.uv.index]]
url = "{url}"
default = true
"""


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    with python_index() as found:
        found.add("green", "1.0", "1.1").add("red", "1.0", requires=["green<1.1"]).add("blue", "1.0", "1.1")
        yield found


def locked(content: bytes) -> dict[str, str]:
    return {entry["name"]: entry.get("version", "") for entry in tomllib.loads(content.decode())["package"]}


def first_lock(files: Mapping[str, str]) -> dict[str, str | bytes]:
    """Return the files with the lock that uv makes of them now."""
    blank = {**files, "uv.lock": 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'}
    made = written(blank, locker("uv"), move(as_snapshot(blank), "absent", "1", locks=["uv.lock"]))
    assert not made.problems, made.problems
    return {**files, "uv.lock": made.files["uv.lock"]}


def test_moves_what_is_wanted_and_says_what_else_had_to(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    index.add("red", "1.1", requires=["green>=1.1"]).add("blue", "1.2").add("red", "1.2")
    made = written(files, locker("uv"), move(as_snapshot(files), "red", "1.1", locks=["uv.lock"]))

    assert made.problems == ()
    assert locked(made.files["uv.lock"]) == {"app": "1.0", "red": "1.1", "green": "1.1", "blue": "1.1"}
    assert made.others == (
        OtherMove(lock="uv.lock", name="green", before="1.0", after="1.1", why="required by red 1.1"),
    )
    assert [title for title, _ in made.commits] == ["Upgrade red to 1.1"]
    assert made.tools[0].startswith("uv ")
    assert list(made.files) == ["uv.lock"]  # the range admitted it


def test_writes_the_manifest_as_well(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    index.add("red", "2.0", "2.1")
    made = written(files, locker("uv"), move(as_snapshot(files), "red", "2.0", locks=["uv.lock"]))
    assert made.problems == ()
    assert made.files["pyproject.toml"].decode() == PROJECT.format(url=index.url).replace("'red~=1.0'", "'red~=2.0'")
    assert locked(made.files["uv.lock"])["red"] == "2.0"
    assert "green" not in locked(made.files["uv.lock"])
    assert made.others == (
        OtherMove(lock="uv.lock", name="green", before="1.0", after=None, why="was required by red 1.0"),
    )


def test_two_moves_are_two_commits(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    index.add("red", "2.0").add("blue", "2.0")
    before = as_snapshot(files)
    moves = [move(before, name, "2.0", locks=["uv.lock"]) for name in ("red", "blue")]
    made = written(files, locker("uv"), *moves)
    assert made.problems == ()
    assert [title for title, _ in made.commits] == ["Upgrade red to 2.0", "Upgrade blue to 2.0"]
    assert locked(made.commits[0][1]["uv.lock"])["blue"] == "1.1"
    assert locked(made.files["uv.lock"]) == {"app": "1.0", "red": "2.0", "blue": "2.0"}


@pytest.mark.parametrize("target", ["1.1", "9.9"])
def test_a_lock_that_cannot_be_is_a_problem(index: PythonIndex, target: str) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    made = written(files, locker("uv"), move(as_snapshot(files), "green", target, locks=["uv.lock"]))
    assert made.draft
    assert made.files == {}
    assert len(made.problems) == 1
    assert made.problems[0].tool == "uv"
    assert f"depend on green<1.1 and green == {target}" in made.problems[0].detail


def test_nothing_of_the_repository_runs(index: PythonIndex, tmp_path: Path) -> None:
    """Version computed by a backend inside of the repository; the lock is made, and the backend never starts."""
    trap = tmp_path / "executed"
    evil = f"open({str(trap)!r}, 'w').write('x')\n"
    project = PROJECT.format(url=index.url).replace('version = "1.0"', 'dynamic = ["version"]')
    project += '\n[build-system]\nrequires = []\nbuild-backend = "evil"\nbackend-path = ["."]\n'
    files = first_lock({"pyproject.toml": project, "evil.py": evil, "setup.py": evil})
    index.add("red", "1.1")
    made = written(files, locker("uv"), move(as_snapshot(files), "red", "1.1", locks=["uv.lock"]))
    assert made.problems == ()
    assert locked(made.files["uv.lock"]) == {"app": "", "red": "1.1", "blue": "1.1"}
    assert not trap.exists()


def made_of(files: Mapping[str, str | bytes], name: str, target: str) -> Written:
    return written(files, locker("uv"), move(as_snapshot(files), name, target, locks=["uv.lock"]))


def test_computed_requirements_are_refused(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    text = str(files["pyproject.toml"]).replace(
        'version = "1.0"', 'version = "1.0"\ndynamic = ["optional-dependencies"]'
    )
    made = made_of({**files, "pyproject.toml": text}, "red", "1.0")
    assert "computed when it is built" in made.problems[0].detail


def test_a_lock_that_names_another_index_is_not_followed(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": PROJECT.format(url=index.url)})
    index.add("red", "1.1")
    with python_index() as evil:
        evil.add("red", "1.0", "1.1").add("blue", "1.1").add("green", "1.0")
        lock = files["uv.lock"]
        assert isinstance(lock, bytes)
        files["uv.lock"] = lock.replace(index.url.encode(), evil.url.encode())
        made = made_of(files, "red", "1.1")
        assert made.problems == ()
        assert evil.url.encode() not in made.files["uv.lock"]
        assert evil.script.seen == []
