"""OWNER/REPO: a copy of a repository on GitHub, for the length of one scan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from analyzers.errors import UsageError
from analyzers.repository.git import Bring

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")


@contextmanager
def folder_of(target: str, *, offline: bool = False) -> Iterator[tuple[Path, Bring | None]]:
    """Yield the folder that ``target`` names; OWNER/REPO is cloned beside nothing of the user's, and removed after.

    A folder of that name wins. With it comes what brings more of a copy, as in `GitRepository`.
    Raises SnapshotError where the clone fails, UsageError where ``offline`` forbids it.
    """
    if not is_name(target):
        yield Path(target), None
        return
    if offline:
        raise UsageError(f"{target}: there is no such folder, and --offline asks nobody for a copy; clone it first")
    from bot.commands import _network

    with TemporaryDirectory(prefix="debtscan-") as beside:
        copy = Path(beside) / target.rpartition("/")[2]
        yield copy, _network.clone(target, copy)


def is_name(target: str) -> bool:
    """Whether ``target`` is a repository on GitHub; a folder of that name wins."""
    return bool(_SLUG.fullmatch(target)) and not Path(target).exists()
