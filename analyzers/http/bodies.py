"""Response bodies: read within bounds, kept packed (gzip) where they are large."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

from analyzers.errors import FetchError
from analyzers.model.exchange import Response

# Up to here a body is kept as it is; beyond, each reader unpacks it for itself, so that many large answers
# under way do not add up (the npm registry's documents reach tens of megabytes).
KEPT_PLAIN = 512 * 1024
_STEP = 256 * 1024
_LEVEL = 1  # speed counts more than the last bytes
_GZIP = 31  # zlib's word for "with a gzip header"

Keep: TypeAlias = Callable[[bytes], None]


class PackedResponse(Response):
    """A response whose body is unpacked each time it is asked for, and lives only as long as its reader keeps it."""

    __slots__ = ("_packed",)
    _packed: bytes

    def __init__(self, status: int, headers: Mapping[str, str], packed: bytes, keep: Keep | None = None) -> None:
        values = {"status": status, "headers": headers, "read": None, "keep": keep, "_packed": packed}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def body(self) -> bytes:
        """Return the unpacked body."""
        return zlib.decompress(self._packed, _GZIP)


class BodyReader:
    """Takes a body in pieces. `packed` is all of it as gzip, `size` its length unpacked.

    ``encoding`` is the Content-Encoding; only gzip and none are asked for, so only these are understood.
    Raises FetchError: too-large, malformed-answer.
    """

    def __init__(self, encoding: str, max_bytes: int) -> None:
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise FetchError("malformed-answer", f"the answer came in the encoding {encoding[:40]!r}, unasked")
        self._max_bytes = max_bytes
        self._unpack = zlib.decompressobj(_GZIP) if "gzip" in encoding else None
        self._pack: zlib._Compress | None = None
        self._packed: list[bytes] = []
        self._plain: list[bytes] = []
        self.size = 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece from the wire."""
        if self._unpack is None:
            self._keep(piece)
            if self._pack:
                self._packed.append(self._pack.compress(piece))
        else:
            self._packed.append(piece)
            self._unpack_piece(piece)

    def finish(self) -> None:
        """Say that the body is complete. Raises FetchError where it ended early."""
        if self._pack:
            self._packed.append(self._pack.flush())
        elif self._unpack and self._packed and not self._unpack.eof:
            raise FetchError("malformed-answer", "the compressed answer ended early")

    @property
    def packed(self) -> bytes:
        """The whole body as gzip, after `finish`."""
        return b"".join(self._packed) or zlib.compress(b"".join(self._plain), _LEVEL, _GZIP)

    def response(self, status: int, headers: Mapping[str, str], keep: Keep | None = None) -> Response:
        """Return the response: plain where small, packed where large."""
        if self.size > KEPT_PLAIN:
            return PackedResponse(status, headers, self.packed, keep)
        return Response(status, headers, b"".join(self._plain), keep=keep)

    def _keep(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._max_bytes:
            raise FetchError("too-large", f"the answer is over {self._max_bytes} bytes")
        if self.size <= KEPT_PLAIN:
            self._plain.append(piece)
        elif self._plain:
            self._start_packing()

    def _start_packing(self) -> None:
        """Give up the plain text of a body that has become large; from here on it is kept packed."""
        if self._unpack is None:
            self._pack = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
            self._packed = [self._pack.compress(kept) for kept in self._plain]
        self._plain.clear()

    def _unpack_piece(self, piece: bytes) -> None:
        """Unpack in bounded steps, so that a small bomb cannot grow past the bound before it is counted."""
        decoder = self._unpack
        if decoder is None or decoder.eof:
            # A second member would be legal, but no registry sends one.
            raise FetchError("malformed-answer", "the compressed answer has something behind its end")
        try:
            while True:
                plain = decoder.decompress(piece, _STEP)
                self._keep(plain)
                piece = decoder.unconsumed_tail
                if not piece and len(plain) < _STEP:
                    break
        except zlib.error as error:
            raise FetchError("malformed-answer", f"the compressed answer is damaged: {error}") from error
        if decoder.unused_data:
            raise FetchError("malformed-answer", "the compressed answer has something behind its end")


def unpacked(status: int, headers: Mapping[str, str], packed: bytes, size: int, keep: Keep | None = None) -> Response:
    """Return a stored response: ``packed`` is its body as gzip, ``size`` the length unpacked."""
    if size > KEPT_PLAIN:
        return PackedResponse(status, headers, packed, keep)
    return Response(status, headers, zlib.decompress(packed, _GZIP), keep=keep)
