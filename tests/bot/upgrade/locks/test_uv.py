"""``uv.lock`` made anew by the real uv, from an index on loopback."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.manifests import read_manifests
from bot.upgrade.locks import uv
from bot.upgrade.locks.model import Task
from bot.upgrade.model import OtherMove, Written
from tests.support.lockers import WORLDS, as_snapshot, locker, move, written
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


BARE = PROJECT.partition("[[tool.uv.index]]")[0]
# What a repository says of the machine: where Pythons come from, whom to trust, what to build, where to write.
MACHINE = """\
cache-dir = "/work"
python-install-mirror = "http://10.0.0.1/"
python-downloads-json-url = "http://10.0.0.1/"
python-downloads = "automatic"
allow-insecure-host = ["localhost"]
https-proxy = "http://10.0.0.1/"
keyring-provider = "subprocess"
no-build = false
no-build-package = []
config-settings = { a = "b" }
extra-build-variables = { red = { PATH = "." } }
upgrade = true

[extra-build-dependencies]
red = ["absent"]

[pip]
python = "./evil"
target = "/work"
"""


def _in_file(url: str, more: str = "") -> str:
    return f'{more}\n[[index]]\nurl = "{url}"\ndefault = true\n'


def test_a_uv_toml_says_where_packages_come_from(index: PythonIndex) -> None:
    files = first_lock({"pyproject.toml": BARE, "uv.toml": _in_file(index.url)})
    assert locked(bytes(files["uv.lock"]))["blue"] == "1.1"  # type: ignore[arg-type] # bytes, as the lock is
    index.add("red", "1.1")
    made = made_of(files, "red", "1.1")
    assert (made.problems, list(made.files)) == ((), ["uv.lock"])
    assert index.url.encode() in made.files["uv.lock"]


def test_the_nearest_settings_count(index: PythonIndex) -> None:
    blank = {"a/uv.lock": 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n', "a/pyproject.toml": BARE}
    there = {**blank, "uv.toml": _in_file(index.url)}
    made = written(there, locker("uv"), move(as_snapshot(there), "absent", "1", locks=["a/uv.lock"]))
    assert made.problems == ()
    assert locked(made.files["a/uv.lock"])["red"] == "1.0"
    nearer = {**there, "a/pyproject.toml": PROJECT.format(url=index.url), "uv.toml": "unheard-of = 1\n"}
    made = written(nearer, locker("uv"), move(as_snapshot(nearer), "absent", "1", locks=["a/uv.lock"]))
    assert made.problems == ()


@pytest.mark.parametrize("place", ["uv.toml", "pyproject.toml"])
def test_what_a_repository_says_of_the_machine_is_not_followed(index: PythonIndex, place: str) -> None:
    index.add("red", "1.1")
    if place == "uv.toml":
        files = {"pyproject.toml": BARE, "uv.toml": f'index-url = "{index.url}"\n{MACHINE}'}
    else:
        settings = f'index-url = "{index.url}"\n{MACHINE}'.replace("\n[", "\n[tool.uv.")
        files = {"pyproject.toml": f"{BARE}[tool.uv]\n{settings}"}
    files["uv.lock"] = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
    before = as_snapshot(files)
    world = next(world for world in WORLDS if world.name == "pypi")
    task = Task(lock="uv.lock", snapshot=before, readings=read_manifests(before, WORLDS).readings, world=world)
    given = uv.plan(task)
    copy = tomllib.loads(given.files[place].decode())
    kept = copy if place == "uv.toml" else copy["tool"]["uv"]
    assert kept == {"index-url": index.url, "extra-build-dependencies": {"red": ["absent"]}, "pip": {}}
    assert given.registries == (index.url,)
    made = written(files, locker("uv"), move(before, "red", "1.1", locks=["uv.lock"]))
    assert made.problems == ()
    assert locked(made.files["uv.lock"])["red"] == "1.1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("unheard-of = 1\n", "uv.toml sets unheard-of, which is not followed here"),
        ("index = [\n", "uv.toml cannot be read"),
        ('find-links = ["/etc"]\n', "uv.toml takes packages from /etc, which is not followed here"),
        ('[[index]]\nurl = "file:///home"\n', "takes packages from file:///home, which is not followed here"),
        ('[pip]\nindex-url = "https://${SECRET}/"\n', "takes packages from https://${SECRET}/"),
        ('index-url = "http://10.0.0.1/simple"\n', "takes packages from 10.0.0.1, a private address"),
    ],
)
def test_a_uv_toml_that_cannot_be_followed_is_told(text: str, says: str) -> None:
    lock = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
    there = {"pyproject.toml": BARE, "uv.lock": lock, "uv.toml": text}
    tools = replace(locker("uv"), private_hosts=False)
    made = written(there, tools, move(as_snapshot(there), "red", "1.0", locks=["uv.lock"]))
    assert says in made.problems[0].detail


@pytest.mark.parametrize("line", ['find-links = ["../elsewhere"]', 'index-url = "/home/ada/wheels"'])
def test_no_folder_of_this_machine_is_an_index(line: str) -> None:
    lock = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
    files = {"pyproject.toml": f"{BARE}[tool.uv]\n{line}\n", "uv.lock": lock}
    made = written(files, locker("uv"), move(as_snapshot(files), "red", "1.0", locks=["uv.lock"]))
    assert "which is not followed here" in made.problems[0].detail
