"""Finds what a file was called before a commit that moved and changed it.

git's log names no renames where it does not look into files, and looking into all of them takes longer than the rest.
So only files that matter are compared: such a file began in a commit that removed others of its kind, and shares
half of its text with one of these.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple

from analyzers.errors import UnreadableError
from analyzers.model.skipped import SkipReason
from analyzers.repository.blobs import BlobReader
from analyzers.repository.remembered import Remembered, key_of
from analyzers.repository.version_lines import MOST_BYTES, split_lines
from analyzers.repository.versions import Node, Step, Versions

LEAST_SHARED = 0.5
"""The part of the larger one's text that stands in both; git takes the same."""
MOST_COMPARED = 64 * 1024 * 1024
_MOST_SOURCES = 20
_MOST_ROUNDS = 10
_DEEPEST = 16
_SIZES = 3


class _Begin(NamedTuple):
    """A version that a commit, by its number, put in from nothing."""

    step: int
    node: Node


class _Text(NamedTuple):
    """The lines of a version without blank ones and indentation, how often each stands there, and their bytes."""

    lines: Counter[bytes]
    size: int


class _Match(NamedTuple):
    """A version and what it may have been before, in the order in which pairs are taken."""

    unshared: float
    is_renamed: bool
    older: Node
    begin: _Begin


@dataclass(slots=True)
class Renames:
    """What was found: old and new paths by the number of the commit, and how many files could not be compared."""

    by_step: dict[int, list[tuple[bytes, bytes]]] = field(default_factory=lambda: defaultdict(list))
    uncompared: Counter[SkipReason] = field(default_factory=Counter)


def lead_on(versions: Versions, blobs: BlobReader, nodes: Iterable[Node], remembered: Remembered) -> Renames:
    """Let the versions of some files lead on to what they were before they were moved and changed."""
    found = Renames()
    alike = _Likeness(blobs, remembered)
    waiting = list(nodes)
    tried: set[_Begin] = set()
    removed = cache(partial(_Removed, versions))
    for _ in range(_MOST_ROUNDS):
        begins = dict.fromkeys(
            _Begin(edge.step, node) for node, edge in versions.all_before(waiting) if edge.older is None
        )
        sources = {begin: removed(begin.step).like(begin.node.path) for begin in begins if begin not in tried}
        tried.update(begins)
        sources = {begin: nodes for begin, nodes in sources.items() if nodes}
        if not sources:
            break
        alike.prepare((begin.node.blob, node.blob) for begin, nodes in sources.items() for node in nodes)
        waiting = []
        for begin, older in _best(_matches(sources, alike, found.uncompared)):
            versions.lead(begin.node, begin.step, older)
            found.by_step[begin.step].append((older.path, begin.node.path))
            waiting.append(older)
    return found


def under_older_names(
    steps: Sequence[Step], renames: Mapping[int, Sequence[tuple[bytes, bytes]]], paths: Iterable[bytes]
) -> Iterator[tuple[bytes, Step]]:
    """Yield today's path and a commit that counts and changed that file before such a rename."""
    today = {path: path for path in paths}
    beyond: set[bytes] = set()
    for number, step in enumerate(steps):
        moved = {path for pair in step.renames for path in pair}
        if step.counts:
            changed = {change.path for change in step.changes} & beyond - moved
            yield from ((path, step) for path in sorted({today[name] for name in changed}))
        for old, new in step.renames:
            if new in today:
                today[old] = today[new]
                beyond.update([old] if new in beyond else [])
        for old, new in renames.get(number, ()):
            today[old] = today.get(new, new)
            beyond.add(old)


class _Removed:
    """The files that a commit removed and moved nowhere, by what they share with a path: name or kind, and folders."""

    def __init__(self, versions: Versions, step: int) -> None:
        self._near: dict[tuple[bytes, bytes], list[Node]] = defaultdict(list)
        for node in sorted(versions.removed_in(step)):
            for place in _places(node.path):
                self._near[place].append(node)

    def like(self, path: bytes) -> list[Node]:
        """Return files of the same kind, those first that are most alike by their paths."""
        found: dict[Node, None] = {}
        for place in _places(path):
            for node in self._near.get(place, ()):
                found.setdefault(node)
                if len(found) == _MOST_SOURCES:
                    return list(found)
        return list(found)


def _places(path: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield what tells where files like this one are looked for, the nearest first; the same name is nearest."""
    name = posixpath.basename(path)
    *folders, _ = path.split(b"/", _DEEPEST)
    around = [b"/".join(folders[:depth]) for depth in range(len(folders), -1, -1)]
    # No kind begins with a slash.
    for like in (b"/" + name, posixpath.splitext(name)[1]):
        yield from ((like, folder) for folder in around)


def _matches(
    sources: Mapping[_Begin, Sequence[Node]], alike: _Likeness, uncompared: Counter[SkipReason]
) -> Iterator[_Match]:
    for begin, nodes in sources.items():
        reasons: set[SkipReason] = set()
        for node in nodes:
            try:
                shared = alike.shared(begin.node.blob, node.blob)
            except UnreadableError as error:
                reasons.add(error.reason)  # type: ignore[arg-type] # errors.py promises a SkipReason
                continue
            if shared >= LEAST_SHARED:
                is_renamed = posixpath.basename(node.path) != posixpath.basename(begin.node.path)
                yield _Match(1 - shared, is_renamed, node, begin)
        uncompared.update(reasons)


def _best(matches: Iterable[_Match]) -> Iterator[tuple[_Begin, Node]]:
    """Yield what belongs together: what is most alike first, and nothing twice in one commit."""
    taken: set[tuple[int, Node]] = set()
    for match in sorted(matches):
        ends = {(match.begin.step, match.older), (match.begin.step, match.begin.node)}
        if not ends & taken:
            taken |= ends
            yield match.begin, match.older


class _Likeness:
    """Says how much two versions share, as far as the budget reaches."""

    def __init__(self, blobs: BlobReader, remembered: Remembered) -> None:
        self._blobs = blobs
        self._remembered = remembered
        self._left = MOST_COMPARED
        self._counted: set[bytes] = set()
        self._texts: dict[bytes, _Text] = {}

    def prepare(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        """Look up what is known; fetch, with one request, what a copy of ours lacks of the rest."""
        pairs = list(pairs)
        self._remembered.load(key_of(b"alike", *pair) for pair in pairs)
        unknown = (pair for pair in pairs if self._remembered.get(key_of(b"alike", *pair), _are_sizes) is None)
        self._blobs.ensure(blob.decode() for pair in unknown for blob in pair)

    def shared(self, one: bytes, other: bytes) -> float:
        """Return the part of the larger one that both share. Raises UnreadableError, _EndedError beyond the budget."""
        if self._left <= 0 and not {one, other} <= self._counted:
            raise _EndedError("files that were moved and changed are compared up to 64 MB")
        key = key_of(b"alike", one, other)
        values = self._remembered.get(key, _are_sizes)
        if values is None:
            text, older = self._text(one), self._text(other)
            values = [text.size, older.size, _common(text, older)]
            self._remembered.put(key, values)
        for blob, size in zip((one, other), values, strict=False):
            self._left -= 0 if blob in self._counted else size
            self._counted.add(blob)
        return values[2] / max(*values[:2], 1)

    def _text(self, blob: bytes) -> _Text:
        text = self._texts.get(blob)
        if text is None:
            content = self._blobs.read(blob.decode(), MOST_BYTES)
            lines = [line for line in map(bytes.strip, split_lines(content)) if line]
            text = self._texts[blob] = _Text(Counter(lines), sum(map(len, lines)))
        return text


def _are_sizes(values: Sequence[int]) -> bool:
    return len(values) == _SIZES


def _common(one: _Text, other: _Text) -> int:
    fewer, more = sorted((one, other), key=lambda text: len(text.lines))
    return sum(min(count, more.lines[line]) * len(line) for line, count in fewer.lines.items() if line in more.lines)


class _EndedError(UnreadableError):
    """The budget ended."""

    reason = "limit-reached"
