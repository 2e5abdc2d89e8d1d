"""Locks of public projects made anew from the live registries, and installed from what came of it.

The projects are checkouts below the folder that ``DEBTSCAN_TESTS_CHECKOUTS`` names, each by its repository's name.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analyzers.config import Config
from analyzers.http.credentials import load_settings
from analyzers.model.snapshot import Snapshot
from analyzers.repository.snapshot import open_snapshot
from analyzers.versions import pep440
from bot.upgrade.locks.difference import versions
from bot.upgrade.model import Move
from bot.upgrade.write import write
from tests.support.lockers import WORLDS, environ, locker, move, rows, upgrade

pytestmark = pytest.mark.online

# Read before the tests' own environment takes its place.
CHECKOUTS = Path(os.environ.get("DEBTSCAN_TESTS_CHECKOUTS", "/nonexistent"))
AUTHORITIES = {
    name: os.environ[name]
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    if name in os.environ
}
INDEX = {name: os.environ[name] for name in ("PIP_INDEX_URL",) if name in os.environ}

# The lowest Python of these projects; the planner proposes no release that leaves it behind.
LOWEST = "3.10"
PROJECTS = {
    "core": ("pnpm-lock.yaml", "npm", "pnpm", 3),
    "poetry": ("poetry.lock", "pypi", "poetry", 2),
    "self-hosted": ("uv.lock", "pypi", "uv", 3),
    "uptime-kuma": ("package-lock.json", "npm", "npm", 2),
}


def latest(ecosystem: str, name: str) -> str:
    """Return the newest stable version that the live registry has had for a month; projects may want no younger."""
    ours = "https://pypi.org/pypi/{}/json" if ecosystem == "pypi" else "https://registry.npmjs.org/{}"
    with urllib.request.urlopen(ours.format(name), timeout=60) as answer:  # noqa: S310 - two fixed https addresses
        document: dict[str, Any] = json.load(answer)
    if ecosystem == "pypi":
        dates = {
            one: files[0]["upload_time"]
            for one, files in document["releases"].items()
            if files and pep440.SCHEME.satisfies(LOWEST, files[0]["requires_python"] or ">=3")
        }
    else:
        dates = {one: document["time"][one] for one in document["versions"]}
    scheme = next(world.scheme for world in WORLDS if world.name == ecosystem)
    assert scheme
    month = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    old_enough = [one for one, date in dates.items() if date < month and scheme.is_stable(one) and scheme.key(one)]
    return str(max(old_enough, key=lambda one: scheme.key(one) or 0, default=""))


def outdated(files: Snapshot, lock: str, ecosystem: str) -> Iterator[Move]:
    """Yield moves of direct dependencies that lag within what their manifest admits, in the manifest's order."""
    world = next(world for world in WORLDS if world.name == ecosystem)
    held = versions(lock, files.read(lock), world)
    assert world.scheme
    for name in sorted(held):
        direct = [row for row in rows(files, name) if row.direct and row.value and row.place.path != lock]
        if len(held[name]) != 1 or not direct or any(row.skip_reason for row in direct):
            continue
        current, target = next(iter(held[name])), latest(ecosystem, name)
        if world.scheme.step(current, target) and all(
            world.scheme.satisfies(target, row.value or "") for row in direct
        ):
            yield move(files, name, target, locks=[lock], ecosystem=ecosystem, current=current)


def install(folder: Path, tool: str) -> None:
    """Install from the lock, as the project's own tool does it in CI; nothing is built and no script runs."""
    variables = {**os.environ, "PATH": environ(tool)["PATH"], "HOME": str(folder.parent / "home")}
    if tool == "uv":
        command = ["uv", "sync", "--frozen", "--no-install-workspace", "--no-build", "--quiet"]
    elif tool == "poetry":
        subprocess.run([sys.executable, "-m", "venv", str(folder / ".venv")], check=True)
        variables |= {"VIRTUAL_ENV": str(folder / ".venv"), "POETRY_INSTALLER_ONLY_BINARY": ":all:"}
        command = ["poetry", "sync", "--no-root", "--no-interaction", "--no-plugins"]
    elif tool == "pnpm":
        # The version of the tests makes the lock and installs from it, whatever the project asks for.
        variables |= {
            "npm_config_manage_package_manager_versions": "false",
            "npm_config_package_manager_strict": "false",
        }
        command = ["pnpm", "install", "--frozen-lockfile", "--ignore-scripts", "--ignore-pnpmfile", "--silent"]
    else:
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


@pytest.mark.parametrize("project", sorted(PROJECTS))
def test_a_public_project(project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock, ecosystem, tool, count = PROJECTS[project]
    if not (CHECKOUTS / project / lock).is_file():
        pytest.skip(f"needs a checkout of {project} below the folder that DEBTSCAN_TESTS_CHECKOUTS names")
    files = open_snapshot(CHECKOUTS / project, Config())
    moves = [found for found, _ in zip(outdated(files, lock, ecosystem), range(count), strict=False)]
    begun = time.monotonic()
    tools = locker(tool, variables=AUTHORITIES, settings=load_settings(INDEX, tmp_path))
    made = write(upgrade(*moves), files, WORLDS, tools)
    seconds = time.monotonic() - begun
    with capsys.disabled():
        names = ", ".join(f"{one.name} {one.current} -> {one.target}" for one in moves)
        print(f"\n{project}: {names}; {len(made.commits)} commits, {seconds:.0f} s, {', '.join(made.tools)}")  # noqa: T201
        print(f"  others: {[(o.name, o.before, o.after, o.why) for o in made.others]}; {made.problems}")  # noqa: T201
    # A mirror may lack parts for other systems; debtscan says so, and the lock installs here all the same.
    assert all("lacks parts of" in problem.detail for problem in made.problems)
    assert len(made.commits) in {1, len(moves)}
    copy = tmp_path / "copy"
    shutil.copytree(CHECKOUTS / project, copy, ignore=shutil.ignore_patterns(".git", "node_modules", ".venv"))
    for path, content in made.files.items():
        (copy / path).write_bytes(content)
    install((copy / lock).parent, tool)
