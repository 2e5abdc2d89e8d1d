"""The contents of git's blobs, from one process that is asked for several ahead."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import weakref
from collections import deque
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from analyzers.errors import SnapshotError, UnreadableError
from analyzers.repository.contents import MissingFileError, too_large
from analyzers.repository.git import GitRepository

_AHEAD = 8
"""So many blobs are asked for before the first is wanted: git unpacks them meanwhile. Their names fit into any pipe."""


class _Expected(NamedTuple):
    """Blobs that will be read, in about this order, and the size beyond which none is kept."""

    blobs: deque[str]
    limit: int


class BlobReader:
    """Reads blobs through one ``cat-file --batch`` process, started when first needed and anew after a failure."""

    def __init__(self, git: GitRepository) -> None:
        """Prepare to read from ``git``; threads take turns."""
        self._git = git
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._expected = _Expected(deque(), 0)
        self._asked: deque[str] = deque()
        self._early: dict[str, bytes] = {}
        self._brought: set[str] = set()
        self._refused: dict[str, str] = {}

    def ensure(self, blobs: Iterable[str]) -> frozenset[str]:
        """Fetch, with one request, what a copy of ours lacks; return those that cannot be read all the same."""
        wanted = frozenset(blobs)
        if not self._git.bring:
            return frozenset() if self._present is None else wanted - self._present
        missing = wanted - self._brought
        try:
            self._git.bring(missing)
        except SnapshotError as error:
            self._refused.update(dict.fromkeys(missing, str(error)))
            return missing
        self._brought.update(missing)
        return frozenset()

    def expect(self, blobs: Iterable[str], limit: int) -> None:
        """Take note of what will be read next, in about this order, in place of what was expected before."""
        with self._lock:
            self._expected = _Expected(deque(blobs), limit)
            self._early.clear()

    def read(self, blob: str, limit: int) -> bytes:
        """Return the content of a blob. Raises UnreadableError, TooLargeError where it is over ``limit`` bytes."""
        if not self._is_here(blob):
            # What was refused once is not asked for again.
            if self._git.bring and (blob in self._refused or self.ensure((blob,))):
                raise UnreadableError(f"its content could not be fetched: {self._refused[blob]}")
            if not self._git.bring:
                raise MissingFileError("its content was not fetched (a clone with a filter); fetch it with git first")
        with self._lock:
            try:
                return self._content(blob, limit)
            except OSError as error:
                self._stop()
                raise UnreadableError(f"git did not hand out its content: {error}") from error

    def _is_here(self, blob: str) -> bool:
        if self._git.bring:
            return blob in self._brought
        return self._present is None or blob in self._present

    @cached_property
    def _present(self) -> frozenset[str] | None:
        """The objects that are here, None for all: asking for an absent one would make git try to fetch it."""
        if not self._git.is_partial:
            return None
        command = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)")
        return frozenset(self._git.output(*command).decode().split())

    def _content(self, blob: str, limit: int) -> bytes:
        early = self._early.pop(blob, None)
        if early is not None:
            if len(early) > limit:
                raise too_large(len(early), limit)
            return early
        self._ask(blob)
        while True:
            asked = self._asked.popleft()
            if asked == blob:
                return self._answer(limit)
            try:
                self._keep(asked, self._answer(self._expected.limit))
            except UnreadableError:
                # Said when it is wanted. The process ended with it, and with all that was asked for behind it.
                self._ask(blob)

    def _keep(self, blob: str, content: bytes) -> None:
        self._early[blob] = content
        if len(self._early) > _AHEAD:
            del self._early[next(iter(self._early))]

    def _ask(self, blob: str) -> None:
        """Ask for a blob, unless that has happened, and for some of those expected behind it."""
        process = self._process or self._start()
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        names = [] if blob in self._asked else [blob]
        while self._expected.blobs and len(self._asked) + len(names) < _AHEAD:
            name = self._expected.blobs.popleft()
            if name not in self._asked and name not in names and self._is_here(name):
                names.append(name)
        process.stdin.write(b"".join(name.encode() + b"\n" for name in names))
        process.stdin.flush()
        self._asked.extend(names)

    def _answer(self, limit: int) -> bytes:
        process = self._process
        assert process is not None and process.stdout is not None  # noqa: S101, PT018 - it was asked
        header = process.stdout.readline().split()
        if len(header) != 3 or header[1] != b"blob":  # noqa: PLR2004 - name, type, size
            # What follows the header of another type is its content; it is easier to start anew than to skip it.
            self._stop()
            raise MissingFileError("its content is not in this repository")
        size = int(header[2])
        if size > limit:
            self._stop()
            raise too_large(size, limit)
        content = process.stdout.read(size + 1)
        if len(content) != size + 1:
            raise OSError("the answer was cut short")
        return content[:-1]

    def _start(self) -> subprocess.Popen[bytes]:
        process = self._git.batch()
        self._process = process
        weakref.finalize(self, _end, process)
        return process

    def _stop(self) -> None:
        self._asked.clear()
        if self._process is not None:
            _end(self._process)
            self._process = None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # A broken pipe on closing says only that the process is gone already.
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()
