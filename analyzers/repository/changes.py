"""Whether a work tree differs from its commit, as ``git status --ignore-submodules=all`` says of tracked files.

A submodule at another commit is a change where that is staged. Whatever else is there in place of a submodule is not
looked at: it is a repository of its own, whose ``.git`` may lead anywhere, or be made so that reading it never ends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzers.errors import SnapshotError
from analyzers.repository.git import GitRepository


def has_changes(git: GitRepository, within: tuple[str, ...], *, has_commit: bool) -> bool:
    """Whether a tracked file is gone, was changed, or is staged. Raises GitFailedError."""
    return bool(changed_files(git, within)) or _has_staged(git, within, has_commit=has_commit)


def changed_files(git: GitRepository, within: tuple[str, ...]) -> bytes:
    """Return the tracked files that are gone or changed, each ended by a zero byte; no submodules.

    Raises GitFailedError.
    """
    with _index_of_files(git) as index:
        return git.tree_output("ls-files", "-z", "-d", "-m", *within, index=index)


@contextmanager
def _index_of_files(git: GitRepository) -> Iterator[Path | None]:
    """Hand out an index that names no submodules: a copy, or None where the repository's own names none.

    No option keeps ``ls-files`` and its kin from opening a submodule's ``.git``: those that say so (as
    ``--ignore-submodules``) count once it has been read.
    """
    listed = git.tree_output("ls-files", "-z", "-s")
    submodules = [entry.partition(b"\t")[2] for entry in listed.split(b"\0") if entry.startswith(b"160000 ")]
    if not submodules:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="debtscan-") as folder:
        index = Path(folder) / "index"
        try:
            # With its time, by which git tells the files that may have changed since it was written.
            shutil.copy2(git.line("rev-parse", "--path-format=absolute", "--git-path", "index"), index)
        except OSError as error:
            raise SnapshotError(f"the index cannot be read: {error.strerror}") from error
        names = b"".join(name + b"\0" for name in submodules)
        git.tree_output("update-index", "-z", "--force-remove", "--stdin", content=names, index=index)
        yield index


def _has_staged(git: GitRepository, within: tuple[str, ...], *, has_commit: bool) -> bool:
    if not has_commit:
        return bool(git.tree_output("ls-files", "-z", *within))
    # Index and commit alone are compared: no submodule is looked into, and one that is staged is a change.
    command = ("diff-index", "--cached", "--name-only", "-z", "--ignore-submodules=dirty", "HEAD", *within)
    return bool(git.output(*command))


def any_is_linked(top: Path, folders: Iterable[bytes]) -> bool:
    """Whether a link stands where one of these folders of tracked files, or one above it, was.

    ``ls-files`` follows such links, and finds the same files behind a link to a copy.
    """
    known: set[bytes] = set()
    for folder in folders:
        while folder and folder not in known:
            known.add(folder)
            if os.path.islink(os.path.join(os.fsencode(top), folder)):  # noqa: PTH114, PTH118 - names may be any bytes
                return True
            folder = folder.rpartition(b"/")[0]  # noqa: PLW2901 - upwards
    return False
