"""Follows single functions back through the commits of a window.

A version of a file is a node: its path and its blob. A commit that changed the file leads from one node to an older
one, and the lines that both share carry a function's place along. Nodes know no order, so parallel branches, merges
and reverted changes need no thought: each step is right whatever stands beside it. A function that a commit put in
is looked for among what the same commit took out, in every file, so that moving it unchanged changes nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from analyzers.errors import UnreadableError
from analyzers.model.inventory import Function, FunctionChurn
from analyzers.repository.commits import Change
from analyzers.repository.contents import BlobReader
from analyzers.repository.line_diff import Block, changed_blocks
from analyzers.repository.span import Span, before, is_rewritten, is_touched, lost_tail
from analyzers.repository.window import Tally, Window

MOST_STEPS = 20_000
"""Functions that are not yet followed to their end after so many comparisons are judged by their files."""
_MOST_BYTES = 2 * 1024 * 1024
_MOST_SOURCES = 60
_SHORTEST_MOVE = 5
_CACHED = 256


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


class _Edge(NamedTuple):
    """A commit led from `older` (None: there was none) to the node under which this stands."""

    step: int
    older: Node | None


class FunctionHistory:
    """The commits of a window, and the functions followed through them."""

    def __init__(self, blobs: BlobReader, steps: Sequence[Step], suffixes: tuple[bytes, ...]) -> None:
        """Take the commits; only files with one of the suffixes matter."""
        self._steps = steps
        self._edges = _edges(steps, suffixes)
        self._suffixes = suffixes
        self._blobs = blobs
        self._lines = lru_cache(maxsize=_CACHED)(self._read)
        self._text = lru_cache(maxsize=_CACHED)(self._read_stripped)
        self._left = MOST_STEPS
        self._counted: dict[Function, set[int]] = {}
        self._lost: set[Function] = set()

    def follow(self, node: Node, content: bytes, functions: Iterable[Function]) -> None:
        """Follow functions of the file as it is, whose version in the newest commit is ``node``."""
        spans = {function: Span(function.line - 1, function.end_line) for function in functions}
        self._counted.update((function, set()) for function in spans)
        try:
            old, new = self._lines(node.blob), split_lines(content)
            blocks = changed_blocks(old, new)
        except UnreadableError:
            self._lost.update(spans)
            return
        # What is not committed yet is no revision; it only shifts lines.
        committed = {
            function: before(span, blocks, lost_tail(span, blocks, old, new)) for function, span in spans.items()
        }
        self._walk(node, {function: span for function, span in committed.items() if span})

    def churn(self, window: Window) -> tuple[FunctionChurn, ...]:
        """Return what was counted, for every function that was followed to its end."""
        followed = (function for function in self._counted if function not in self._lost)
        return tuple(
            self._churn(function, window) for function in sorted(followed, key=lambda one: (one.path, one.line))
        )

    def _walk(self, node: Node, spans: Mapping[Function, Span]) -> None:
        waiting = [(node, spans)]
        seen: dict[Node, set[Function]] = defaultdict(set)
        while waiting:
            node, reached = waiting.pop()
            new = {function: span for function, span in reached.items() if function not in seen[node]}
            seen[node].update(new)
            if not new:
                continue
            for edge in self._edges.get(node, ()):
                self._left -= 1
                if self._left < 0:
                    self._lost.update(new)
                    return
                try:
                    waiting.extend(self._back(node, edge, new).items())
                except UnreadableError:
                    self._lost.update(new)

    def _back(self, node: Node, edge: _Edge, spans: Mapping[Function, Span]) -> dict[Node, dict[Function, Span]]:
        """Return where the functions stood before one commit, and count it for those it touched."""
        reached: dict[Node, dict[Function, Span]] = defaultdict(dict)
        if edge.older and edge.older.blob == node.blob:
            return {edge.older: dict(spans)}
        new = self._lines(node.blob)
        old = self._lines(edge.older.blob) if edge.older else []
        blocks = changed_blocks(old, new) if edge.older else [Block(0, 0, 0, len(new))]
        for function, span in spans.items():
            if is_rewritten(span, blocks):
                self._moved(function, span, node, edge, reached)
                continue
            tail = lost_tail(span, blocks, old, new)
            if tail or is_touched(span, blocks):
                self._count(function, edge.step)
            shifted = before(span, blocks, tail)
            if edge.older and shifted:
                reached[edge.older][function] = shifted
        return reached

    def _moved(
        self, function: Function, span: Span, node: Node, edge: _Edge, reached: dict[Node, dict[Function, Span]]
    ) -> None:
        """Handle a function of which no line stood there before: moved, rewritten, or new."""
        lines = self._lines(node.blob)[span.start : span.end]
        source = self._source(lines, edge)
        if source:
            older, place = source
            reached[older][function] = place
            return
        self._count(function, edge.step)
        if edge.older:
            rewritten = _by_head(self._lines(edge.older.blob), lines, function)
            if rewritten:
                reached[edge.older][function] = rewritten

    def _source(self, lines: Sequence[bytes], edge: _Edge) -> tuple[Node, Span] | None:
        """Return where the same commit took these lines from; only their indentation may differ."""
        if len(lines) < _SHORTEST_MOVE:
            return None
        text = _stripped(lines)
        others = [
            Node(change.path, change.old)
            for change in self._steps[edge.step].changes
            if change.path.endswith(self._suffixes) and change.old.strip(b"0")
        ]
        candidates = dict.fromkeys([*([edge.older] if edge.older else []), *others[:_MOST_SOURCES]])
        for node in candidates:
            found = self._text(node.blob).find(text)
            if found >= 0:
                start = self._text(node.blob).count(b"\n", 0, found)
                return node, Span(start, start + len(lines))
        return None

    def _count(self, function: Function, step: int) -> None:
        if self._steps[step].counts:
            self._counted[function].add(step)

    def _churn(self, function: Function, window: Window) -> FunctionChurn:
        tally = Tally([0] * len(window.ends))
        for number in self._counted[function]:
            step = self._steps[number]
            tally.add(step.day, step.author, window, is_fix=step.is_fix)
        return FunctionChurn(
            path=function.path,
            name=function.name,
            line=function.line,
            revisions=sum(tally.months),
            authors=len(tally.authors),
            last_changed=tally.last_changed if tally.authors else None,
            recent=tally.recent,
            fixes=tally.fixes,
            recent_fixes=tally.recent_fixes,
            months=tuple(tally.months),
        )

    def _read(self, blob: bytes) -> list[bytes]:
        return split_lines(self._blobs.read(blob.decode(), _MOST_BYTES))

    def _read_stripped(self, blob: bytes) -> bytes:
        return _stripped(self._lines(blob))


def split_lines(content: bytes) -> list[bytes]:
    """Split at line ends of any kind, as the languages themselves count lines."""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


def _edges(steps: Sequence[Step], suffixes: tuple[bytes, ...]) -> Mapping[Node, list[_Edge]]:
    edges: dict[Node, list[_Edge]] = defaultdict(list)
    for number, step in enumerate(steps):
        moved = {new: old for old, new in step.renames}
        for change in step.changes:
            if not change.path.endswith(suffixes) or not change.new.strip(b"0"):
                continue
            node = Node(change.path, change.new)
            if change.path in moved:
                edges[node].append(_Edge(number, Node(moved[change.path], change.new)))
            elif change.old.strip(b"0"):
                edges[node].append(_Edge(number, Node(change.path, change.old)))
            else:
                edges[node].append(_Edge(number, None))
    return edges


def _by_head(old: Sequence[bytes], lines: Sequence[bytes], function: Function) -> Span | None:
    """Return where a function of the same name began, for one that was rewritten from its first line to its last."""
    name = function.name.rpartition(".")[2].encode()
    head = re.split(rb"\b" + re.escape(name) + rb"\b", lines[0].strip(), maxsplit=1)
    pattern = re.compile(re.escape(head[0]) + re.escape(name) + rb"\b")
    for number, line in enumerate(old):
        if len(head) > 1 and pattern.match(line.strip()):
            return Span(number, min(len(old), number + len(lines)))
    return None


def _stripped(lines: Iterable[bytes]) -> bytes:
    return b"\n" + b"\n".join(line.strip() for line in lines) + b"\n"
