"""Where the bytes of a snapshot's files come from: a folder, git's objects, or memory laid over either."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from analyzers.errors import TooLargeError, UnreadableError

if TYPE_CHECKING:
    from analyzers.repository.blobs import BlobReader

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

    def blob(self, path: str, limit: int) -> str | None:
        """Return git's name of the bytes that `read` would give; None where only reading tells."""


def too_large(size: int, limit: int) -> TooLargeError:
    """Return the refusal of a file."""
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

    def blob(self, path: str, limit: int) -> str | None:  # noqa: ARG002 - the protocol's
        """Return None: what lies in a folder may be other than git knows."""
        return None

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
        raise too_large(status.st_size, limit)
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        return _read_up_to(file, status.st_size, limit)


def _read_up_to(file: IO[bytes], size: int, limit: int) -> bytes:
    # One byte more than the file has finds its end; asking for the limit would make room for it each time.
    content = file.read(size + 1)
    while len(content) > size:
        if len(content) > limit:
            raise too_large(len(content), limit)
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
            raise too_large(file.size, limit)
        return self.blobs.read(file.blob, limit)

    def size(self, path: str) -> int:
        """Return the number of bytes. Raises UnreadableError."""
        file = self.files.get(path)
        if file is None:
            raise MissingFileError(f"{path} is not in this commit")
        return file.size if file.size is not None else len(self.read(path, _ANY_SIZE))

    def blob(self, path: str, limit: int) -> str | None:
        """Return the file's blob. Where git does not tell sizes, its content may not be here: None."""
        file = self.files.get(path)
        return file.blob if file is not None and file.size is not None and file.size <= limit else None


_ANY_SIZE = 1 << 40


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
            raise too_large(len(content), limit)
        return content

    def size(self, path: str) -> int:
        """Return the number of bytes. Raises UnreadableError."""
        content = self.files.get(path)
        return self._below(path).size(path) if content is None else len(content)

    def blob(self, path: str, limit: int) -> str | None:
        """Return the blob of what lies below; nobody named what lies over it."""
        return None if path in self.files or self.below is None else self.below.blob(path, limit)

    def _below(self, path: str) -> Contents:
        if self.below is None:
            raise MissingFileError(f"{path} is not in this snapshot")
        return self.below
