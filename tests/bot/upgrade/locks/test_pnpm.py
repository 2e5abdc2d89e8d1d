"""``pnpm-lock.yaml`` made anew by the real pnpm, from a registry on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.upgrade.locks.difference import versions
from bot.upgrade.model import OtherMove
from tests.support.lockers import WORLDS, as_snapshot, locker, move, written
from tests.support.packages import NpmRegistry, npm_registry

LOCK = "pnpm-lock.yaml"
NPM = next(world for world in WORLDS if world.name == "npm")
BLANK = "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n"


@pytest.fixture
def registry() -> Iterator[NpmRegistry]:
    with npm_registry() as found:
        found.add("green", "1.0.0", "1.1.0").add("red", "1.0.0", dependencies={"green": "~1.0.0"})
        found.add("blue", "1.0.0", "1.1.0")
        yield found


def manifest(**fields: object) -> str:
    return json.dumps({"name": "app", "version": "1.0.0", **fields}, indent=2) + "\n"


def first_lock(registry: NpmRegistry, files: Mapping[str, str]) -> dict[str, str | bytes]:
    """Return the files with the lock that pnpm makes of them now."""
    named = {".npmrc": f"registry={registry.url}\n", **files, LOCK: BLANK}
    made = written(named, locker("pnpm"), move(as_snapshot(named), "none", "1.0.0", locks=[LOCK], ecosystem="npm"))
    assert not made.problems, made.problems
    return {**named, LOCK: made.files[LOCK]}


def locked(content: bytes) -> dict[str, list[str]]:
    return {name: sorted(found) for name, found in versions(LOCK, content, NPM).items()}


def test_moves_what_is_wanted_to_the_very_version(registry: NpmRegistry) -> None:
    files = first_lock(registry, {"package.json": manifest(dependencies={"red": "^1.0.0", "blue": "^1.0.0"})})
    registry.add("red", "1.1.0", dependencies={"green": "^1.1.0"}).add("red", "1.2.0").add("blue", "1.2.0")
    made = written(files, locker("pnpm"), move(as_snapshot(files), "red", "1.1.0", locks=[LOCK], ecosystem="npm"))
    assert made.problems == ()
    assert locked(made.files[LOCK]) == {"blue": ["1.1.0"], "green": ["1.1.0"], "red": ["1.1.0"]}
    assert made.others == (
        OtherMove(lock=LOCK, name="green", before="1.0.0", after="1.1.0", why="required by red 1.1.0"),
    )
    assert "specifier: ^1.0.0" in made.files[LOCK].decode()
    assert list(made.files) == [LOCK]


def test_catalogs_and_workspaces_move(registry: NpmRegistry) -> None:
    files = first_lock(
        registry,
        {
            "package.json": manifest(private=True),
            "pnpm-workspace.yaml": "packages:\n  - 'packages/*'\ncatalog:\n  red: ^1.0.0   # ours\n",
            "packages/a/package.json": manifest(name="a", dependencies={"red": "catalog:", "blue": "^1.0.0"}),
        },
    )
    registry.add("red", "2.0.0", "2.1.0").add("blue", "1.2.0")
    made = written(files, locker("pnpm"), move(as_snapshot(files), "red", "2.0.0", locks=[LOCK], ecosystem="npm"))
    assert made.problems == ()
    assert b"red: ^2.0.0   # ours" in made.files["pnpm-workspace.yaml"]
    assert locked(made.files[LOCK]) == {"blue": ["1.1.0"], "red": ["2.0.0"]}


def test_what_no_manifest_requires_moves_alone(registry: NpmRegistry) -> None:
    registry.add("deep", "1.0.0").add("red", "1.0.1", dependencies={"deep": "^1.0.0"})
    files = first_lock(registry, {"package.json": manifest(dependencies={"red": "^1.0.1", "blue": "*"})})
    registry.add("deep", "1.1.0", "1.2.0").add("blue", "9.0.0")
    wanted = move(as_snapshot(files), "deep", "1.1.0", locks=[LOCK], ecosystem="npm", current="1.0.0")
    made = written(files, locker("pnpm"), wanted)
    assert made.problems == ()
    assert locked(made.files[LOCK]) == {"blue": ["1.1.0"], "deep": ["1.1.0"], "red": ["1.0.1"]}
    assert b"overrides" not in made.files[LOCK]


def test_what_a_repository_would_run_does_not(registry: NpmRegistry, tmp_path: Path) -> None:
    trap = tmp_path / "executed"
    command = f"echo x > {trap}"
    scripts = dict.fromkeys(("preinstall", "install", "postinstall", "prepare", "pnpm:devPreinstall"), command)
    files = first_lock(
        registry,
        {
            "package.json": manifest(dependencies={"red": "^1.0.0"}, scripts=scripts, packageManager="pnpm@1.0.0"),
            "pnpm-workspace.yaml": f"packages: ['.']\nscriptShell: {trap}\nnodeOptions: --require ./evil.js\n",
            "evil.js": f"require('fs').writeFileSync({json.dumps(str(trap))}, 'x')",
        },
    )
    registry.add("red", "1.1.0", scripts=scripts)
    made = written(files, locker("pnpm"), move(as_snapshot(files), "red", "1.1.0", locks=[LOCK], ecosystem="npm"))
    assert made.problems == ()
    assert locked(made.files[LOCK])["red"] == ["1.1.0"]
    assert not trap.exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({".pnpmfile.cjs": "module.exports = {}"}, "the hooks of .pnpmfile.cjs"),
        ({"pnpm-workspace.yaml": "configDependencies:\n  evil: 1.0.0+sha512-x\n"}, "configDependencies"),
        ({"pnpm-workspace.yaml": "pnpmfile: ./evil.js\n"}, "pnpmfile"),
        ({LOCK: f"{BLANK}\npnpmfileChecksum: abc\n"}, "the hooks of a .pnpmfile.cjs"),
        ({"pnpm-workspace.yaml": "packages: [\n"}, "pnpm-workspace.yaml cannot be read"),
    ],
)
def test_what_is_code_is_refused(more: Mapping[str, str], says: str) -> None:
    files = {"package.json": manifest(dependencies={"red": "^1.0.0"}), LOCK: BLANK, **more}
    made = written(files, locker("pnpm"), move(as_snapshot(files), "red", "1.1.0", locks=[LOCK], ecosystem="npm"))
    assert made.files == {}
    assert says in made.problems[0].detail
