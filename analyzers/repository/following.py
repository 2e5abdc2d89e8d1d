"""Follows the complicated functions of changed files, the hottest first, as far as a budget reaches."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzers.errors import UnreadableError
from analyzers.model.inventory import Function, FunctionChurn
from analyzers.model.skipped import Skipped
from analyzers.model.snapshot import Snapshot
from analyzers.repository.contents import BlobReader
from analyzers.repository.function_history import FunctionHistory, Node, Step
from analyzers.repository.git import GitRepository
from analyzers.repository.window import Window

_ARGUMENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What following gave, and of how many functions it gave nothing."""

    functions: tuple[FunctionChurn, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Following:
    """The commits of a history, and the functions to be followed through them."""

    def __init__(self, snapshot: Snapshot, git: GitRepository, commit: str, steps: Sequence[Step]) -> None:
        """Take what was walked, newest first."""
        self._snapshot = snapshot
        self._git = git
        self._commit = commit
        self._steps = steps

    def follow(self, functions: Iterable[Function], window: Window, revisions: Callable[[str], int]) -> Followed:
        """Follow functions of the files that changed in the window; `revisions` gives those of a path, 0 at rest."""
        files: dict[str, list[Function]] = defaultdict(list)
        for function in functions:
            if revisions(function.path):
                files[function.path].append(function)
        if not files:
            return Followed()
        blobs = _blobs(self._git, self._commit, files)
        suffixes = {(os.path.splitext(path)[1] or path).encode() for path in files}  # noqa: PTH122 - plain text
        following = FunctionHistory(BlobReader(self._git), self._steps, tuple(sorted(suffixes)))
        for path, found in files.items():
            # A file that is not committed, or cannot be read any more, has nothing to follow.
            with contextlib.suppress(UnreadableError):
                if path in blobs:
                    node = Node((self._git.prefix + path).encode(), blobs[path])
                    following.follow(node, self._snapshot.read(path), found)
        return Followed(functions=following.churn(window))


def _blobs(git: GitRepository, commit: str, paths: Iterable[str]) -> Mapping[str, bytes]:
    """Return the blobs that files have in a commit."""
    wanted = [git.prefix + path for path in paths]
    found = {}
    for start in range(0, len(wanted), _ARGUMENTS):
        listed = git.output("ls-tree", "-z", "--full-tree", commit, "--", *wanted[start : start + _ARGUMENTS])
        for entry in filter(None, listed.split(b"\0")):
            about, _, path = entry.partition(b"\t")
            found[path.decode(errors="replace").removeprefix(git.prefix)] = about.split(b" ")[2]
    return found
