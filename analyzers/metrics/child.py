"""The measuring process: reads tasks from standard input and writes results to standard output."""

from __future__ import annotations

import gc
import sys

import msgspec

from analyzers.metrics.files import Task, measure_file
from analyzers.metrics.measure import languages
from analyzers.metrics.processes import read_frame, write_frame


def main() -> None:
    """Answer one message after the other until standard input ends."""
    gc.disable()
    known = languages()
    decoder = msgspec.msgpack.Decoder(list[Task])
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        results = [measure_file(path, known[language], content) for path, language, content in decoder.decode(frame)]
        write_frame(sys.stdout.buffer, msgspec.msgpack.encode(results))


if __name__ == "__main__":
    main()
