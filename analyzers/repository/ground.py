"""What the reading of a history depends on beside its commits: where it ends, and who is said to be who."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from analyzers.repository.blobs import BlobReader
from analyzers.repository.formatting import PLACE
from analyzers.repository.git import GitRepository
from analyzers.repository.rows import binary

MAILMAP = ".mailmap"
_NAME = re.compile(r"(?:[0-9a-f]{2}){20,32}")


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows depend on, as a `digest`: where a shallow history ends (the `boundary`), grafts, the mailmap.

    `formatting` is the blob of the list of commits that changed formatting alone, if there is one.
    """

    digest: bytes = b""
    boundary: frozenset[bytes] = frozenset()
    formatting: bytes = b""


def look(git: GitRepository, commit: str, *, unmapped: bool) -> Ground:
    """Return what a commit's history depends on; ``unmapped`` where the mailmap is not here. Raises GitFailedError."""
    ends = sorted(git.shallow_commits()) if git.is_shallow else []
    blobs = _blobs(git, commit)
    known = b"" if unmapped else blobs.get(MAILMAP.encode(), b"")
    return Ground(
        sha256(b"\0".join([" ".join(ends).encode(), git.shared("info/grafts"), known])).digest(),
        frozenset(binary(name.encode()) for name in ends if _NAME.fullmatch(name)),
        blobs.get(PLACE.encode(), b""),
    )


def lacks_mailmap(git: GitRepository, commit: str) -> bool:
    """Whether the commit has a mailmap whose content is not in this clone: git would stop at it."""
    if not git.bring and not git.is_partial:
        return False
    blob = _blobs(git, commit).get(MAILMAP.encode())
    return blob is not None and bool(BlobReader(git).ensure((blob.decode(),)))


def mailmap(commit: str, *, unmapped: bool) -> dict[str, str]:
    """Return settings that take the mailmap from the commit itself or, where it is not here, from nowhere."""
    return {"mailmap.blob": "" if unmapped else f"{commit}:{MAILMAP}"}


def _blobs(git: GitRepository, commit: str) -> Mapping[bytes, bytes]:
    listed = git.output("ls-tree", "-z", "--full-tree", commit, "--", MAILMAP, PLACE).split(b"\0")
    return {path: about.split(b" ")[2] for about, _, path in (entry.partition(b"\t") for entry in listed if entry)}
