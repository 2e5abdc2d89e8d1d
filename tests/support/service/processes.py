"""Start the processes of `small`, and end, pause and resume them for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from tests.support.service.small import Spec

_ROOT = Path(__file__).resolve().parents[3]
_PATIENCE = 60.0


@dataclass
class Small:
    """One process. `log` holds its errors."""

    process: subprocess.Popen[str]
    log: Path

    def first_line(self) -> str:
        """Return the first line of the output: the process works from then on, or is done."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, f"it ended with {self.process.wait(_PATIENCE)}: {self.told()}"
        return line

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(_PATIENCE)

    def pause(self) -> None:
        """Stop it, threads and all, until `resume`."""
        self.process.send_signal(signal.SIGSTOP)
        # It stands only once the system says so.
        os.waitpid(self.process.pid, os.WUNTRACED)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def terminate(self) -> int:
        """Ask it to stop, and return what it ended with."""
        self.process.terminate()
        return self.process.wait(_PATIENCE)

    def status(self) -> int:
        """Return what it ended with, which is waited for."""
        return self.process.wait(_PATIENCE)

    def told(self) -> str:
        """Return what it wrote to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Smalls:
    """All processes of a test."""

    folder: Path
    started: list[Small] = field(default_factory=list)

    def start(self, what: Literal["work", "deliver"], spec: Spec, variables: Mapping[str, str] | None = None) -> Small:
        """Start a process; `Small.first_line` waits until it works. `variables` are added to its environment."""
        log = self.folder / f"process-{len(self.started)}.log"
        command = [
            sys.executable,
            "-W",
            "error",
            "-m",
            "tests.support.service.small",
            what,
            msgspec.json.encode(spec).decode(),
        ]
        with log.open("wb") as stream:
            process = subprocess.Popen(
                command,
                cwd=_ROOT,
                env={**os.environ, **(variables or {})},
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
            )
        small = Small(process, log)
        self.started.append(small)
        return small


@contextmanager
def smalls(folder: Path) -> Iterator[Smalls]:
    """Yield what starts processes; those that are left at the end are killed."""
    all_ = Smalls(folder)
    try:
        yield all_
    finally:
        for small in all_.started:
            if small.process.poll() is None:
                small.process.kill()
                small.process.wait(_PATIENCE)
            assert small.process.stdout is not None
            small.process.stdout.close()
