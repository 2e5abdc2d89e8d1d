"""Contents that a copy without them still has to get: fetched by name, as many at a time as are known to be needed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from analyzers.errors import SnapshotError
from analyzers.repository import clone
from analyzers.repository.commit_listing import blobs_of
from analyzers.repository.git import GitRepository


@dataclass(frozen=True, slots=True)
class Promised:
    """The contents that ``url`` has promised to the copy in `folder`. `authorization`, `most_bytes`: as in `clone`."""

    url: str
    folder: Path
    authorization: str | None = field(default=None, repr=False)
    most_bytes: int = 0
    _here: set[str] = field(default_factory=set, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def bring(self, blobs: Iterable[str]) -> None:
        """Fetch what is not here yet, with one request. Raises SnapshotError."""
        with self._lock:
            missing = sorted(set(blobs) - self._here)
            if missing:
                clone.fetch_objects(
                    self.url, self.folder, missing, authorization=self.authorization, most_bytes=self.most_bytes
                )
                self._here.update(missing)


def copy(url: str, folder: Path, *, authorization: str | None = None, most_bytes: int = 0) -> Promised | None:
    """Clone the default branch of ``url`` with its whole history, but with the contents of its newest commit alone.

    Returns what brings the others; None where everything had to come at once. Raises SnapshotError.
    """
    try:
        if not clone.clone_without_contents(url, folder, authorization=authorization, most_bytes=most_bytes):
            return None
    except clone.RefusedPackError:
        # git is stricter with what old programs wrote where it gets no contents.
        _fetch_whole(url, folder, authorization, most_bytes)
        return None
    promised = Promised(url, folder, authorization, most_bytes)
    try:
        promised.bring(_newest(folder))
    except clone.TooMuchError:
        raise
    except SnapshotError:
        # Some servers leave contents out and do not hand out single ones afterwards.
        _fetch_whole(url, folder, authorization, most_bytes)
        return None
    return promised


def _fetch_whole(url: str, folder: Path, authorization: str | None, most_bytes: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    clone.clone(url, folder, authorization=authorization, most_bytes=most_bytes)


def _newest(folder: Path) -> Iterable[str]:
    git = GitRepository.find(folder)
    return blobs_of(git, git.head.commit) if git and git.head.commit else ()
