"""``debtscan upgrade`` with the real uv and npm, from registries on loopback."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from analyzers.look_up import sources
from bot.cli import main
from tests.support.http_server import Script
from tests.support.lockers import as_snapshot, environ, locker, move, written
from tests.support.packages import npm_registry, python_index
from tests.support.repository import RepositoryBuilder

PROJECT = """\
[project]
name = "app"   # ours
version = "1.0"
requires-python = ">=3.11"
dependencies = [
    'red~=1.0.0',
    "blue==1.0",
    "green<2",
]

[[tool.uv.index]]
url = "{url}"
default = true
"""
BLANK = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22
    monkeypatch.setenv("DEBTSCAN_CACHE_DIR", str(tmp_path / "cache"))


def use(monkeypatch: pytest.MonkeyPatch, *tools: str) -> None:
    for name, value in environ(*tools).items():
        monkeypatch.setenv(name, value)


def locked_first(files: Mapping[str, str], lock: str, blank: str, ecosystem: str, tool: str) -> dict[str, bytes]:
    """Return the files with the lock that the tool makes of them now."""
    all_files = {**files, lock: blank}
    made = written(
        all_files, locker(tool), move(as_snapshot(all_files), "none", "1", locks=[lock], ecosystem=ecosystem)
    )
    assert not made.problems, made.problems
    return {**{path: text.encode() for path, text in files.items()}, lock: made.files[lock]}


def repository(tmp_path: Path, files: Mapping[str, bytes]) -> RepositoryBuilder:
    built = RepositoryBuilder(tmp_path / "repository")
    for path, content in files.items():
        built.write(path, content)
    return built.commit()


def upgrade(folder: Path, script: Script, addresses: Mapping[str, str], *flags: str) -> int:
    config = folder.parent / "own.toml"
    all_of_them = {**{name: f"{script.url}/{name}" for name in sources()}, **addresses}
    config.write_text("[addresses]\n" + "".join(f'"{key}" = "{value}"\n' for key, value in all_of_them.items()))
    return main(["upgrade", str(folder), "--quiet", "--config", str(config), *flags])


def versions(lock: bytes) -> dict[str, str]:
    return {entry["name"]: entry.get("version", "") for entry in tomllib.loads(lock.decode())["package"]}


def test_uv_makes_the_lock_and_what_it_does_not_accept_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with python_index() as index:
        index.add("deep", "1.0").add("red", "1.0.0", requires=["deep<2"]).add("blue", "1.0").add("green", "1.0")
        files = locked_first({"pyproject.toml": PROJECT.format(url=index.url)}, "uv.lock", BLANK, "pypi", "uv")
        built = repository(tmp_path, files)
        index.add("deep", "1.1").add("red", "1.0.1", requires=["deep>=1.1,<2"])
        # What the new blue requires, the new deep is not.
        index.add("blue", "1.1", requires=["deep<1.1"])
        use(monkeypatch, "uv", "git")
        addresses = {"pypi": index.url}
        assert upgrade(built.path, index.script, addresses, "--dry-run", "--only", "red") == 0
        diff, _said = capfdbinary.readouterr()
        assert b"+++ b/uv.lock" in diff
        assert built.git("status", "--porcelain") == ""
        assert upgrade(built.path, index.script, addresses) == 0
        out, said = (text.decode() for text in capfdbinary.readouterr())
    locked = versions((built.path / "uv.lock").read_bytes())
    moved = {name: version for name, version in locked.items() if name in {"red", "blue"}}
    # One of the two; which one follows from their worth.
    assert moved in ({"red": "1.0.1", "blue": "1.0"}, {"red": "1.0.0", "blue": "1.1"})
    assert "Locks made anew by uv " in out
    assert "  uv.lock\n" in out
    left, taken = ("blue", "red") if moved["red"] == "1.0.1" else ("red", "blue")
    assert f"left out: {left}: uv.lock cannot be made anew with it: " in said
    assert f"  {taken} 1.0" in out
    if taken == "red":
        assert "uv.lock moved beside:\n  deep 1.0 → 1.1  (required by red 1.0.1" in out
    checked = subprocess.run(
        ["uv", "lock", "--check"], cwd=built.path, check=False, capture_output=True, timeout=120, text=True
    )
    assert checked.returncode == 0, checked.stderr


def test_npm_makes_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with npm_registry() as registry:
        registry.add("green", "1.0.0").add("red", "1.0.0", dependencies={"green": "^1.0.0"}).add("blue", "1.0.0")
        manifest = {"name": "app", "version": "1.0.0", "dependencies": {"red": "1.0.0", "blue": "^1.0.0"}}
        named = {"package.json": json.dumps(manifest, indent=4) + "\n", ".npmrc": f"registry={registry.url}\n"}
        blank = json.dumps({"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": {}})
        built = repository(tmp_path, locked_first(named, "package-lock.json", blank, "npm", "npm"))
        registry.add("red", "1.1.0", dependencies={"green": "^1.1.0"}).add("green", "1.1.0").add("blue", "2.0.0")
        use(monkeypatch, "npm", "git")
        addresses = {"npm": registry.url}
        built.write("package-lock.json", (built.path / "package-lock.json").read_bytes() + b"\n")
        assert upgrade(built.path, registry.script, addresses) == 2
        assert b"package-lock.json is changed; commit or stash" in capfdbinary.readouterr().err
        built.git("checkout", "--quiet", ".")
        assert upgrade(built.path, registry.script, addresses, "--strict") == 0
        out, said = (text.decode() for text in capfdbinary.readouterr())
    lock = json.loads((built.path / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/red"]["version"] == "1.1.0"
    assert lock["packages"]["node_modules/green"]["version"] == "1.1.0"
    assert '"red": "1.1.0"' in (built.path / "package.json").read_text()
    assert "package-lock.json moved beside:\n  green 1.0.0 → 1.1.0  (required by red 1.1.0" in out
    assert "left out: steps that may break something, for blue; --only NAME takes one" in said


def test_offline_no_lock_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with python_index() as index:
        index.add("red", "1.0.0").add("blue", "1.0").add("green", "1.0")
        files = locked_first({"pyproject.toml": PROJECT.format(url=index.url)}, "uv.lock", BLANK, "pypi", "uv")
        built = repository(tmp_path, files)
        index.add("blue", "1.1")
        use(monkeypatch, "uv", "git")
        addresses = {"pypi": index.url}
        assert upgrade(built.path, index.script, addresses, "--dry-run") == 0
        capfdbinary.readouterr()
        assert upgrade(built.path, index.script, addresses, "--offline", "--strict") == 4
    said = capfdbinary.readouterr().err.decode()
    assert "left out: blue: uv.lock cannot be made anew with it: its tool has to ask registries, and --offline" in said
    assert built.git("status", "--porcelain") == ""
