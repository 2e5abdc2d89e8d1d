"""Which lockfile belongs to which manifest, by their names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from analyzers.ecosystems.python import _conda, _kinds, _pipfile, _script, _setup_cfg, _setup_py
from analyzers.ecosystems.python._locks import (
    matches_pdm,
    matches_poetry,
    matches_pylock,
    matches_script_lock,
    matches_uv,
)
from analyzers.model.inventory import Manifest


def matches_pipfile_lock(path: str) -> bool:
    """Whether the path is Pipenv's lockfile."""
    return posixpath.basename(path) == "Pipfile.lock"


def matches_conda_lock(path: str) -> bool:
    """Whether the path is a lockfile of conda-lock."""
    return posixpath.basename(path) in {"conda-lock.yml", "conda-lock.yaml"}


_PROJECT = (matches_uv, matches_poetry, matches_pdm, matches_pylock)
# Format of a manifest → the lockfiles that may resolve it, the best first.
_LOCKS_OF = {
    _kinds.PYPROJECT: _PROJECT,
    _setup_cfg.FORMAT_NAME: _PROJECT,
    _setup_py.FORMAT_NAME: _PROJECT,
    _pipfile.FORMAT_NAME: (matches_pipfile_lock, matches_pylock),
    _conda.FORMAT_NAME: (matches_conda_lock,),
}


def is_lock(path: str) -> bool:
    """Whether the path is a lockfile, compiled requirements left out."""
    tests = (*_PROJECT, matches_pipfile_lock, matches_conda_lock, matches_script_lock)
    return any(matches(path) for matches in tests)


def lock_beside(manifest: Manifest, beside: Iterable[str]) -> str | None:
    """Return which of the lockfiles of the manifest's folder resolves it."""
    beside = list(beside)
    if manifest.format == _script.FORMAT_NAME:
        return next((path for path in beside if path == f"{manifest.path}.lock"), None)
    for matches in _LOCKS_OF.get(manifest.format, ()):
        # `pylock.toml` sorts behind `pylock.dev.toml` and goes before it.
        found = sorted(filter(matches, beside), key=len)
        if found:
            return found[0]
    return None
