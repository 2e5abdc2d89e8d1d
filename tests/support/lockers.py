"""Upgrades written as short as a test needs them, and lockers that run the real tools on loopback."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from analyzers.edits import to_version
from analyzers.http.credentials import Settings, load_settings
from analyzers.manifests import read_manifests
from analyzers.model.edit import Change, Edit
from analyzers.model.inventory import Dependency
from analyzers.model.snapshot import Snapshot
from analyzers.model.subject import SubjectKey
from analyzers.read import ecosystems
from bot.upgrade.locks.hosts import PRIVATE
from bot.upgrade.locks.locker import Locker
from bot.upgrade.locks.sandbox import OPT_IN
from bot.upgrade.model import Move, Upgrade, Worth, Written
from bot.upgrade.write import write
from tests.support.formats import snapshot

WORLDS = ecosystems()
SCRIPTS = Path(sysconfig.get_path("scripts"))
NODE_TOOLS = SCRIPTS.parent / "node" / "node_modules" / ".bin"


def environ(*tools: str, **variables: str) -> dict[str, str]:
    """Return a user's environment in which these tools are on PATH; skip the test where one is missing."""
    if tools and sys.platform == "win32":
        pytest.skip("lock tools are run in tests where their processes have limits")
    folders = [str(SCRIPTS), str(NODE_TOOLS), *os.get_exec_path()]
    path = os.pathsep.join(folders)
    missing = [tool for tool in tools if shutil.which(tool, path=path) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}; `make test` installs it where it can")
    return {"PATH": path, OPT_IN: "1", PRIVATE: "1", **variables}


def locker(
    *tools: str,
    settings: Settings | None = None,
    keep_out: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Locker:
    """Return a locker with these tools, that runs them without bubblewrap where there is none."""
    own = Path(os.environ["HOME"])
    named = environ(*tools, **(variables or {}))
    return Locker.of(named, own, settings or load_settings({}, own), keep_out)


def rows(files: Snapshot, name: str, *, path: str | None = None) -> list[Dependency]:
    """Return the rows of one package in the manifests of a snapshot."""
    found = read_manifests(files, WORLDS).dependencies
    return [row for row in found if row.name == name and path in {None, row.place.path}]


def move(
    files: Snapshot,
    name: str,
    target: str,
    *,
    locks: Sequence[str] = (),
    ecosystem: str = "pypi",
    current: str | None = None,
    paths: Sequence[str] | None = None,
) -> Move:
    """Return the move of one package to ``target`` in all manifests that have to change for it."""
    world = next(world for world in WORLDS if world.name == ecosystem)
    assert world.scheme
    changes: list[Change] = []
    for row in rows(files, name):
        if row.place.path in locks or not row.value or row.skip_reason or (paths and row.place.path not in paths):
            continue
        if not world.scheme.satisfies(target, row.value):
            changes += to_version(row, target, world.scheme).changes
    return Move(
        key=SubjectKey(ecosystem, world.normalise(name)),
        name=name,
        current=current,
        target=target,
        kind="minor",
        step="minor",
        edit=Edit(tuple(changes)) if changes else None,
        findings=(),
        files=tuple(sorted({*locks, *(change.row.place.path for change in changes)})),
        locks=tuple(locks),
    )


def upgrade(*moves: Move) -> Upgrade:
    """Return the moves as one pull request."""
    worth = Worth(points=1, advisories=0, days_left=None, heat=0, risk=0, total=1.0, reasons=())
    return Upgrade(
        id="test", branch="debtscan/test", title="Upgrade a few packages", moves=moves, kind="minor", worth=worth
    )


def written(files: Mapping[str, str | bytes], tools: Locker, *moves: Move) -> Written:
    """Write the moves as one upgrade of these files."""
    return write(upgrade(*moves), as_snapshot(files), WORLDS, tools)


def as_snapshot(files: Mapping[str, str | bytes]) -> Snapshot:
    """Return these files as a snapshot."""
    return snapshot({path: text.encode() if isinstance(text, str) else text for path, text in files.items()})
