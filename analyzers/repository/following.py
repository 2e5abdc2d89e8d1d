"""Follows the complicated functions of changed files, the hottest first, as far as a budget reaches."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzers.config import Hotspots
from analyzers.errors import UnreadableError
from analyzers.model.history import FunctionVersions
from analyzers.model.hotspot import weight
from analyzers.model.inventory import Function, FunctionChurn
from analyzers.model.kept import Kept
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.snapshot import Snapshot
from analyzers.repository.blobs import BlobReader
from analyzers.repository.function_history import MOST_STEPS, FunctionHistory
from analyzers.repository.git import GitRepository
from analyzers.repository.paths import endings
from analyzers.repository.remembered import Remembered
from analyzers.repository.renames import Renames, lead_on, under_older_names
from analyzers.repository.versions import Node, Step, Versions
from analyzers.repository.window import Window

MOST_VERSIONS = 50
"""Of so many functions, the weightiest, it is handed on where they stood each month."""
_ARGUMENTS = 200
_FETCH = "older contents are not in this clone, which has a filter; `git fetch --refetch --no-filter`"
_WHY: Mapping[str, str] = {
    "limit-reached": "following functions, the hottest first, ended after {steps:,} comparisons or 1 GB of code",
    "missing-file": _FETCH,
    "too-large": "an older version of their file is too large to be compared",
}
_WHY_UNCOMPARED: Mapping[str, str] = {
    "limit-reached": "files that were moved and changed are compared up to 64 MB",
    "missing-file": _FETCH,
    "too-large": "a removed file is too large to be compared",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What following gave, and of how many functions it gave nothing."""

    functions: tuple[FunctionChurn, ...] = ()
    versions: tuple[FunctionVersions, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Following:
    """The commits of a history, and the complicated functions that they may have changed."""

    def __init__(
        self,
        snapshot: Snapshot,
        source: tuple[GitRepository, str],
        steps: Sequence[Step],
        functions: Iterable[Function],
        kept: Kept,
    ) -> None:
        """Take what was walked back from the commit, newest first, and find older names of the functions' files.

        What is ``kept`` from an earlier run is not compared again.
        """
        git, commit = source
        self._snapshot = snapshot
        self._files: dict[str, list[Function]] = defaultdict(list)
        for function in functions:
            self._files[function.path].append(function)
        self._prefix = git.prefix
        # A file that is not committed has nothing to follow.
        blobs = _blobs(git, commit, self._files)
        self._nodes = {path: Node((git.prefix + path).encode(), blob) for path, blob in blobs.items()}
        self._blobs = BlobReader(git)
        self._versions = Versions(steps, endings(self._files))
        self._remembered = Remembered(kept)
        self._renames = lead_on(self._versions, self._blobs, self._nodes.values(), self._remembered)

    def under_older_names(self) -> Iterator[tuple[str, Step]]:
        """Yield a file and a commit that counts and changed it before another one moved and changed it at once."""
        paths = (node.path for node in self._nodes.values())
        for path, step in under_older_names(self._versions.steps, self._renames.by_step, paths):
            yield path.decode().removeprefix(self._prefix), step

    def follow(self, window: Window, config: Hotspots, revisions: Callable[[str], int]) -> Followed:
        """Follow functions of files with `revisions`, as far as the budget reaches."""
        order = [path for path in self._hottest_first(revisions) if path in self._nodes]
        history = FunctionHistory(self._blobs, self._versions, window, self._remembered)
        history.prepare(self._nodes[path] for path in order)
        for path in order:
            # One that cannot be read any more has nothing to follow either.
            with contextlib.suppress(UnreadableError):
                history.follow(self._nodes[path], self._snapshot.read(path), self._files[path])
        history.follow_moves()
        self._remembered.save()
        functions = [function for found in self._files.values() for function in found]
        return Followed(
            functions=history.churn(),
            versions=tuple(_versions(history, config, functions)),
            skipped=tuple(_skipped(history, self._renames)),
        )

    def _hottest_first(self, revisions: Callable[[str], int]) -> list[str]:
        """Return the files in order. What a function can weigh at most is known from its file's revisions."""
        heat = {
            path: max(weight(function.complexity, revisions(path)) for function in found)
            for path, found in self._files.items()
            if revisions(path)
        }
        return sorted(heat, key=lambda path: (-heat[path], path))


def _versions(history: FunctionHistory, config: Hotspots, functions: Iterable[Function]) -> Iterator[FunctionVersions]:
    """Yield where hotspots, the weightiest only, stood each month."""
    revisions = {(one.path, one.name, one.line): one.revisions for one in history.churn()}
    heat = {
        function: weight(function.complexity, count)
        for function in functions
        if (count := revisions.get((function.path, function.name, function.line), 0)) >= config.minimum_revisions
    }
    weightiest = sorted(heat, key=lambda one: (-heat[one], -one.complexity, one.path, one.line))[:MOST_VERSIONS]
    for one in sorted(weightiest, key=lambda one: (one.path, one.line)):
        yield FunctionVersions(path=one.path, name=one.name, line=one.line, months=history.at_ends(one))


def _skipped(history: FunctionHistory, renames: Renames) -> Iterator[Skipped]:
    for reason, count in sorted(Counter(history.lost().values()).items()):
        judged = "1 function is" if count == 1 else f"{count:,} functions are"
        why = _WHY.get(reason, "an older version of their file cannot be read").format(steps=MOST_STEPS)
        yield _unknown(reason, f"{judged} judged by all changes of the file: {why}")
    for reason, count in sorted(renames.uncompared.items()):
        files = "1 file" if count == 1 else f"{count:,} files"
        why = _WHY_UNCOMPARED.get(reason, "a removed file cannot be read")
        yield _unknown(reason, f"not all commits are known of {files} that may have had another name: {why}")


def _unknown(reason: SkipReason, detail: str) -> Skipped:
    return Skipped(what="history", source="git", reason=reason, detail=detail)


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
