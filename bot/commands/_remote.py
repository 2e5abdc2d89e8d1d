"""OWNER/REPO: a copy of a repository on GitHub, for the length of one scan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")


@contextmanager
def folder_of(target: str) -> Iterator[Path]:
    """Yield the folder that ``target`` names; OWNER/REPO is cloned beside nothing of the user's, and removed after.

    A folder of that name wins. Raises SnapshotError where the clone fails.
    """
    folder = Path(target)
    if folder.exists() or not _SLUG.fullmatch(target):
        yield folder
        return
    from bot.commands import _network

    with TemporaryDirectory(prefix="debtscan-") as beside:
        copy = Path(beside) / target.rpartition("/")[2]
        _network.clone(target, copy)
        yield copy
