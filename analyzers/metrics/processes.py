"""Measures files in child processes. A file that ends its process costs itself and no other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Generic, TypeAlias, TypeVar

import msgspec

import analyzers
from analyzers.metrics.files import Failure, FileResult, Job
from analyzers.metrics.stored import Batch, Results
from analyzers.typed import msgpack_decoder

_BATCH_BYTES = 256 * 1024
_BATCH_FILES = 64
_SECONDS = 120
"""A batch that takes longer is stopped."""
_LENGTH = 8
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


_Answer = TypeVar("_Answer")
_Ready: TypeAlias = FileResult | BaseException | None


def measure_in_processes(results: Results, work: Sequence[Job], processes: int) -> Iterator[FileResult]:
    """Yield one result for each file, in no particular order."""
    waiting: SimpleQueue[list[Job]] = SimpleQueue()
    for batch in batches(work):
        waiting.put(batch)
    ready: SimpleQueue[_Ready] = SimpleQueue()
    threads = [threading.Thread(target=_work, args=(results, waiting, ready), daemon=True) for _ in range(processes)]
    for thread in threads:
        thread.start()
    running = len(threads)
    while running:
        result = ready.get()
        if result is None:
            running -= 1
        elif isinstance(result, BaseException):
            raise result
        else:
            yield result


def batches(work: Sequence[Job]) -> Iterator[list[Job]]:
    """Yield batches of similar weight, the biggest files first, so that no process ends long after the others."""
    batch: list[Job] = []
    size = 0
    for job in sorted(work, key=lambda job: (-job.size, job.path)):
        batch.append(job)
        size += job.size
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_FILES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _work(results: Results, waiting: SimpleQueue[list[Job]], ready: SimpleQueue[_Ready]) -> None:
    """Feed one child until nothing waits. Runs in a thread of its own."""
    child = Child("analyzers.metrics.child", list[FileResult])
    try:
        while True:
            batch = results.batch(waiting.get_nowait())
            for result in batch.results:
                ready.put(result)
            measured = list(_measured(child, batch))
            for result in measured:
                ready.put(result)
            # Batch by batch: a run that is ended leaves what it has measured so far.
            results.keep(batch, measured)
    except Empty:
        ready.put(None)
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the results
        ready.put(error)
    finally:
        child.stop()


def _measured(child: Child[FileResult], batch: Batch) -> Iterator[FileResult]:
    answer = child.ask(batch.tasks)
    if answer is not None:
        yield from answer
        return
    # Something in the batch ended the process: one by one tells what.
    for path, language, content in batch.tasks:
        yield from child.ask([(path, language, content)]) or [_ended(path, language)]


def _ended(path: str, language: str) -> FileResult:
    failure = Failure("unreadable", f"measuring it ended the process or took over {_SECONDS} seconds")
    return FileResult(path=path, language=language, was_read=False, failure=failure)


class Child(Generic[_Answer]):
    """One measuring process, started when first asked and anew after it ended."""

    def __init__(self, module: str, answers: type[list[_Answer]]) -> None:
        """Name what the process runs, and the type in which it answers."""
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._decoder = msgpack_decoder(answers)

    def ask(self, tasks: Sequence[object]) -> list[_Answer] | None:
        """Return the results; None when the process ended or took too long."""
        if not tasks:
            return []
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - pipes were asked for
        watch = threading.Timer(_SECONDS, process.kill)
        watch.start()
        try:
            write_frame(process.stdin, msgspec.msgpack.encode(tasks))
            answer = read_frame(process.stdout)
        except OSError:
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            self.stop()
            return None
        return self._decoder.decode(answer)

    def _start(self) -> subprocess.Popen[bytes]:
        # -P keeps the working folder off the import path, and that folder is not the scanned one.
        home = Path(analyzers.__file__).resolve().parent.parent
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", self._module],
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ} | {"PYTHONPATH": str(home)},
            cwd=home.anchor,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None  # noqa: S101 - pipes were asked for
            try:
                pipe.close()
            except OSError:
                # What was not written when the process ended cannot be flushed.
                continue
        process.wait()


def write_frame(pipe: IO[bytes], content: bytes) -> None:
    """Write one message: its length, then itself."""
    pipe.write(len(content).to_bytes(_LENGTH, "big"))
    pipe.write(content)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """Read one message; None at the end."""
    length = pipe.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    content = pipe.read(int.from_bytes(length, "big"))
    return content if len(content) == int.from_bytes(length, "big") else None
