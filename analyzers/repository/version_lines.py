"""The lines of old versions, read ahead, and kept as long as the next comparisons may need them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzers.repository.blobs import BlobReader

MOST_BYTES = 2 * 1024 * 1024
"""A version over this size is not compared."""
_MOST_KEPT = 16 * 1024 * 1024


class _Version:
    """One version, split once and stripped when first asked for."""

    __slots__ = ("lines", "size", "stripped")

    def __init__(self, content: bytes) -> None:
        self.lines = split_lines(content)
        self.size = len(content)
        self.stripped: bytes | None = None


class VersionLines:
    """Reads versions by their blob. Methods raise UnreadableError, TooLargeError beyond 2 MB."""

    def __init__(self, blobs: BlobReader) -> None:
        """Read from ``blobs``."""
        self._blobs = blobs
        self._kept: dict[bytes, _Version] = {}
        self._size = 0

    def ensure(self, blobs: Iterable[bytes]) -> None:
        """Fetch what a copy of ours lacks."""
        self._blobs.ensure(blob.decode() for blob in blobs if blob not in self._kept)

    def expect(self, blobs: Iterable[bytes]) -> None:
        """Take note of what will be asked for next, in about this order."""
        self._blobs.expect((blob.decode() for blob in blobs if blob not in self._kept), MOST_BYTES)

    def size(self, blob: bytes) -> int:
        """Return the number of bytes."""
        return self._version(blob).size

    def of(self, blob: bytes) -> Sequence[bytes]:
        """Return the lines, without their ends."""
        return self._version(blob).lines

    def stripped(self, blob: bytes) -> bytes:
        """Return the lines in one piece, without their indentation."""
        version = self._version(blob)
        if version.stripped is None:
            version.stripped = stripped(version.lines)
        return version.stripped

    def _version(self, blob: bytes) -> _Version:
        version = self._kept.pop(blob, None)
        if version is None:
            version = _Version(self._blobs.read(blob.decode(), MOST_BYTES))
            self._size += version.size
        # What was asked for last stands last, and goes last.
        self._kept[blob] = version
        while self._size > _MOST_KEPT and len(self._kept) > 1:
            self._size -= self._kept.pop(next(iter(self._kept))).size
        return version


def split_lines(content: bytes) -> list[bytes]:
    """Split at line ends of any kind, as the languages themselves count lines."""
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


def stripped(lines: Iterable[bytes]) -> bytes:
    """Return lines in one piece, each without its indentation, and between two line ends."""
    return b"\n" + b"\n".join(line.strip() for line in lines) + b"\n"
