"""Many repositories of one: their files are links to the same bytes, so that a copy takes a millisecond or two."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from pathlib import Path

from tests.support.github.git_store import CommitObject, GitStore, Signature, stamp


def link_store(source: GitStore, path: Path) -> GitStore:
    """Copy a repository by links: git never writes into a file that is there, but puts another in its place."""
    shutil.copytree(source.path, path, copy_function=os.link)
    return GitStore(path)


def add_commit(store: GitStore, branch: str, below: CommitObject, message: str, who: Signature) -> str:
    """Put a commit of the same files as the one below on a branch, without starting git; return its hash."""
    lines = (
        f"tree {below.tree}",
        f"parent {below.sha}",
        f"author {stamp(who)}",
        f"committer {stamp(who)}",
        "",
        message,
    )
    content = "\n".join(lines).encode()
    whole = b"commit %d\0" % len(content) + content
    sha = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    _put(store.path / "objects" / sha[:2] / sha[2:], zlib.compress(whole))
    _put(store.path / "refs" / "heads" / branch, f"{sha}\n".encode())
    return sha


def _put(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    # What is there may be the file of another repository as well.
    place.unlink(missing_ok=True)
    place.write_bytes(content)
