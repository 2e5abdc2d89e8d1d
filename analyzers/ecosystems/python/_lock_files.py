"""Which lockfile belongs to which manifest, by their names."""

from __future__ import annotations

from collections.abc import Iterable

from analyzers.ecosystems.python import _files, _kinds
from analyzers.ecosystems.python._files import is_pdm_lock as matches_pdm
from analyzers.ecosystems.python._files import is_poetry_lock as matches_poetry
from analyzers.ecosystems.python._files import is_pylock as matches_pylock
from analyzers.ecosystems.python._files import is_script_lock as matches_script_lock
from analyzers.ecosystems.python._files import is_uv_lock as matches_uv
from analyzers.model.inventory import Manifest

_PROJECT = (matches_uv, matches_poetry, matches_pdm, matches_pylock)
# Format of a manifest → the lockfiles that may resolve it, the best first.
_LOCKS_OF = {
    _kinds.PYPROJECT: _PROJECT,
    _files.SETUP_CFG: _PROJECT,
    _files.SETUP_PY: _PROJECT,
    _files.PIPFILE: (_files.is_pipfile_lock, matches_pylock),
    _files.CONDA: (_files.is_conda_lock,),
    _files.PIXI: (_files.is_pixi_lock,),
}


def is_lock(path: str) -> bool:
    """Whether the path is a lockfile, compiled requirements left out."""
    tests = (*_PROJECT, _files.is_pipfile_lock, _files.is_conda_lock, _files.is_pixi_lock, matches_script_lock)
    return any(matches(path) for matches in tests)


def lock_beside(manifest: Manifest, beside: Iterable[str]) -> str | None:
    """Return which of the lockfiles of the manifest's folder resolves it."""
    beside = list(beside)
    if manifest.format == _files.SCRIPT:
        return next((path for path in beside if path == f"{manifest.path}.lock"), None)
    for matches in _LOCKS_OF.get(manifest.format, ()):
        # `pylock.toml` sorts behind `pylock.dev.toml` and goes before it.
        found = sorted(filter(matches, beside), key=len)
        if found:
            return found[0]
    return None
