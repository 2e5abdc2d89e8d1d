"""``package-lock.json`` and ``npm-shrinkwrap.json``: made by ``npm install --package-lock-only``.

npm takes the newest version that a range admits. So the first call sees manifests that require exactly what is wanted,
and the second one the manifests as they are: what is locked and fits its range stays.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from typing import Any, Final

from bot.upgrade.locks import npm_files
from bot.upgrade.locks.model import Job, LockRefusedError, LockTool, Run, Task

_NAMES: Final = ("package-lock.json", "npm-shrinkwrap.json")
_INSTALLED: Final = "node_modules/"
_DEPENDENCIES: Final = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def makes(path: str, content: bytes) -> bool:  # noqa: ARG001 - a name is enough
    """Whether it is npm's lock."""
    return posixpath.basename(path) in _NAMES


def plan(task: Task) -> Job:
    """Lock with the wanted versions required exactly, then as the manifests say."""
    root = posixpath.join(task.folder, npm_files.MANIFEST)
    lock = task.snapshot.read(task.lock)
    settings, registries = npm_files.npmrc(task)
    files = {path: npm_files.copied(path, task.snapshot.read(path)) for path in npm_files.manifests(task)}
    if root not in files:
        raise LockRefusedError(f"there is no {root} beside {task.lock}")
    _check(task, lock)
    exact = _exact(task, root)
    arguments = (
        *("install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"),
        # npm writes the newest format where it is not told.
        f"--lockfile-version={_version(lock) or 3}",
    )
    last = Run(arguments=arguments, files={path: files[path] for path in exact})
    return Job(
        program="npm",
        files={**files, **settings, task.lock: lock},
        folder=task.folder,
        runs=(Run(arguments=arguments, files=exact), last) if exact else (last,),
        variables={**npm_files.variables(), "npm_config_git": "git-is-not-run-here"},
        registries=registries,
    )


def _exact(task: Task, root: str) -> dict[str, bytes]:
    """Return the manifests that require exactly what is wanted; through an override what none of them requires."""
    files, overrides = npm_files.exact(task)
    if overrides:
        files[root] = npm_files.with_overrides(root, files.get(root, task.snapshot.read(root)), overrides, "overrides")
    return {path: npm_files.copied(path, content) for path, content in files.items()}


def _check(task: Task, lock: bytes) -> None:
    """Raise LockRefusedError for a lock that npm would take for none."""
    if not _version(lock):
        raise LockRefusedError(f"{task.lock} names no version of its format")


def _version(lock: bytes) -> int:
    version = _document(lock).get("lockfileVersion")
    return version if isinstance(version, int) and version > 0 else 0


def form(content: bytes) -> str:
    """Return the version of the format."""
    return f"lockfileVersion {_version(content)}"


def requirers(content: bytes) -> Iterator[tuple[str, str, str, str]]:
    """Yield what each installed package requires, with the range."""
    packages = _document(content).get("packages")
    for key, entry in packages.items() if isinstance(packages, dict) else ():
        if not isinstance(entry, dict):
            continue
        name = str(entry.get("name") or key.rpartition(_INSTALLED)[2] or "package.json")
        for group in _DEPENDENCIES:
            required = entry.get(group)
            for dependency, constraint in required.items() if isinstance(required, dict) else ():
                yield name, str(entry.get("version", "")), str(dependency), str(constraint)


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


TOOL = LockTool(
    name="npm",
    program="npm",
    ecosystem="npm",
    makes=makes,
    plan=plan,
    form=form,
    requirers=requirers,
    remedy="install npm (it comes with Node.js) and put it on PATH",
)
