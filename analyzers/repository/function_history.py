"""Follows single functions back through the commits of a window.

The lines that two versions of a file share carry a function's place along. A function that a commit put in is looked
for among what the same commit took out, in every file, so that moving it unchanged changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, TypeAlias

from analyzers.errors import UnreadableError
from analyzers.model.history import FunctionVersion
from analyzers.model.inventory import Function, FunctionChurn
from analyzers.model.skipped import SkipReason
from analyzers.repository.blobs import BlobReader
from analyzers.repository.comparisons import NOTHING, Comparisons, Pair
from analyzers.repository.line_diff import changed_blocks
from analyzers.repository.origins import Origins, Put
from analyzers.repository.remembered import Remembered
from analyzers.repository.span import Span, around, before, is_rewritten, is_touched, lost_tail
from analyzers.repository.version_lines import VersionLines, split_lines
from analyzers.repository.versions import Edge, Node, Versions, is_content
from analyzers.repository.window import Tally, Window

MOST_STEPS = 20_000
"""Comparisons of two versions; functions that are not followed to their end by then are judged by their files."""
MOST_COMPARED = 1 << 30
"""The same in bytes of all that is compared."""
_FOR_MOVES = 0.2
"""This part of the budget is left for what was moved: it is looked for last, and may be the hottest."""
_MOST_SOURCES = 60


class _EndedError(Exception):
    """The budget ended."""


class _Moved(NamedTuple):
    """A function that a commit, by its number, put in; where from is looked up once all of them are known."""

    function: Function
    step: int
    put: Put


_Place: TypeAlias = tuple[Node, Span]


class _Stand(NamedTuple):
    """Where a function stood after a commit, by its number: the lower, the newer."""

    step: int
    node: Node
    span: Span


@dataclass(slots=True)
class _Past:
    """What is known of one function so far.

    `steps` are the commits that touched it. `stands` holds where it stood at the end of each month of the window as
    far as a commit of the window brought it there, and `oldest` where it stood before all of these, of which `first`
    is the oldest.
    """

    stands: list[_Stand | None]
    steps: set[int] = field(default_factory=set)
    first: int = -1
    oldest: _Place | None = None

    def came_from(self, step: int, place: _Place | None) -> None:
        """Take note of where it stood before a commit; None for nowhere."""
        is_better = place is not None and (self.oldest is None or place < self.oldest)
        if step > self.first or (step == self.first and is_better):
            self.first, self.oldest = step, place


class FunctionHistory:
    """The versions of files in a window, and the functions followed through them."""

    def __init__(self, blobs: BlobReader, versions: Versions, window: Window, remembered: Remembered) -> None:
        """Take the versions; nothing is read yet, and what is ``remembered`` will not be."""
        self._versions = versions
        self._window = window
        self._lines = VersionLines(blobs)
        self._comparisons = Comparisons(self._lines, remembered)
        self._origins = Origins(self._lines, remembered)
        self._steps_left = MOST_STEPS
        self._bytes_left = MOST_COMPARED
        self._reserve = _FOR_MOVES
        self._pasts: dict[Function, _Past] = {}
        self._lost: dict[Function, SkipReason] = {}
        self._seen: dict[Node, set[Function]] = defaultdict(set)
        self._moved: list[_Moved] = []

    def prepare(self, nodes: Iterable[Node]) -> None:
        """Look up, or fetch with one request, what following files back from these versions may need."""
        self._comparisons.prepare(islice(self._pairs(nodes), MOST_STEPS))

    def follow(self, node: Node, content: bytes, functions: Iterable[Function]) -> None:
        """Follow functions of the file as it is, whose version in the newest commit is ``node``."""
        spans = {function: Span(function.line - 1, function.end_line) for function in functions}
        self._pasts.update((function, _Past([None] * len(self._window.ends))) for function in spans)
        self._comparisons.expect(self._pairs([node]))
        try:
            self._walk({node: self._committed(node, content, spans)})
        except UnreadableError as error:
            self._lose(spans, error)
        except _EndedError:
            self._end(spans)

    def follow_moves(self) -> None:
        """Follow on, beyond the commits that put them in, functions that those took from elsewhere."""
        self._reserve = 0.0
        while self._moved:
            moved, self._moved = self._moved, []
            self._origins.prepare(one.put for one in moved)
            reached: dict[Node, dict[Function, Span]] = defaultdict(dict)
            try:
                for one in moved:
                    self._move(one, reached)
                self._walk(reached)
            except _EndedError:
                self._end(one.function for one in moved)

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
        stands = ((stand.node, stand.span) if stand else past.oldest for stand in past.stands)
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

    def _spend(self, size: int, steps: int = 0) -> None:
        self._bytes_left -= size
        self._steps_left -= steps

    def _check(self) -> None:
        """Raise _EndedError where the budget ended."""
        if self._steps_left <= MOST_STEPS * self._reserve or self._bytes_left <= MOST_COMPARED * self._reserve:
            raise _EndedError

    def _pairs(self, nodes: Iterable[Node]) -> Iterator[Pair]:
        """Yield what will be compared on the way back."""
        for node, edge in self._versions.all_before(nodes):
            if edge.older is None or edge.older.blob != node.blob:
                yield _pair(node, edge)

    def _committed(self, node: Node, content: bytes, spans: Mapping[Function, Span]) -> dict[Function, Span]:
        """Return where functions stand in the newest commit: what is not committed is no revision, but shifts lines."""
        self._check()
        self._spend(len(content))
        if is_content(node.blob, content):
            return dict(spans)
        old, new = self._lines.of(node.blob), split_lines(content)
        blocks = changed_blocks(old, new)
        committed = ((one, before(span, blocks, lost_tail(span, blocks, old, new))) for one, span in spans.items())
        return {function: span for function, span in committed if span}

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
                    older = self._back(node, edge, new)
                except UnreadableError as error:
                    self._lose(new, error)
                    continue
                waiting.extend(older.items())
                places = {one: (node, span) for node, spans in older.items() for one, span in spans.items()}
                for function in new:
                    self._pasts[function].came_from(edge.step, places.get(function))

    def _stood(self, node: Node, edges: Sequence[Edge], spans: Mapping[Function, Span]) -> None:
        """Keep where functions stand in a version, for the months at whose end it was the newest."""
        for function, span in spans.items():
            past = self._pasts[function]
            if past.first < 0:
                past.oldest = (node, span)
            for edge in edges:
                stand = _Stand(edge.step, node, span)
                for month in range(self._window.month(self._versions.steps[edge.step].day), len(past.stands)):
                    past.stands[month] = min(stand, past.stands[month] or stand)

    def _back(self, node: Node, edge: Edge, spans: Mapping[Function, Span]) -> dict[Node, dict[Function, Span]]:
        """Return where the functions stood before one commit, and count it for those it touched."""
        reached: dict[Node, dict[Function, Span]] = defaultdict(dict)
        if edge.older and edge.older.blob == node.blob:
            return {edge.older: dict(spans)}
        self._check()
        pair = _pair(node, edge)
        size, every = self._comparisons.of(pair)
        self._spend(size, 1)
        for function, span in spans.items():
            # A file may have thousands of functions, of which a commit changes every other one.
            blocks = around(span, every)
            if is_rewritten(span, blocks):
                put = Put(function.name, node, span, edge.older, self._sources(edge))
                self._moved.append(_Moved(function, edge.step, put))
                continue
            tail = self._comparisons.tail(pair, span, blocks)
            if tail or is_touched(span, blocks):
                self._count(function, edge.step)
            shifted = before(span, blocks, tail)
            if edge.older and shifted:
                reached[edge.older][function] = shifted
        return reached

    def _sources(self, edge: Edge) -> tuple[Node, ...]:
        """Return what a commit may have taken a function from, its own file first."""
        others = self._versions.gone_in(edge.step)[:_MOST_SOURCES]
        return tuple(dict.fromkeys([*([edge.older] if edge.older else []), *others]))

    def _move(self, moved: _Moved, reached: dict[Node, dict[Function, Span]]) -> None:
        """Handle a function of which no line stood there before: moved, rewritten, or new."""
        self._check()
        try:
            origin = self._origins.of(moved.put)
        except UnreadableError as error:
            self._lose([moved.function], error)
            return
        self._spend(origin.compared)
        if not origin.is_moved:
            self._count(moved.function, moved.step)
        if origin.place:
            reached[origin.place[0]][moved.function] = origin.place[1]
            self._pasts[moved.function].came_from(moved.step, origin.place)

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


def _pair(node: Node, edge: Edge) -> Pair:
    return Pair(edge.older.blob if edge.older else NOTHING, node.blob)
