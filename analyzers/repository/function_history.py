"""Follows single functions back through the commits of a window.

The lines that two versions of a file share carry a function's place along. A function that a commit put in is looked
for among what the same commit took out, in every file, so that moving it unchanged changes nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from analyzers.errors import UnreadableError
from analyzers.model.history import FunctionVersion
from analyzers.model.inventory import Function, FunctionChurn
from analyzers.model.skipped import SkipReason
from analyzers.repository.blobs import BlobReader
from analyzers.repository.line_diff import Block, changed_blocks
from analyzers.repository.span import Span, before, is_rewritten, is_touched, lost_tail
from analyzers.repository.version_lines import VersionLines, split_lines, stripped
from analyzers.repository.versions import Edge, Node, Versions
from analyzers.repository.window import Tally, Window

MOST_STEPS = 20_000
"""Comparisons of two versions; functions that are not followed to their end by then are judged by their files."""
MOST_COMPARED = 1 << 30
"""The same in bytes of all that is compared."""
_MOST_SOURCES = 60
_SHORTEST_MOVE = 5


class _EndedError(Exception):
    """The budget ended."""


class _Put(NamedTuple):
    """A function that a commit put in, and where: its source is looked for once all is known that has to be read."""

    function: Function
    span: Span
    node: Node
    edge: Edge


class _Stand(NamedTuple):
    """Where a function stood after a commit, by its number: the lower, the newer."""

    step: int
    node: Node
    span: Span


@dataclass(slots=True)
class _Past:
    """What is known of one function so far.

    `steps` are the commits that touched it. `stands` holds where it stood at the end of each month of the window as
    far as a commit of the window brought it there, and `oldest` where it stood before all of these.
    """

    stands: list[_Stand | None]
    steps: set[int] = field(default_factory=set)
    oldest: set[tuple[Node, Span]] = field(default_factory=set)


class FunctionHistory:
    """The versions of files in a window, and the functions followed through them."""

    def __init__(self, blobs: BlobReader, versions: Versions, window: Window) -> None:
        """Take the versions; nothing is read yet."""
        self._versions = versions
        self._window = window
        self._lines = VersionLines(blobs)
        self._steps_left = MOST_STEPS
        self._bytes_left = MOST_COMPARED
        self._pasts: dict[Function, _Past] = {}
        self._lost: dict[Function, SkipReason] = {}
        self._seen: dict[Node, set[Function]] = defaultdict(set)
        self._put: list[_Put] = []

    def follow(self, node: Node, content: bytes, functions: Iterable[Function]) -> None:
        """Follow functions of the file as it is, whose version in the newest commit is ``node``."""
        spans = {function: Span(function.line - 1, function.end_line) for function in functions}
        self._pasts.update((function, _Past([None] * len(self._window.ends))) for function in spans)
        self._lines.expect(edge.older.blob for _, edge in self._versions.all_before([node]) if edge.older)
        try:
            self._spend(node.blob)
            old, new = self._lines.of(node.blob), split_lines(content)
            blocks = changed_blocks(old, new)
            # What is not committed yet is no revision; it only shifts lines.
            committed = {
                function: before(span, blocks, lost_tail(span, blocks, old, new)) for function, span in spans.items()
            }
            self._walk({node: {function: span for function, span in committed.items() if span}})
        except UnreadableError as error:
            self._lose(spans, error)
        except _EndedError:
            self._end(spans)

    def follow_moves(self) -> None:
        """Follow on, beyond the commits that put them in, functions that those took from elsewhere."""
        while self._put:
            put, self._put = self._put, []
            self._lines.ensure(node.blob for one in put for node in self._sources(one.edge))
            reached: dict[Node, dict[Function, Span]] = defaultdict(dict)
            try:
                for one in put:
                    self._move(one, reached)
                self._walk(reached)
            except _EndedError:
                self._end(one.function for one in put)

    def churn(self) -> tuple[FunctionChurn, ...]:
        """Return what was counted, for every function that was followed to its end."""
        return tuple(self._churn(function) for function in self._followed())

    def lost(self) -> Mapping[Function, SkipReason]:
        """Return the functions that were not followed to their end, and why."""
        return self._lost

    def at_ends(self, function: Function) -> tuple[FunctionVersion | None, ...]:
        """Return where a function that was followed stood at the end of each month of the window, None before it was.

        Of versions on parallel branches the one of the newest commit counts.
        """
        past = self._pasts[function]
        oldest = min(past.oldest, default=None)
        stands = ((stand.node, stand.span) if stand else oldest for stand in past.stands)
        return tuple(
            FunctionVersion(blob=stand[0].blob.decode(), line=stand[1].start + 1, end_line=stand[1].end)
            if stand
            else None
            for stand in stands
        )

    def _followed(self) -> Iterator[Function]:
        followed = (function for function in self._pasts if function not in self._lost)
        yield from sorted(followed, key=lambda one: (one.path, one.line))

    def _lose(self, functions: Iterable[Function], error: UnreadableError) -> None:
        self._lost.update((function, error.reason) for function in functions)  # type: ignore[misc] # errors.py promises a SkipReason

    def _end(self, functions: Iterable[Function]) -> None:
        self._lost.update((function, "limit-reached") for function in functions if function not in self._lost)

    def _spend(self, *blobs: bytes) -> None:
        """Take what is looked into from the budget. Raises _EndedError."""
        if self._steps_left <= 0 or self._bytes_left <= 0:
            raise _EndedError
        self._bytes_left -= sum(map(self._lines.size, blobs))

    def _walk(self, start: Mapping[Node, Mapping[Function, Span]]) -> None:
        waiting = list(start.items())
        while waiting:
            node, reached = waiting.pop()
            seen = self._seen[node]
            new = {function: span for function, span in reached.items() if function not in seen}
            seen.update(new)
            if not new:
                continue
            edges = self._versions.before(node)
            self._stood(node, edges, new)
            for edge in edges:
                try:
                    waiting.extend(self._back(node, edge, new).items())
                except UnreadableError as error:
                    self._lose(new, error)

    def _stood(self, node: Node, edges: Sequence[Edge], spans: Mapping[Function, Span]) -> None:
        """Keep where functions stand in a version, for the months at whose end it was the newest."""
        for function, span in spans.items():
            past = self._pasts[function]
            if not edges:
                past.oldest.add((node, span))
            for edge in edges:
                stand = _Stand(edge.step, node, span)
                for month in range(self._window.month(self._versions.steps[edge.step].day), len(past.stands)):
                    past.stands[month] = min(stand, past.stands[month] or stand)

    def _back(self, node: Node, edge: Edge, spans: Mapping[Function, Span]) -> dict[Node, dict[Function, Span]]:
        """Return where the functions stood before one commit, and count it for those it touched."""
        reached: dict[Node, dict[Function, Span]] = defaultdict(dict)
        if edge.older and edge.older.blob == node.blob:
            return {edge.older: dict(spans)}
        self._spend(node.blob, *([edge.older.blob] if edge.older else []))
        self._steps_left -= 1
        new = self._lines.of(node.blob)
        old = self._lines.of(edge.older.blob) if edge.older else []
        blocks = changed_blocks(old, new) if edge.older else [Block(0, 0, 0, len(new))]
        for function, span in spans.items():
            if is_rewritten(span, blocks):
                self._put.append(_Put(function, span, node, edge))
                continue
            tail = lost_tail(span, blocks, old, new)
            if tail or is_touched(span, blocks):
                self._count(function, edge.step)
            shifted = before(span, blocks, tail)
            if edge.older and shifted:
                reached[edge.older][function] = shifted
        return reached

    def _move(self, put: _Put, reached: dict[Node, dict[Function, Span]]) -> None:
        """Handle a function of which no line stood there before: moved, rewritten, or new."""
        try:
            lines = self._lines.of(put.node.blob)[put.span.start : put.span.end]
            source = self._source(lines, put.edge)
            if source is None:
                self._count(put.function, put.edge.step)
                source = self._rewritten(lines, put)
        except UnreadableError as error:
            self._lose([put.function], error)
            return
        if source:
            reached[source[0]][put.function] = source[1]

    def _rewritten(self, lines: Sequence[bytes], put: _Put) -> tuple[Node, Span] | None:
        older = put.edge.older
        place = _by_head(self._lines.of(older.blob), lines, put.function) if older else None
        return (older, place) if older and place else None

    def _sources(self, edge: Edge) -> Iterable[Node]:
        """Return what a commit may have taken a function from, its own file first."""
        others = self._versions.gone_in(edge.step)[:_MOST_SOURCES]
        return dict.fromkeys([*([edge.older] if edge.older else []), *others])

    def _source(self, lines: Sequence[bytes], edge: Edge) -> tuple[Node, Span] | None:
        """Return where the same commit took these lines from; only their indentation may differ."""
        if len(lines) < _SHORTEST_MOVE:
            return None
        text = stripped(lines)
        for node in self._sources(edge):
            self._spend(node.blob)
            content = self._lines.stripped(node.blob)
            found = content.find(text)
            if found >= 0:
                start = content.count(b"\n", 0, found)
                return node, Span(start, start + len(lines))
        return None

    def _count(self, function: Function, step: int) -> None:
        if self._versions.steps[step].counts:
            self._pasts[function].steps.add(step)

    def _churn(self, function: Function) -> FunctionChurn:
        tally = Tally([0] * len(self._window.ends))
        for number in self._pasts[function].steps:
            step = self._versions.steps[number]
            tally.add(step.day, step.author, self._window, is_fix=step.is_fix)
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


def _by_head(old: Sequence[bytes], lines: Sequence[bytes], function: Function) -> Span | None:
    """Return where a function of the same name began, for one that was rewritten from its first line to its last."""
    name = function.name.rpartition(".")[2].encode()
    head = re.split(rb"\b" + re.escape(name) + rb"\b", lines[0].strip(), maxsplit=1)
    pattern = re.compile(re.escape(head[0]) + re.escape(name) + rb"\b")
    for number, line in enumerate(old):
        if len(head) > 1 and pattern.match(line.strip()):
            return Span(number, min(len(old), number + len(lines)))
    return None
