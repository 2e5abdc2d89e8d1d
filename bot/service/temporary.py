"""Where a process of the service, and its children, keep what is temporary: within its own folder, and not for long."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.service.file_locks import held, held_now

_LOCK: Final = ".lock"
_VARIABLE: Final = "TMPDIR"


@contextmanager
def temporary(parent: Path) -> Iterator[Path]:
    """Yield a fresh folder below ``parent`` that TMPDIR names meanwhile; those of processes that are gone are removed.

    Several processes may share the parent. Raises OSError.
    """
    parent.mkdir(parents=True, exist_ok=True)
    _tidy(parent)
    folder = parent / uuid.uuid4().hex
    lock = folder.with_suffix(_LOCK)
    with held(lock):
        folder.mkdir(mode=0o700)
        before = os.environ.get(_VARIABLE)
        _name(str(folder))
        try:
            yield folder
        finally:
            _name(before)
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink(missing_ok=True)


def _tidy(parent: Path) -> None:
    """Remove what was left by processes that were killed: nobody holds their locks."""
    for lock in parent.glob(f"*{_LOCK}"):
        with held_now(lock) as is_left:
            if is_left:
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
                lock.unlink(missing_ok=True)


def _name(folder: str | None) -> None:
    if folder is None:
        os.environ.pop(_VARIABLE, None)
    else:
        os.environ[_VARIABLE] = folder
    tempfile.tempdir = folder
