"""The measuring process: reads tasks from standard input and writes results to standard output."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import TypeVar

import msgspec

from analyzers.metrics.files import FileResult, Task, measure_file
from analyzers.metrics.measure import languages
from analyzers.metrics.processes import read_frame, write_frame

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
    decoder = msgspec.msgpack.Decoder(tasks)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        write_frame(sys.stdout.buffer, msgspec.msgpack.encode([answer(task) for task in decoder.decode(frame)]))


if __name__ == "__main__":
    main()
