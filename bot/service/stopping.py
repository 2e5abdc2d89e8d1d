"""How a process is told to stop: SIGTERM or SIGINT asks it to, a second one ends it at once."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType
from typing import Final

INTERRUPTED: Final = 130


class Stopping:
    """Whether the process was asked to stop. Made in the main thread, before any other thread is."""

    def __init__(self) -> None:
        self.is_asked = False
        # An event of threads cannot be set by a signal that meets the thread which waits for it.
        self._read, self._written = os.pipe()
        os.set_blocking(self._written, False)
        self._before = {number: signal.signal(number, self._told) for number in (signal.SIGTERM, signal.SIGINT)}

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until it is asked; return whether it is."""
        if not self.is_asked:
            select.select([self._read], [], [], seconds)
        return self.is_asked

    def ask(self) -> None:
        """Ask, as a signal does."""
        self.is_asked = True
        os.write(self._written, b".")

    def close(self) -> None:
        """Let signals mean what they meant before."""
        for number, before in self._before.items():
            signal.signal(number, before)
        os.close(self._read)
        os.close(self._written)

    def _told(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.is_asked:
            # Nothing is written or waited for: what runs is adopted as that of a process that was killed.
            os._exit(INTERRUPTED)
        self.ask()
