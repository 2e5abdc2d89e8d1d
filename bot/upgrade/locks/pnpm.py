"""``pnpm-lock.yaml``: made by ``pnpm install --lockfile-only``, as npm's is in two calls (see `npm`).

The hooks of a ``.pnpmfile.cjs`` and packages of settings change what is resolved; where a lock was made with them, it
is refused, for they are code.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from typing import Final

from analyzers.syntax.node import Mapping, Scalar
from bot.upgrade.locks import npm_files, yaml_copy
from bot.upgrade.locks.model import Job, LockRefusedError, LockTool, Run, Task

_WORKSPACE: Final = "pnpm-workspace.yaml"
_HOOKS: Final = (".pnpmfile.cjs", ".pnpmfile.mjs", "pnpmfile.js")
_ARGUMENTS: Final = ("install", "--lockfile-only", "--ignore-scripts", "--ignore-pnpmfile", "--no-frozen-lockfile")
_SETTINGS: Final = frozenset(
    {
        *("packages", "catalog", "catalogs", "overrides", "packageExtensions", "peerDependencyRules"),
        *("patchedDependencies", "allowedDeprecatedVersions", "ignoredOptionalDependencies", "allowUnusedPatches"),
        *("supportedArchitectures", "minimumReleaseAge", "minimumReleaseAgeExclude", "registry", "registries"),
        *("autoInstallPeers", "dedupePeerDependents", "strictPeerDependencies", "resolutionMode", "catalogMode"),
        *("resolvePeersFromWorkspaceRoot", "dedupeDirectDeps", "dedupeInjectedDeps", "injectWorkspacePackages"),
        *("linkWorkspacePackages", "preferWorkspacePackages", "sharedWorkspaceLockfile", "nodeLinker"),
        *("excludeLinksFromLockfile", "lockfileIncludeTarballUrl", "peersSuffixMaxLength", "cleanupUnusedCatalogs"),
        *("hoist", "hoistPattern", "publicHoistPattern", "shamefullyHoist", "dedupePeers"),
    }
)
_VERSION: Final = re.compile(rb"^lockfileVersion:[ \t]*['\"]?([0-9.]+)", re.MULTILINE)
# ``red@1.0.0(peer@2.0.0)``, and ``/red@1.0.0`` or ``/red/1.0.0`` of older formats.
_PACKAGE: Final = re.compile(r"/?(@?[^@()]+)[@/]([0-9][^()]*)")


def makes(path: str, content: bytes) -> bool:  # noqa: ARG001 - a name is enough
    """Whether it is pnpm's lock."""
    return posixpath.basename(path) == "pnpm-lock.yaml"


def plan(task: Task) -> Job:
    """Lock with the wanted versions required exactly, then as the manifests say."""
    root = posixpath.join(task.folder, npm_files.MANIFEST)
    lock = task.snapshot.read(task.lock)
    _check(task, lock)
    settings, registries = npm_files.npmrc(task)
    paths = [*npm_files.manifests(task), *(path for path in (_beside(task, _WORKSPACE),) if path)]
    files = {path: _copied(path, task.snapshot.read(path)) for path in paths}
    if root not in files:
        raise LockRefusedError(f"there is no {root} beside {task.lock}")
    exact = {path: _copied(path, content) for path, content in _exact(task, root).items()}
    last = Run(arguments=_ARGUMENTS, files={path: files.get(path) for path in exact})
    return Job(
        program="pnpm",
        files={**files, **settings, **dict(_patches(task)), task.lock: lock},
        folder=task.folder,
        runs=(Run(arguments=_ARGUMENTS, files=exact), last) if exact else (last,),
        variables={
            **npm_files.variables(),
            # The version that a repository names would be fetched and run.
            "npm_config_manage_package_manager_versions": "false",
            "pnpm_config_manage_package_manager_versions": "false",
            "npm_config_pm_on_fail": "ignore",
            "pnpm_config_pm_on_fail": "ignore",
            "pnpm_config_ignore_scripts": "true",
            "pnpm_config_ignore_pnpmfile": "true",
            "npm_config_git_shallow_hosts": "",
        },
        registries=(*registries, *_registries(task)),
    )


def form(content: bytes) -> str:
    """Return the version of the format."""
    found = _VERSION.search(content)
    return f"lockfileVersion {found[1].decode() if found else '?'}"


def requirers(content: bytes) -> Iterator[tuple[str, str, str, str]]:
    """Yield what each package requires; the lock keeps the versions that these got."""
    try:
        tree = yaml_copy.parsed("pnpm-lock.yaml", content)
    except LockRefusedError:
        return
    for group in ("snapshots", "packages"):
        for key, node in tree.mapping(group).items:
            found = _PACKAGE.match(key.value)
            if not isinstance(node, Mapping) or not found:
                continue
            for table in ("dependencies", "optionalDependencies"):
                for name, _ in node.mapping(table).items:
                    yield found[1], found[2], name.value, ""


def _exact(task: Task, root: str) -> dict[str, bytes]:
    """Return the manifests that require exactly what is wanted; through an override what none of them requires."""
    files, overrides = npm_files.exact(task)
    if overrides:
        content = files.get(root, task.snapshot.read(root))
        files[root] = npm_files.with_overrides(root, content, overrides, "pnpm", "overrides")
        # Where overrides stand depends on pnpm's version: in either file.
        workspace = _beside(task, _WORKSPACE)
        stated = files.get(workspace, task.snapshot.read(workspace)) if workspace else b"packages: ['.']\n"
        place = workspace or posixpath.join(task.folder, _WORKSPACE)
        files[place] = _overridden(place, stated, overrides)
    return files


def _overridden(path: str, content: bytes, overrides: dict[str, str]) -> bytes:
    tree = yaml_copy.parsed(path, content)
    stated = {key.value: value.value for key, value in tree.mapping("overrides").items if isinstance(value, Scalar)}
    more = json.dumps({**stated, **overrides})
    others = yaml_copy.copied(tree, lambda key: key != "overrides").decode().strip()
    return f'{others[:-1]}{", " if others != "{}" else ""}"overrides": {more}}}\n'.encode()


def _check(task: Task, lock: bytes) -> None:
    paths = set(task.snapshot.paths())
    hooks = [path for name in _HOOKS if (path := posixpath.join(task.folder, name)) in paths]
    if hooks or re.search(rb"^pnpmfileChecksum:", lock, re.MULTILINE):
        named = hooks[0] if hooks else "a .pnpmfile.cjs"
        raise LockRefusedError(f"{task.lock} is made with the hooks of {named}, which are code and are not run here")
    root = posixpath.join(task.folder, npm_files.MANIFEST)
    own = npm_files.parsed(root, task.snapshot.read(root)).get("pnpm") if root in paths else None
    workspace = _beside(task, _WORKSPACE)
    tree = yaml_copy.parsed(workspace, task.snapshot.read(workspace)) if workspace else Mapping((), 0, 0)
    for key in ("configDependencies", "pnpmfile"):
        if tree.get(key) is not None or (isinstance(own, dict) and key in own):
            raise LockRefusedError(f"{task.lock} is made with {key}, which are code and are not run here")


def _copied(path: str, content: bytes) -> bytes:
    """Return the copy of one file, without what chooses programs."""
    if posixpath.basename(path) == _WORKSPACE:
        return yaml_copy.copied(yaml_copy.parsed(path, content), lambda key: key in _SETTINGS)
    document = npm_files.parsed(path, npm_files.copied(path, content))
    settings = document.get("pnpm")
    if not isinstance(settings, dict):
        return npm_files.copied(path, content)
    document["pnpm"] = {key: value for key, value in settings.items() if key in _SETTINGS}
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _beside(task: Task, name: str) -> str | None:
    path = posixpath.join(task.folder, name)
    return path if path in set(task.snapshot.paths()) else None


def _patches(task: Task) -> Iterator[tuple[str, bytes]]:
    """Yield the patches below the lock's folder: the lock holds their hashes."""
    inside = f"{task.folder}/" if task.folder else ""
    for path in task.snapshot.paths():
        if path.startswith(inside) and path.endswith(".patch") and not task.snapshot.is_vendored(path):
            yield path, task.snapshot.read(path)


def _registries(task: Task) -> Iterator[str]:
    workspace = _beside(task, _WORKSPACE)
    if workspace:
        tree = yaml_copy.parsed(workspace, task.snapshot.read(workspace))
        stated = [tree.scalar("registry"), *(node for _, node in tree.mapping("registries").items)]
        yield from (node.value for node in stated if isinstance(node, Scalar))


TOOL = LockTool(
    name="pnpm",
    program="pnpm",
    ecosystem="npm",
    makes=makes,
    plan=plan,
    form=form,
    requirers=requirers,
    remedy="install pnpm (https://pnpm.io/) and put it on PATH",
)
