"""Follows the complicated functions of changed files, the hottest first, as far as a budget reaches."""

from __future__ import annotations

import contextlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from analyzers.config import Hotspots
from analyzers.errors import UnreadableError
from analyzers.model.history import FunctionVersions
from analyzers.model.hotspot import weight
from analyzers.model.inventory import Function, FunctionChurn
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.snapshot import Snapshot
from analyzers.repository.blobs import BlobReader
from analyzers.repository.function_history import MOST_STEPS, FunctionHistory
from analyzers.repository.git import GitRepository
from analyzers.repository.versions import Node, Step, Versions
from analyzers.repository.window import Window

MOST_VERSIONS = 50
"""Of so many functions, the weightiest, it is handed on where they stood each month."""
_ARGUMENTS = 200
_WHY: Mapping[str, str] = {
    "limit-reached": "following functions, the hottest first, ended after {steps:,} comparisons or 1 GB of code",
    "missing-file": "older contents are not in this clone, which has a filter; `git fetch --refetch --no-filter`",
    "too-large": "an older version of their file is too large to be compared",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What following gave, and of how many functions it gave nothing."""

    functions: tuple[FunctionChurn, ...] = ()
    versions: tuple[FunctionVersions, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class Following:
    """The commits of a history, and the functions to be followed through them."""

    def __init__(self, snapshot: Snapshot, git: GitRepository, commit: str, steps: Sequence[Step]) -> None:
        """Take what was walked, newest first."""
        self._snapshot = snapshot
        self._git = git
        self._commit = commit
        self._steps = steps

    def follow(
        self, functions: Iterable[Function], window: Window, config: Hotspots, revisions: Callable[[str], int]
    ) -> Followed:
        """Follow functions of the files that changed in the window; `revisions` gives those of a path, 0 at rest."""
        files = _hottest_first(functions, revisions)
        if not files:
            return Followed()
        blobs = _blobs(self._git, self._commit, files)
        nodes = {path: Node((self._git.prefix + path).encode(), blobs[path]) for path in files if path in blobs}
        reader = BlobReader(self._git)
        versions = Versions(self._steps, _suffixes(files))
        reader.ensure(_wanted(versions, nodes.values()))
        history = FunctionHistory(reader, versions, window)
        for path, node in nodes.items():
            # A file that is not committed, or cannot be read any more, has nothing to follow.
            with contextlib.suppress(UnreadableError):
                history.follow(node, self._snapshot.read(path), files[path])
        history.follow_moves()
        return _followed(history, config, [function for found in files.values() for function in found])


def _hottest_first(functions: Iterable[Function], revisions: Callable[[str], int]) -> dict[str, list[Function]]:
    """Return functions by file. What a function can weigh at most is known from its file's revisions."""
    files: dict[str, list[Function]] = defaultdict(list)
    for function in functions:
        if revisions(function.path):
            files[function.path].append(function)
    heat = {
        path: max(weight(function.complexity, revisions(path)) for function in found) for path, found in files.items()
    }
    return {path: files[path] for path in sorted(files, key=lambda path: (-heat[path], path))}


def _suffixes(paths: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(sorted({(os.path.splitext(path)[1] or path).encode() for path in paths}))  # noqa: PTH122 - plain text


def _wanted(versions: Versions, nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the blobs that following may read, as many as the budget has steps."""
    for node, edge in islice(versions.all_before(nodes), MOST_STEPS):
        yield node.blob.decode()
        if edge.older:
            yield edge.older.blob.decode()


def _followed(history: FunctionHistory, config: Hotspots, functions: Iterable[Function]) -> Followed:
    churn = history.churn()
    revisions = {(one.path, one.name, one.line): one.revisions for one in churn}
    heat = {
        function: weight(function.complexity, count)
        for function in functions
        if (count := revisions.get((function.path, function.name, function.line), 0)) >= config.minimum_revisions
    }
    weightiest = sorted(heat, key=lambda one: (-heat[one], -one.complexity, one.path, one.line))[:MOST_VERSIONS]
    versions = (
        FunctionVersions(path=one.path, name=one.name, line=one.line, months=history.at_ends(one))
        for one in sorted(weightiest, key=lambda one: (one.path, one.line))
    )
    lost = Counter(history.lost().values())
    return Followed(
        functions=churn,
        versions=tuple(versions),
        skipped=tuple(_unfollowed(reason, count) for reason, count in sorted(lost.items())),
    )


def _unfollowed(reason: SkipReason, count: int) -> Skipped:
    judged = "1 function is" if count == 1 else f"{count:,} functions are"
    why = _WHY.get(reason, "an older version of their file cannot be read").format(steps=MOST_STEPS)
    detail = f"{judged} judged by all changes of the file: {why}"
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
