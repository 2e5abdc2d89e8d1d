"""The copy that npm's, pnpm's and Yarn's tools may see: manifests and registries, and nothing that runs."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from analyzers.errors import UnreadableError
from analyzers.model.inventory import Dependency
from analyzers.syntax.text import SourceText
from bot.upgrade.locks.difference import versions
from bot.upgrade.locks.model import LockRefusedError, Task, Wanted

MANIFEST: Final = "package.json"
# What would have another version of the tool fetched and run in its place.
_CHOOSES: Final = ("packageManager", "devEngines")
# Of ``.npmrc``, what says how dependencies are resolved. Everything else is the machine's, or runs something.
_SETTINGS: Final = frozenset(
    {
        *("legacy-peer-deps", "strict-peer-deps", "install-strategy", "install-links", "prefer-dedupe", "before"),
        *("save-prefix", "save-exact", "tag", "legacy-bundling", "global-style", "include", "omit"),
        *("omit-lockfile-registry-resolved", "replace-registry-host", "min-release-age"),
        # pnpm
        *("auto-install-peers", "dedupe-peer-dependents", "strict-peer-dependencies", "resolution-mode"),
        *(
            "resolve-peers-from-workspace-root",
            "dedupe-direct-deps",
            "dedupe-injected-deps",
            "inject-workspace-packages",
        ),
        *(
            "link-workspace-packages",
            "prefer-workspace-packages",
            "shared-workspace-lockfile",
            "save-workspace-protocol",
        ),
        *("exclude-links-from-lockfile", "lockfile-include-tarball-url", "peers-suffix-max-length", "node-linker"),
        *("hoist", "hoist-pattern", "public-hoist-pattern", "shamefully-hoist", "minimum-release-age"),
    }
)


def variables() -> dict[str, str]:
    """Return the environment that keeps npm and pnpm from running anything and from asking anybody else."""
    return {
        "npm_config_ignore_scripts": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        # Six minutes pass by default before npm says that a registry does not answer.
        "npm_config_fetch_retry_maxtimeout": "10000",
        "npm_config_fetch_timeout": "60000",
        # The settings of a whole machine may name programs; those of the user come with the home.
        "npm_config_globalconfig": "/nonexistent/npmrc",
        "COREPACK_ENABLE_PROJECT_SPEC": "0",
        "COREPACK_ENABLE_AUTO_PIN": "0",
        "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0",
    }


def manifests(task: Task) -> Iterator[str]:
    """Yield every ``package.json`` below the lock's folder that is the repository's own."""
    inside = f"{task.folder}/" if task.folder else ""
    for path in task.readings:
        if posixpath.basename(path) == MANIFEST and path.startswith(inside) and not task.snapshot.is_vendored(path):
            yield path


def copied(path: str, content: bytes) -> bytes:
    """Return the copy of a ``package.json``. Raises LockRefusedError."""
    document = parsed(path, content)
    kept = {key: value for key, value in document.items() if key not in _CHOOSES}
    if kept == document:
        return content
    return (json.dumps(kept, indent=2, ensure_ascii=False) + "\n").encode()


def parsed(path: str, content: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises LockRefusedError."""
    try:
        document = json.loads(SourceText.decode(path, content).text)
    except (UnreadableError, ValueError, RecursionError) as error:
        raise LockRefusedError(f"{path} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise LockRefusedError(f"{path} is no package.json")
    return document


def npmrc(task: Task) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the copy of the ``.npmrc`` beside the lock, and the registries that it names.

    Registries stay where nothing has to be expanded in them. Credentials are the user's to give.
    """
    path = posixpath.join(task.folder, ".npmrc")
    if path not in set(task.snapshot.paths()):
        return {}, ()
    try:
        text = SourceText.decode(path, task.snapshot.read(path)).text
    except UnreadableError as error:
        raise LockRefusedError(f"{path} cannot be read: {error.detail}") from error
    lines, registries = [], []
    for key, value in _settings(text):
        if key == "registry" or (key.startswith("@") and key.endswith(":registry")):
            if urlsplit(value).scheme in {"http", "https"}:
                lines.append(f"{key}={value}")
                registries.append(value)
        elif key in _SETTINGS:
            lines.append(f"{key}={value}")
    return {path: "".join(f"{line}\n" for line in lines).encode()}, tuple(registries)


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        key, value = key.strip(), value.strip().strip("\"'")
        if key and not key.startswith(("#", ";")) and "$" not in value and value.isprintable():
            yield key.removesuffix("[]"), value if equals else "true"


def requirements(task: Task, wanted: Wanted) -> Iterator[Dependency]:
    """Yield the places at which the lock's manifests require a package, and might require it exactly."""
    for path in dict.fromkeys((*task.manifests, *manifests(task))):
        reading = task.readings[path]
        if reading.manifest is None or reading.manifest.lockfile != task.lock:
            continue
        for row in reading.dependencies:
            if task.world.normalise(row.name) == wanted.name and _is_pinnable(task, row, wanted):
                yield row


def _is_pinnable(task: Task, row: Dependency, wanted: Wanted) -> bool:
    scheme = task.world.scheme
    return bool(
        row.value
        and not row.skip_reason
        and row.ecosystem == task.world.name
        and row.dependency_group != "peerDependencies"
        and scheme
        # Another line of the same package stays where it is.
        and scheme.satisfies(wanted.target, row.value)
    )


def lagging(task: Task, wanted: Wanted) -> list[str]:
    """Return the locked versions that are to move: the one that is named, else those of the target's line below it."""
    if wanted.current:
        return [wanted.current]
    scheme = task.world.scheme
    held = versions(task.lock, task.snapshot.read(task.lock), task.world).get(wanted.name, frozenset())
    steps = {version: scheme.step(version, wanted.target) for version in sorted(held)} if scheme else {}
    near = [version for version, step in steps.items() if step in {"patch", "minor"}]
    return near or [version for version, step in steps.items() if step]


def pinned(task: Task, rows: Iterable[tuple[Dependency, str]]) -> dict[str, bytes]:
    """Return the files of the rows with exact versions in their places."""
    by_path: dict[str, dict[tuple[int, int], str]] = {}
    for row, version in rows:
        by_path.setdefault(row.place.path, {})[row.place.start, row.place.end] = version
    found = {}
    for path, splices in by_path.items():
        content = task.snapshot.read(path)
        for (start, end), version in sorted(splices.items(), reverse=True):
            content = content[:start] + version.encode() + content[end:]
        if content != task.snapshot.read(path):
            found[path] = content
    return found


def with_overrides(path: str, content: bytes, overrides: Mapping[str, str], *keys: str) -> bytes:
    """Return a ``package.json`` that overrides more; ``keys`` lead to the table of overrides."""
    document = parsed(path, content)
    place = document
    for key in keys:
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            raise LockRefusedError(f"{path}: {'.'.join(keys)} is no table")
        place = inner
    place.update({key: version for key, version in overrides.items() if key not in place})
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def exact(task: Task) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the manifests with what is wanted pinned, and overrides for what none of them requires."""
    rows = []
    overrides: dict[str, str] = {}
    for wanted in task.wanted:
        found = list(requirements(task, wanted))
        rows += [(row, wanted.target) for row in found]
        if not found:
            overrides |= {f"{wanted.name}@{version}": wanted.target for version in lagging(task, wanted)}
    return pinned(task, rows), overrides
