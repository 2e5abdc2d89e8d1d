"""The measuring process: reads tasks from standard input and writes results to standard output."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import msgspec

from analyzers.metrics.files import FileResult, Task, measure_file
from analyzers.metrics.measure import languages
from analyzers.metrics.processes import read_frame, write_frame
from analyzers.typed import msgpack_decoder

_MOST_MEMORY = 3 * 512 * 1024**2
"""Bytes."""

_Task = TypeVar("_Task")


def main() -> None:
    """Measure files until standard input ends."""
    known = languages()

    def measure(task: Task) -> FileResult:
        path, language, content = task
        return measure_file(path, known[language], content)

    serve(list[Task], measure)


def serve(tasks: type[list[_Task]], answer: Callable[[_Task], object]) -> None:
    """Answer one message of tasks after the other."""
    gc.disable()
    _bound_memory()
    decoder = msgpack_decoder(tasks)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        write_frame(sys.stdout.buffer, msgspec.msgpack.encode([answer(task) for task in decoder.decode(frame)]))


def _bound_memory() -> None:
    """End this process before a file makes the whole machine run out of memory; what asked says so of the file."""
    if sys.platform != "win32":
        import resource

        # Some systems do not know this limit or refuse it: then there is none.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    main()
