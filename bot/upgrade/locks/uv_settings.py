"""``uv.toml``, which uv reads in the place of ``[tool.uv]``: what of it says what is resolved, and from where."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from bot.upgrade.locks import python_project
from bot.upgrade.locks.model import LockRefusedError, Task
from bot.upgrade.locks.python_project import PYPROJECT, Table, table

_NAME: Final = "uv.toml"
# How uv behaves on a machine, where it takes Pythons from, whom it trusts, what it builds: nothing of that is followed.
_LEFT: Final = frozenset(
    {
        *("system-certs", "native-tls", "allow-insecure-host", "http-proxy", "https-proxy", "no-proxy", "offline"),
        *("no-cache", "cache-dir", "cache-keys", "preview", "preview-features", "keyring-provider", "link-mode"),
        *("python-preference", "python-downloads", "python-downloads-json-url", "python-install-mirror"),
        *("pypy-install-mirror", "graalpy-install-mirror", "pyodide-install-mirror"),
        *("concurrent-downloads", "concurrent-builds", "concurrent-installs", "compile-bytecode"),
        *("config-settings", "config-settings-package", "extra-build-variables", "require-build-hashes"),
        *("no-build", "no-build-package", "no-build-isolation", "no-build-isolation-package", "no-binary"),
        *("upgrade", "upgrade-package", "reinstall", "reinstall-package", "add-bounds", "audit"),
        *("publish-url", "trusted-publishing", "check-url", "build-backend"),
    }
)


def stated(task: Task, folder: str) -> tuple[str, Table] | None:
    """Return path and document of the ``uv.toml`` that counts in a folder: the nearest, up to the repository's own.

    None where there is none, or where a ``pyproject.toml`` that is nearer has settings. Raises LockRefusedError.
    """
    there = frozenset(task.snapshot.paths())
    while True:
        path = posixpath.join(folder, _NAME)
        if path in there:
            return path, python_project.parsed(task.snapshot, path)
        project = posixpath.join(folder, PYPROJECT)
        if project in there and table(python_project.parsed(task.snapshot, project), "tool", "uv"):
            return None
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def copied(path: str, document: Table) -> tuple[str, bytes]:
    """Return the copy of a ``uv.toml`` that uv may see. Raises LockRefusedError for what nobody here knows."""
    python_project.check_addresses(path, document)
    followed = python_project.uv_settings(document)
    unknown = sorted(set(document) - set(followed) - _LEFT)
    if unknown:
        raise LockRefusedError(f"{path} sets {', '.join(unknown)[:100]}, which is not followed here")
    return path, python_project.written(followed).encode()


def files(task: Task, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the copy of the ``uv.toml`` that counts in a folder, where there is one. Raises LockRefusedError."""
    found = stated(task, folder)
    if found:
        yield copied(*found)


def indexes(task: Task, folder: str) -> Iterator[str]:
    """Yield the addresses of the indexes that it names."""
    found = stated(task, folder)
    if found:
        yield from python_project.indexes(found[1])
