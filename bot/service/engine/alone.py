"""One process to one SQLite file: a second one would do again what the first one is doing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bot.service.engine.errors import EngineError, SecondProcessError

NAME: Final = "debtscan.lock"


class Alone:
    """A lock on a folder, for as long as the process lives. Children do not inherit it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take it. Raises SecondProcessError where another process has it, EngineError where nobody can."""
        import fcntl

        descriptor = self._opened()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 20).decode(errors="replace").strip()
            os.close(descriptor)
            raise SecondProcessError(
                f"another process{f' ({owner})' if owner else ''} works on {self._path.parent}; stop it, give this one"
                " another folder (data), or use PostgreSQL (DEBTSCAN_DATABASE) for several"
            ) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise EngineError(
                f"{self._path}: cannot be opened ({error.strerror}); give it and its folder to the service's own user"
            ) from error

    def release(self) -> None:
        """Let another process have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
