"""What the reading of a history depends on beside its commits: where it ends, and who is said to be who."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from analyzers.errors import TooLargeError, UnreadableError
from analyzers.repository.blobs import BlobReader
from analyzers.repository.formatting import PLACE
from analyzers.repository.git import GitRepository
from analyzers.repository.rows import binary

MAILMAP = ".mailmap"
HUGE = "it has more than 1 MB"
_MOST_MAILMAP = 1024 * 1024
_NAME = re.compile(r"(?:[0-9a-f]{2}){20,32}")


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows depend on, as a `digest`: where a shallow history ends (the `boundary`), grafts, the mailmap.

    `formatting` is the blob of the list of commits that changed formatting alone, if there is one.
    """

    digest: bytes = b""
    boundary: frozenset[bytes] = frozenset()
    formatting: bytes = b""


class HugeMailmapError(Exception):
    """The mailmap is so large that git would take minutes or hours to read it."""


def look(git: GitRepository, commit: str, *, unmapped: bool) -> Ground:
    """Return what a commit's history depends on; ``unmapped`` where its mailmap is left out.

    Raises GitFailedError, HugeMailmapError where it has to be left out.
    """
    ends = sorted(git.shallow_commits()) if git.is_shallow else []
    # Sizes are stored with the contents, which are not all here in a clone that has a filter.
    found = _blobs(git, commit, *(() if git.bring or git.is_partial else ("-l",)))
    known, size = (b"", 0) if unmapped else found.get(MAILMAP.encode(), (b"", 0))
    if size > _MOST_MAILMAP:
        raise HugeMailmapError
    return Ground(
        sha256(b"\0".join([" ".join(ends).encode(), git.shared("info/grafts"), known])).digest(),
        frozenset(binary(name.encode()) for name in ends if _NAME.fullmatch(name)),
        found.get(PLACE.encode(), (b"", 0))[0],
    )


def unusable_mailmap(git: GitRepository, commit: str) -> str:
    """Return why git would stop or stay at the mailmap of a commit in a clone with a filter; nothing where it won't."""
    if not git.bring and not git.is_partial:
        return ""
    blob, _ = _blobs(git, commit).get(MAILMAP.encode(), (b"", 0))
    try:
        if blob:
            BlobReader(git).read(blob.decode(), _MOST_MAILMAP)
    except TooLargeError:
        return HUGE
    except UnreadableError:
        return "its content is not in this clone, which has a filter"
    return ""


def mailmap(commit: str, *, unmapped: bool) -> dict[str, str]:
    """Return settings that take the mailmap from the commit itself or, where it is left out, from nowhere."""
    return {"mailmap.blob": "" if unmapped else f"{commit}:{MAILMAP}"}


def _blobs(git: GitRepository, commit: str, *options: str) -> Mapping[bytes, tuple[bytes, int]]:
    """Return blob and size by path; 0 for a size that was not asked for."""
    listed = git.output("ls-tree", "-z", "--full-tree", *options, commit, "--", MAILMAP, PLACE).split(b"\0")
    found: dict[bytes, tuple[bytes, int]] = {}
    for about, _, path in (entry.partition(b"\t") for entry in listed if entry):
        _, _, blob, *size = about.split()
        found[path] = blob, int(size[0]) if size and size[0].isdigit() else 0
    return found
