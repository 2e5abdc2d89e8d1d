"""What a lock tool may see, reach and use up. The tool is a Python script that tries."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from analyzers.config import Config
from analyzers.http.credentials import Settings, load_settings
from analyzers.repository.snapshot import open_snapshot
from bot.upgrade.locks.locker import Locker
from bot.upgrade.locks.model import Job, LockRefusedError, Run
from bot.upgrade.locks.programs import program
from bot.upgrade.locks.sandbox import OPT_IN, Sandbox
from bot.upgrade.locks.settings import home_files, variables
from bot.upgrade.write import write
from tests.support.lock_tools import ENVIRON, NOBODY, run, unwalled
from tests.support.lockers import WORLDS, locker, move, upgrade
from tests.support.repository import RepositoryBuilder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither these limits nor these walls")

TELL = """
import json, os, pathlib
home = pathlib.Path.home()
tell = {"environ": dict(os.environ), "netrc": (home / ".netrc").read_text(), "here": sorted(os.listdir("."))}
open("out", "w").write(json.dumps(tell))
"""


def test_the_environment_is_named_variables_and_a_home_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text("secret")
    told = json.loads(run(unwalled(tmp_path), TELL))
    assert "hunter2" not in json.dumps(told)
    assert told["environ"]["HOME"] != str(tmp_path)
    assert not Path(told["environ"]["HOME"]).exists()  # gone with the run
    assert told["netrc"] == "machine a login b password c\n"
    assert told["here"] == ["out", "tool.py"]
    assert {"GH_TOKEN", OPT_IN, "PYTHONPATH", "VIRTUAL_ENV"}.isdisjoint(told["environ"])


def test_without_walls_and_without_the_users_word_nothing_starts(tmp_path: Path) -> None:
    box = Sandbox(environ={"PATH": os.environ["PATH"]}, home=tmp_path, bubblewrap=None, opted_in=False)
    with pytest.raises(LockRefusedError, match=f"install it, or set {OPT_IN}=1"):
        run(box, "open('out', 'w')")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("import os; os.remove('out'); os.symlink('/etc/passwd', 'out')", "made no file"),
        ("import os; os.remove('out')", "made no file"),
        ("import sys; print('x' * 9_000_000); print('the end'); sys.exit(1)", "the end"),
        ("import sys; print('a' * 900, 'ERR_THIS is it', 'z' * 900); sys.exit(1)", "tool failed: ERR_THIS is it"),
        ("import sys; print('see https://u:hunter2@h.example/ '); sys.exit(1)", "see https://h.example/"),
        ("import sys; print('\\x1b[31m\\x00red'); sys.exit(1)", "tool failed: [31m red"),
        pytest.param(
            "x = bytearray(3_000_000_000)",
            "MemoryError",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="macOS bounds no address space"),
        ),
    ],
)
def test_what_goes_wrong_is_said_in_a_line(tmp_path: Path, script: str, says: str) -> None:
    with pytest.raises(LockRefusedError) as error:
        run(unwalled(tmp_path), script, memory=2 * 1024**3)
    assert says in str(error.value)
    assert len(str(error.value)) < 700
    assert "hunter2" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.skipif(sys.platform != "linux", reason="macOS bounds no address space")
def test_a_tool_without_a_bound_has_not_that_of_the_process_that_starts_it(tmp_path: Path) -> None:
    import resource  # Windows has none.

    tell = "import resource; open('out', 'w').write(str(resource.getrlimit(resource.RLIMIT_AS)))"
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (64 * 1024**3, before[1]))
    try:
        assert run(unwalled(tmp_path), tell) == str((before[1], before[1])).encode()
        assert run(unwalled(tmp_path), tell, memory=2 * 1024**3) == str((2 * 1024**3, 2 * 1024**3)).encode()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("path", ["../out", "/etc/out", "a/../../out", ".git/hooks/post-checkout"])
def test_no_file_is_copied_to_anywhere_else(tmp_path: Path, path: str) -> None:
    job = Job(program="tool", files={path: b""}, folder="", runs=())
    with pytest.raises(LockRefusedError, match="not a path inside"):
        unwalled(tmp_path).run(job, sys.executable, {}, "out", NOBODY)


def test_a_link_of_the_repository_is_no_file(tmp_path: Path) -> None:
    """A snapshot lists no links that lead out, and a tool sees what the snapshot has and no more."""
    (tmp_path / "secret.toml").write_text('[project]\nname = "secret"\n')
    build = RepositoryBuilder(tmp_path / "repository").write("uv.lock", "version = 1\n")
    build.link("pyproject.toml", "../secret.toml").commit()
    files = open_snapshot(tmp_path / "repository", Config())
    made = write(upgrade(move(files, "red", "2", locks=["uv.lock"])), files, WORLDS, locker("uv"))
    assert made.files == {}
    assert "there is no pyproject.toml beside uv.lock" in made.problems[0].detail


def test_a_tool_of_the_repository_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, repository = tmp_path / "own", tmp_path / "repository" / "bin"
    for folder in (own, repository):
        folder.mkdir(parents=True)
        tool = folder / "uv"
        tool.write_text("#!/bin/sh\n")
        tool.chmod(0o755)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "uv").symlink_to(repository / "uv")
    monkeypatch.chdir(repository)
    path = os.pathsep.join([".", "", str(repository), str(tmp_path / "linked"), str(own)])
    assert program("uv", {"PATH": path}, keep_out=tmp_path / "repository") == str(own / "uv")
    assert program("uv", {"PATH": "."}) is None
    # Nor is it there for a tool to start.
    found = Locker.of({"PATH": path}, tmp_path, load_settings({}, tmp_path), tmp_path / "repository")
    assert found.sandbox.environ["PATH"] == os.pathsep.join([str(tmp_path / "linked"), str(own)])


def settings(home: Path, npmrc: str, netrc: str = "", **environ: str) -> Settings:
    (home / ".npmrc").write_text(npmrc)
    (home / ".netrc").write_text(netrc)
    return load_settings(environ, home)


def test_credentials_go_to_their_host_alone(tmp_path: Path) -> None:
    npmrc = "registry=https://npm.example/a/\n//npm.example/a/:_authToken=s3cret\n@x:registry=https://x.example/\n"
    found = settings(tmp_path, npmrc, "machine py.example login me password s3same\n")
    files = home_files(found, ["https://evil.example/", "https://py.example/simple", "not an address", "http://[::1"])
    assert files[".npmrc"].splitlines() == [
        "registry=https://npm.example/a",
        "@x:registry=https://x.example",
        "//npm.example/a/:_authToken=s3cret",
        "//py.example/simple/:_auth=bWU6czNzYW1l",
    ]
    assert files[".netrc"] == "machine py.example login me password s3same\n"


def test_credentials_do_not_go_to_their_host_without_tls(tmp_path: Path) -> None:
    found = settings(tmp_path, "", "machine py.example login me password s3same\n")
    files = home_files(found, ["http://py.example/simple", "https://py.example/simple"])
    assert "s3same" not in "".join(files.values())


def test_the_users_own_index_counts(tmp_path: Path) -> None:
    found = settings(tmp_path, "", PIP_INDEX_URL="https://u:p@py.example/simple")
    assert variables(found) == dict.fromkeys(("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), "https://py.example/simple")
    assert "login u password p" in home_files(found, [])[".netrc"]


def test_credentials_that_a_tool_tells_are_not_told_on(tmp_path: Path) -> None:
    environ = {**ENVIRON, "HTTPS_PROXY": "http://carol:sw0rdf1sh@proxy.example:3128"}
    box = Sandbox(environ=environ, home=tmp_path, bubblewrap=None, opted_in=True)
    secrets = {
        ".netrc": "machine index.example login dave password correcthorse\n",
        ".npmrc": "//npm.example/:_authToken=t0ken-of-mine\n",
    }
    script = (
        "import os, pathlib, sys\n"
        "home = pathlib.Path.home()\n"
        "print(repr((home / '.netrc').read_text()), (home / '.npmrc').read_text().replace('=', ' is '))\n"
        "print([value for value in os.environ.values() if 'carol' in value])\n"
        "sys.exit(1)\n"
    )
    job = Job(program="tool", files={"tool.py": script.encode()}, folder="", runs=(Run(arguments=("tool.py",)),))
    with pytest.raises(LockRefusedError) as caught:
        box.run(job, sys.executable, secrets, "out", NOBODY)
    assert "index.example" in str(caught.value)
    assert not any(word in str(caught.value) for word in ("correcthorse", "t0ken-of-mine", "sw0rdf1sh"))
