"""``package-lock.json`` made anew by the real npm, from a registry on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.upgrade.model import OtherMove
from tests.support.lockers import as_snapshot, locker, move, written
from tests.support.packages import NpmRegistry, npm_registry

LOCK = "package-lock.json"


@pytest.fixture
def registry() -> Iterator[NpmRegistry]:
    with npm_registry() as found:
        found.add("green", "1.0.0", "1.1.0").add("red", "1.0.0", dependencies={"green": "~1.0.0"})
        found.add("blue", "1.0.0", "1.1.0").add("@scope/grey", "1.0.0")
        yield found


def manifest(**fields: object) -> str:
    return json.dumps({"name": "app", "version": "1.0.0", **fields}, indent=2) + "\n"


def first_lock(registry: NpmRegistry, files: Mapping[str, str]) -> dict[str, str | bytes]:
    """Return the files with the lock that npm makes of them now."""
    blank = json.dumps({"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": {}})
    named = {".npmrc": f"registry={registry.url}\n", **files, LOCK: blank}
    made = written(named, locker("npm"), move(as_snapshot(named), "none", "1.0.0", locks=[LOCK], ecosystem="npm"))
    assert not made.problems, made.problems
    return {**named, LOCK: made.files[LOCK]}


def locked(content: bytes) -> dict[str, str]:
    packages: dict[str, Any] = json.loads(content)["packages"]
    return {key.removeprefix("node_modules/"): entry.get("version", "") for key, entry in packages.items() if key}


def test_moves_what_is_wanted_to_the_very_version(registry: NpmRegistry) -> None:
    text = manifest(dependencies={"red": "^1.0.0", "blue": "^1.0.0"})
    files = first_lock(registry, {"package.json": text})
    registry.add("red", "1.1.0", dependencies={"green": "^1.1.0"}).add("red", "1.2.0").add("blue", "1.2.0")
    made = written(files, locker("npm"), move(as_snapshot(files), "red", "1.1.0", locks=[LOCK], ecosystem="npm"))
    assert made.problems == ()
    assert locked(made.files[LOCK]) == {"blue": "1.1.0", "green": "1.1.0", "red": "1.1.0"}
    assert made.others == (
        OtherMove(lock=LOCK, name="green", before="1.0.0", after="1.1.0", why="required by red 1.1.0 (^1.1.0)"),
    )
    assert json.loads(made.files[LOCK])["packages"][""]["dependencies"] == {"red": "^1.0.0", "blue": "^1.0.0"}
    assert list(made.files) == [LOCK]


def test_the_manifest_moves_with_it(registry: NpmRegistry) -> None:
    text = manifest(dependencies={"red": "^1.0.0"}, devDependencies={"@scope/grey": "^1.0.0"})
    files = first_lock(registry, {"package.json": text})
    registry.add("red", "2.0.0", "2.0.1").add("@scope/grey", "2.0.0")
    before = as_snapshot(files)
    moves = [
        move(before, name, "2.0.0", locks=[LOCK], ecosystem="npm", current="1.0.0") for name in ("red", "@scope/grey")
    ]
    made = written(files, locker("npm"), *moves)
    assert made.problems == ()
    assert made.files["package.json"].decode() == text.replace("^1.0.0", "^2.0.0")
    assert locked(made.files[LOCK]) == {"red": "2.0.0", "@scope/grey": "2.0.0"}
    assert [title for title, _ in made.commits] == [
        "Upgrade red from 1.0.0 to 2.0.0",
        "Upgrade @scope/grey from 1.0.0 to 2.0.0",
    ]
    assert made.others[0].why == "was required by red 1.0.0 (~1.0.0)"


def test_a_workspace_shares_the_root_lock(registry: NpmRegistry) -> None:
    files = first_lock(
        registry,
        {
            "package.json": manifest(workspaces=["packages/*"]),
            "packages/a/package.json": manifest(name="a", dependencies={"blue": "^1.0.0", "real": "npm:red@^1.0.0"}),
        },
    )
    registry.add("blue", "1.2.0", "1.3.0").add("red", "1.1.0", "1.2.0")
    before = as_snapshot(files)
    for name, target, installed in (("blue", "1.2.0", "blue"), ("red", "1.1.0", "real")):
        made = written(files, locker("npm"), move(before, name, target, locks=[LOCK], ecosystem="npm"))
        assert made.problems == ()
        assert locked(made.files[LOCK])[installed] == target


def test_what_no_manifest_requires_moves_alone(registry: NpmRegistry) -> None:
    registry.add("deep", "1.0.0").add("red", "1.0.1", dependencies={"deep": "^1.0.0"})
    files = first_lock(registry, {"package.json": manifest(dependencies={"red": "^1.0.1", "blue": "*"})})
    registry.add("deep", "1.1.0", "1.2.0").add("blue", "9.0.0")
    wanted = move(as_snapshot(files), "deep", "1.1.0", locks=[LOCK], ecosystem="npm", current="1.0.0")
    made = written(files, locker("npm"), wanted)
    assert made.problems == ()
    assert locked(made.files[LOCK]) == {"blue": "1.1.0", "deep": "1.1.0", "red": "1.0.1"}
    assert "overrides" not in made.files[LOCK].decode()


@pytest.mark.parametrize("current", ["1.0.0", None])
def test_another_line_of_a_package_stays(registry: NpmRegistry, current: str | None) -> None:
    registry.add("deep", "0.5.0", "1.0.0").add("red", "1.0.1", dependencies={"deep": "^1.0.0"})
    registry.add("blue", "1.1.1", dependencies={"deep": "^0.5.0"})
    files = first_lock(registry, {"package.json": manifest(dependencies={"red": "^1.0.1", "blue": "^1.1.1"})})
    registry.add("deep", "0.5.1", "1.1.0")
    wanted = move(as_snapshot(files), "deep", "1.1.0", locks=[LOCK], ecosystem="npm", current=current)
    made = written(files, locker("npm"), wanted)
    assert made.problems == ()
    assert made.others == ()
    found = json.loads(made.files[LOCK])["packages"]
    assert sorted(entry["version"] for key, entry in found.items() if key.endswith("deep")) == ["0.5.0", "1.1.0"]


def test_scripts_do_not_run_and_secrets_stay_out(registry: NpmRegistry, tmp_path: Path) -> None:
    trap = tmp_path / "executed"
    command = f"echo x > {trap}"
    registry.add("red", "1.0.1", scripts={"preinstall": command, "install": command, "postinstall": command})
    scripts = dict.fromkeys(("preinstall", "install", "postinstall", "prepare", "dependencies"), command)
    settings = (
        f"registry={registry.url}\n//{registry.url.partition('//')[2]}:_authToken=${{TOKEN}}\nscript-shell=./evil\n"
        "node-options=--require ./evil.js\nignore-scripts=false\n"
    )
    files = first_lock(
        registry,
        {
            "package.json": manifest(dependencies={"red": "^1.0.0"}, scripts=scripts, packageManager="npm@1.0.0"),
            ".npmrc": settings,
            "evil.js": f"require('fs').writeFileSync({json.dumps(str(trap))}, 'x')",
        },
    )
    registry.add("red", "1.1.0", scripts=scripts)
    theirs = {"TOKEN": "hunter2", "NPM_TOKEN": "hunter2", "NODE_OPTIONS": "--require ./evil.js"}
    tools = locker("npm", variables=theirs)
    made = written(files, tools, move(as_snapshot(files), "red", "1.1.0", locks=[LOCK], ecosystem="npm"))
    assert made.problems == ()
    assert locked(made.files[LOCK])["red"] == "1.1.0"
    assert not trap.exists()
    assert not any("authorization" in request.headers for request in registry.script.seen)
    assert not any("hunter2" in f"{request.path}{request.headers}" for request in registry.script.seen)


def test_what_moves_in_one_lock_is_not_asked_of_another(registry: NpmRegistry) -> None:
    registry.add("holder", "1.0.0", dependencies={"blue": "~1.0.0"})
    first = first_lock(registry, {"package.json": manifest(dependencies={"holder": "^1.0.0", "red": "^1.0.0"})})
    second = first_lock(registry, {"package.json": manifest(dependencies={"blue": "~1.0.0"})})
    files = {f"{folder}/{path}": text for folder, one in (("a", first), ("b", second)) for path, text in one.items()}
    registry.add("blue", "2.0.0").add("red", "1.1.0")
    snapshot = as_snapshot(files)
    red = move(snapshot, "red", "1.1.0", locks=[f"a/{LOCK}"], ecosystem="npm")
    blue = move(snapshot, "blue", "2.0.0", locks=[f"b/{LOCK}"], ecosystem="npm")
    made = written(files, locker("npm"), red, blue)
    assert made.problems == ()
    assert locked(made.files[f"a/{LOCK}"])["red"] == "1.1.0"
    assert locked(made.files[f"a/{LOCK}"])["blue"] == "1.0.0"
    assert locked(made.files[f"b/{LOCK}"])["blue"] == "2.0.0"
