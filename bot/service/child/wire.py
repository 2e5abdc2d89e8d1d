"""Messages over the socket between the service and its child: each its length, then itself."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec

from analyzers.typed import from_msgpack

_LENGTH: Final = 8
_PIECE: Final = 1024 * 1024

MOST_BYTES: Final = 256 * 1024 * 1024
"""Of one message."""

Message = TypeVar("Message")


class EndedError(Exception):
    """The other side is gone."""


class JunkError(Exception):
    """What came is no message; the text says why."""


class LateError(Exception):
    """The time is up."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One end. `deadline` (monotonic seconds) bounds all that is sent and received; None: nothing does."""

    socket: socket.socket = field(repr=False)
    deadline: float | None = None

    def send(self, message: object) -> None:
        """Send one message. Raises EndedError, LateError, and UnicodeEncodeError for text that is none."""
        content = msgspec.msgpack.encode(message)
        with _Translated():
            self._wait()
            self.socket.sendall(len(content).to_bytes(_LENGTH, "big"))
            for start in range(0, len(content), _PIECE):
                self._wait()
                self.socket.sendall(content[start : start + _PIECE])

    def receive(self, kind: type[Message]) -> Message:
        """Return the next message. Raises EndedError, LateError, JunkError."""
        length = int.from_bytes(self._exactly(_LENGTH), "big")
        if length > MOST_BYTES:
            raise JunkError(f"a message of {length:,} bytes")
        try:
            return from_msgpack(self._exactly(length), kind)
        except (ValueError, RecursionError) as error:
            raise JunkError(str(error)) from error

    def _exactly(self, count: int) -> bytes:
        # It grows with what arrives, not with what is announced.
        found = bytearray()
        with _Translated():
            while len(found) < count:
                self._wait()
                piece = self.socket.recv(min(_PIECE, count - len(found)))
                if not piece:
                    raise EndedError
                found += piece
        return bytes(found)

    def _wait(self) -> None:
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise LateError
            self.socket.settimeout(left)


class _Translated:
    """Tells what a socket raises in this module's words."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TimeoutError):
            raise LateError from error
        if isinstance(error, OSError):
            raise EndedError from error
