"""Where the bytes of a snapshot's files come from: a folder, git's objects, or memory laid over either."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from analyzers.errors import SnapshotError, TooLargeError, UnreadableError
from analyzers.repository.git import GitRepository

_DESCENDS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_OPEN_FILE = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)  # fmt: skip
_OPEN_FOLDER = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
)  # fmt: skip


class MissingFileError(UnreadableError):
    """The file is not, or no longer, there."""

    reason = "missing-file"


class OutsideError(UnreadableError):
    """The file turned out to be a link, or to lie behind one."""

    reason = "outside-repository"


class Contents(Protocol):
    """Reads files by path. A file over ``limit`` bytes raises TooLargeError, others kinds of UnreadableError."""

    def read(self, path: str, limit: int) -> bytes:
        """Return the file's bytes."""

    def size(self, path: str) -> int:
        """Return the number of bytes."""


def _too_large(size: int, limit: int) -> TooLargeError:
    return TooLargeError(f"has {size:,} bytes, the limit is {limit:,} (scan.max-file-bytes)")


@dataclass(frozen=True)
class FolderContents:
    """Files below the folder `root`. No link is followed, not even one put there after the files were listed."""

    root: Path

    def read(self, path: str, limit: int) -> bytes:
        """Return the file's bytes. Raises UnreadableError."""
        try:
            descriptor = _open_beneath(str(self.root), path)
        except FileNotFoundError as error:
            raise MissingFileError(f"{path} is gone") from error
        except (OSError, ValueError) as error:
            raise self._refusal(path, error) from error
        try:
            return _read_open(descriptor, limit)
        except OSError as error:
            raise self._refusal(path, error) from error
        finally:
            os.close(descriptor)

    def size(self, path: str) -> int:
        """Return the number of bytes. Raises UnreadableError."""
        try:
            return os.lstat(f"{self.root}/{path}").st_size
        except (OSError, ValueError) as error:
            raise MissingFileError(f"{path} is gone") from error

    def _refusal(self, path: str, error: OSError | ValueError) -> UnreadableError:
        folder = self.root
        for part in path.split("/"):
            folder /= part
            with contextlib.suppress(OSError, ValueError):
                if folder.is_symlink():
                    return OutsideError("is, or lies behind, a symbolic link; links are not followed")
        return UnreadableError(f"cannot be read: {getattr(error, 'strerror', None) or error}")


def _read_open(descriptor: int, limit: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("is not a regular file")
    if status.st_size > limit:
        raise _too_large(status.st_size, limit)
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        return _read_up_to(file, status.st_size, limit)


def _read_up_to(file: IO[bytes], size: int, limit: int) -> bytes:
    # One byte more than the file has finds its end; asking for the limit would make room for it each time.
    content = file.read(size + 1)
    while len(content) > size:
        if len(content) > limit:
            raise _too_large(len(content), limit)
        size = len(content)
        content += file.read(size + 1)
    return content


def _open_beneath(root: str, path: str) -> int:
    """Open ``root/path`` for reading, refusing every link on the way. Raises OSError."""
    if not _DESCENDS:
        return _open_checked(root, path)
    *folders, name = path.split("/")
    inside = os.open(root, _OPEN_FOLDER)
    try:
        for folder in folders:
            inner = os.open(folder, _OPEN_FOLDER, dir_fd=inside)
            os.close(inside)
            inside = inner
        return os.open(name, _OPEN_FILE, dir_fd=inside)
    finally:
        os.close(inside)


def _open_checked(root: str, path: str) -> int:
    """Do the same where folders cannot be opened, by looking where the path really leads."""
    full = os.path.join(root, *path.split("/"))  # noqa: PTH118 - on the way of every file; pathlib is slow here
    expected = os.path.normcase(os.path.join(os.path.realpath(root), *path.split("/")))  # noqa: PTH118 - as above
    if os.path.normcase(os.path.realpath(full)) != expected:
        raise PermissionError(f"{path} leads elsewhere")
    return os.open(full, _OPEN_FILE)


class StoredFile(NamedTuple):
    """A file of a commit: its blob, and its size where git knows it without reading."""

    blob: str
    size: int | None


@dataclass(frozen=True)
class CommitContents:
    """Files of a commit, which git's objects hold."""

    blobs: BlobReader
    files: Mapping[str, StoredFile]

    def read(self, path: str, limit: int) -> bytes:
        """Return the file's bytes. Raises UnreadableError."""
        file = self.files.get(path)
        if file is None:
            raise MissingFileError(f"{path} is not in this commit")
        if file.size is not None and file.size > limit:
            raise _too_large(file.size, limit)
        return self.blobs.read(file.blob, limit)

    def size(self, path: str) -> int:
        """Return the number of bytes. Raises UnreadableError."""
        file = self.files.get(path)
        if file is None:
            raise MissingFileError(f"{path} is not in this commit")
        return file.size if file.size is not None else len(self.read(path, _ANY_SIZE))


_ANY_SIZE = 1 << 40


class BlobReader:
    """Reads blobs through one ``cat-file --batch`` process, started when first needed and anew after a failure."""

    def __init__(self, git: GitRepository) -> None:
        """Prepare to read from ``git``; threads take turns."""
        self._git = git
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob: str, limit: int) -> bytes:
        """Return the content of a blob. Raises UnreadableError, TooLargeError where it is over ``limit`` bytes."""
        if self._git.bring:
            try:
                self._git.bring((blob,))
            except SnapshotError as error:
                raise UnreadableError(f"its content could not be fetched: {error}") from error
        elif self._present is not None and blob not in self._present:
            raise MissingFileError("its content was not fetched (a clone with a filter); fetch it with git first")
        with self._lock:
            try:
                return self._ask(blob, limit)
            except OSError as error:
                self._stop()
                raise UnreadableError(f"git did not hand out its content: {error}") from error

    @cached_property
    def _present(self) -> frozenset[str] | None:
        """The objects that are here, None for all: asking for an absent one would make git try to fetch it."""
        if not self._git.is_partial:
            return None
        command = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)")
        return frozenset(self._git.output(*command).decode().split())

    def _ask(self, blob: str, limit: int) -> bytes:
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - pipes were asked for
        process.stdin.write(blob.encode() + b"\n")
        process.stdin.flush()
        header = process.stdout.readline().split()
        if len(header) != 3 or header[1] != b"blob":  # noqa: PLR2004 - name, type, size
            # What follows the header of another type is its content; it is easier to start anew than to skip it.
            self._stop()
            raise MissingFileError("its content is not in this repository")
        size = int(header[2])
        if size > limit:
            self._stop()
            raise _too_large(size, limit)
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


@dataclass(frozen=True)
class LaidOver:
    """Files in memory, laid over other contents (None: nothing below)."""

    below: Contents | None
    files: Mapping[str, bytes]

    def read(self, path: str, limit: int) -> bytes:
        """Return the file's bytes. Raises UnreadableError."""
        content = self.files.get(path)
        if content is None:
            return self._below(path).read(path, limit)
        if len(content) > limit:
            raise _too_large(len(content), limit)
        return content

    def size(self, path: str) -> int:
        """Return the number of bytes. Raises UnreadableError."""
        content = self.files.get(path)
        return self._below(path).size(path) if content is None else len(content)

    def _below(self, path: str) -> Contents:
        if self.below is None:
            raise MissingFileError(f"{path} is not in this snapshot")
        return self.below
