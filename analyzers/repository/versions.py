"""Which version of a file came from which: the commits of a history as steps between versions.

A version of a file is a node: its path and its blob. A commit that changed the file leads from one node to an older
one. Nodes know no order, so parallel branches, merges and reverted changes need no thought: each step is right
whatever stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha1, sha256
from typing import NamedTuple

from analyzers.repository.commits import Change

_SHORT_NAME = 40


class Node(NamedTuple):
    """One version of one file."""

    path: bytes
    blob: bytes


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: who, when, what. `counts` is False where a filter leaves it out; its lines are followed anyway."""

    day: date
    author: int
    is_fix: bool
    counts: bool
    changes: Sequence[Change]
    renames: Sequence[tuple[bytes, bytes]]


class Edge(NamedTuple):
    """A commit, by its number among the steps, led from `older` to a node; None where there was nothing."""

    step: int
    older: Node | None


class Versions:
    """The versions of all files with one of some suffixes, from steps that go from the newest commit to the oldest."""

    def __init__(self, steps: Sequence[Step], suffixes: tuple[bytes, ...]) -> None:
        """Take the commits."""
        self.steps = steps
        self._suffixes = suffixes
        self._edges: dict[Node, list[Edge]] = defaultdict(list)
        for number, step in enumerate(steps):
            moved = {new: old for old, new in step.renames}
            for change in step.changes:
                if change.path.endswith(suffixes) and is_blob(change.new):
                    older = moved.get(change.path)
                    self._add(number, change, Node(older, change.new) if older is not None else None)

    def _add(self, step: int, change: Change, moved: Node | None) -> None:
        same = Node(change.path, change.old) if is_blob(change.old) else None
        self._edges[Node(change.path, change.new)].append(Edge(step, moved or same))

    def before(self, node: Node) -> Sequence[Edge]:
        """Return how the version came about; nothing where that lies before the window."""
        return self._edges.get(node, ())

    def all_before(self, nodes: Iterable[Node]) -> Iterator[tuple[Node, Edge]]:
        """Yield all that leads to the nodes, each once, one branch after the other."""
        waiting = list(dict.fromkeys(nodes))[::-1]
        seen = set(waiting)
        while waiting:
            node = waiting.pop()
            for edge in self.before(node):
                yield node, edge
                if edge.older and edge.older not in seen:
                    seen.add(edge.older)
                    waiting.append(edge.older)

    def lead(self, node: Node, step: int, older: Node) -> None:
        """Let a version that seemed to begin in that step come from another one."""
        self._edges[node] = [
            Edge(step, older) if edge == Edge(step, None) else edge for edge in self._edges.get(node, ())
        ]

    def removed_in(self, step: int) -> Iterator[Node]:
        """Yield what a commit removed and moved nowhere unchanged."""
        moved = {old for old, _ in self.steps[step].renames}
        for change in self.steps[step].changes:
            if is_blob(change.old) and not is_blob(change.new) and change.path not in moved:
                yield Node(change.path, change.old)

    def gone_in(self, step: int) -> list[Node]:
        """Return what files held before a commit that changed or removed them."""
        return [
            Node(change.path, change.old)
            for change in self.steps[step].changes
            if change.path.endswith(self._suffixes) and is_blob(change.old)
        ]


def is_content(blob: bytes, content: bytes) -> bool:
    """Whether git's name of the content is that one."""
    kind = sha1 if len(blob) == _SHORT_NAME else sha256
    return kind(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest().encode() == blob


def is_blob(name: bytes) -> bool:
    """Whether that names something: only zeros stand for nothing."""
    return bool(name.strip(b"0"))
