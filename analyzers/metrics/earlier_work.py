"""Reads earlier versions of files and has functions in them measured, many of them in a process of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from analyzers.errors import UnreadableError
from analyzers.metrics.earlier import EarlierTask, Place, complexities
from analyzers.metrics.measure import languages
from analyzers.metrics.processes import Child
from analyzers.repository.blobs import BlobReader
from analyzers.repository.git import GitRepository

MOST_READ = 256 * 1024 * 1024
"""Bytes of versions that are read; what is left then is not measured."""
WORTH_A_PROCESS = 24
"""From so many versions on they are measured in a process of its own."""
_MOST_BYTES = 2 * 1024 * 1024
_BATCH_BYTES = 1024 * 1024

_Answer: TypeAlias = list[int | None]
_Ask: TypeAlias = Callable[[Sequence[EarlierTask]], Sequence[_Answer]]


def measure_places(git: GitRepository, places: Iterable[Place]) -> tuple[dict[Place, int | None], int]:
    """Measure functions, None where that cannot be done; return as well how many there was no room left for."""
    work: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    for place in places:
        work[place.version.blob, place.path, place.language].append(place)
    if not work:
        return {}, 0
    reading = _Reading(git, work)
    values: dict[Place, int | None] = {}
    with _measuring(len(work)) as ask:
        for batch in reading.batches():
            for (_, found), answer in zip(batch, ask([task for task, _ in batch]), strict=True):
                # An empty answer is that of a process that ended: it may do better another time.
                values.update(zip(found, answer, strict=False))
    return values, reading.left_out


class _Reading:
    """Reads versions, as many as there is room for. `left_out` counts the places in the others."""

    def __init__(self, git: GitRepository, work: Mapping[tuple[str, str, str], Sequence[Place]]) -> None:
        self.left_out = 0
        self._work = work
        self._blobs = BlobReader(git)
        names = [blob for blob, _, _ in work]
        self._blobs.ensure(names)
        self._blobs.expect(names, _MOST_BYTES)

    def batches(self) -> Iterator[list[tuple[EarlierTask, Sequence[Place]]]]:
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
            lines = [(place.version.line, place.version.end_line) for place in places]
            batch.append(((path, language, content, lines), places))
            size, left = size + len(content), left - len(content)
            if size >= _BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


@contextmanager
def _measuring(versions: int) -> Iterator[_Ask]:
    """Hand out what measures: the same as for files of today, so nothing old can end more than its own process."""
    if versions < WORTH_A_PROCESS:
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
