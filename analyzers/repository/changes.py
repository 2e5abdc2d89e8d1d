"""Whether a work tree differs from its commit, as ``git status --ignore-submodules=dirty`` says of tracked files.

A submodule at another commit is a change, staged or not. What is changed inside of it and not committed is none: to
know that, git would have to run in a repository whose own settings may name programs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from analyzers.repository.git import GitRepository


def has_changes(git: GitRepository, within: tuple[str, ...], *, has_commit: bool) -> bool:
    """Whether a tracked file is gone, was changed, or is staged. Raises GitFailedError."""
    return bool(git.tree_output("ls-files", "-z", "-d", "-m", *within)) or _has_staged(
        git, within, has_commit=has_commit
    )


def _has_staged(git: GitRepository, within: tuple[str, ...], *, has_commit: bool) -> bool:
    if not has_commit:
        return bool(git.tree_output("ls-files", "-z", *within))
    # Index and commit alone are compared: no submodule is looked into.
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
