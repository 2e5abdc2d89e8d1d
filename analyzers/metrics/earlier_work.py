"""Reads earlier versions of files and has functions in them measured, many of them in a process of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TypeAlias

from analyzers.errors import UnreadableError
from analyzers.metrics.earlier import EarlierTask, Lines, Place, complexities
from analyzers.metrics.measure import languages
from analyzers.metrics.processes import Child
from analyzers.repository.blobs import BlobReader
from analyzers.repository.git import GitRepository
from analyzers.repository.paths import suffix_of
from analyzers.repository.version_lines import split_lines

MOST_READ = 256 * 1024 * 1024
"""Bytes of versions that are read; what is left then is not measured."""
WORTH_A_PROCESS = 24
"""From so many versions on they are measured in a process of its own."""
_MOST_BYTES = 2 * 1024 * 1024
_BATCH_BYTES = 1024 * 1024

_Answer: TypeAlias = list[int | None]
_Ask: TypeAlias = Callable[[Sequence[EarlierTask]], Sequence[_Answer]]


def text_key(path: str, language: str, lines: Sequence[bytes], place: Lines) -> bytes:
    """Return what tells a function by its own text: where that is the same, so is its complexity."""
    # A language may have dialects, told by the end of the name.
    about = f"{language}{suffix_of(path)}\0".encode()
    return sha256(about + b"\n".join(lines[place[0] - 1 : place[1]])).digest()


def measure_places(
    git: GitRepository, places: Iterable[Place], known: Mapping[bytes, int]
) -> tuple[dict[Place, int | None], int]:
    """Measure functions, None where that cannot be done; return as well how many there was no room left for.

    What is ``known`` by its text, or was measured in another version, is not measured again.
    """
    work: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for place in places:
        work[place.version.blob, place.path, place.language].append(place)
    if not work:
        return {}, 0
    reading = _Reading(git, work, known)
    apart = len(work) >= WORTH_A_PROCESS or any(languages()[name].needs_process for _, _, name in work)
    with _measuring(apart=apart) as ask:
        for batch in reading.batches():
            for (_, found), answer in zip(batch, ask([task for task, _ in batch]), strict=True):
                # An empty answer is that of a process that ended: it may do better another time.
                reading.values.update(zip(found, answer, strict=False))
    for one, *others in reading.alike.values():
        if one in reading.values:
            reading.values.update(dict.fromkeys(others, reading.values[one]))
    return reading.values, reading.left_out


class _Reading:
    """Reads versions, as many as there is room for.

    `values` holds what is known, `alike` functions of the same text, `left_out` counts those in versions not read.
    """

    def __init__(
        self, git: GitRepository, work: Mapping[tuple[str, str, str], Sequence[Place]], known: Mapping[bytes, int]
    ) -> None:
        self.values: dict[Place, int | None] = {}
        self.alike: dict[bytes, list[Place]] = {}
        self.left_out = 0
        self._work = work
        self._known = known
        self._blobs = BlobReader(git)
        names = [blob for blob, _, _ in work]
        self._blobs.ensure(names)
        self._blobs.expect(names, _MOST_BYTES)

    def batches(self) -> Iterator[list[tuple[EarlierTask, Sequence[Place]]]]:
        """Yield tasks and the functions that each is about: the first ones of their text."""
        batch: list[tuple[EarlierTask, Sequence[Place]]] = []
        size, left = 0, MOST_READ
        for (blob, path, language), places in self._work.items():
            if left <= 0:
                self.left_out += len(places)
                continue
            try:
                content = self._blobs.read(blob, _MOST_BYTES)
            except UnreadableError:
                # What was followed was read before; one that is gone since is as one that cannot be measured.
                continue
            left -= len(content)
            if first := self._first_of_their_text(content, places):
                batch.append(((path, language, content, [place.lines for place in first]), first))
                size += len(content)
            if size >= _BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _first_of_their_text(self, content: bytes, places: Iterable[Place]) -> list[Place]:
        first: list[Place] = []
        lines = split_lines(content)
        for place in places:
            key = text_key(place.path, place.language, lines, place.lines)
            if key in self._known:
                self.values[place] = self._known[key]
            elif key in self.alike:
                self.alike[key].append(place)
            else:
                self.alike[key] = [place]
                first.append(place)
        return first


@contextmanager
def _measuring(*, apart: bool) -> Iterator[_Ask]:
    """Hand out what measures: the same as for files of today, so nothing old can end more than its own process."""
    if not apart:
        yield lambda tasks: [complexities(path, languages()[name], text, lines) for path, name, text, lines in tasks]
        return
    child = Child("analyzers.metrics.earlier_child", list[_Answer])
    try:
        yield lambda tasks: _asked(child, tasks)
    finally:
        child.stop()


def _asked(child: Child[_Answer], tasks: Sequence[EarlierTask]) -> Sequence[_Answer]:
    answer = child.ask(tasks)
    if answer is not None:
        return answer
    # Something in the batch ended the process: one by one costs that one alone.
    return [(child.ask([task]) or [[]])[0] for task in tasks]
