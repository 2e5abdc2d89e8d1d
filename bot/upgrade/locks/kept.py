"""Runs a command and ends with it all that it started, also what went out of its group. Run by its path.

On Linux orphans are given to this process, and it ends with the process that started it. Elsewhere there is no such
thing, and only the group ends.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator

_DIES_WITH_PARENT = 1
_GETS_ORPHANS = 36
_MOST_SECONDS = 10
_BY_SIGNAL = 128


def keep(command: list[str]) -> int:
    """Return the command's exit code, by a signal as shells tell it."""
    signal.signal(signal.SIGTERM, _stop)
    _adopt()
    try:
        started = os.spawnv(os.P_NOWAIT, command[0], command)  # noqa: S606 - no shell is wanted
        while True:
            ended, status = os.wait()
            if ended == started:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else _BY_SIGNAL - code
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _end_all()


def _stop(number: int, _frame: object) -> None:
    sys.exit(_BY_SIGNAL + number)


def _adopt() -> None:
    if sys.platform == "linux":
        control = ctypes.CDLL(None).prctl
        control(_GETS_ORPHANS, 1)
        control(_DIES_WITH_PARENT, signal.SIGTERM)


def _end_all() -> None:
    """End children until there is none: what a child leaves behind is a child then."""
    deadline = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < deadline:
        for child in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def _children() -> Iterator[int]:
    own = str(os.getpid())
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():  # noqa: PTH112, PTH208 - nothing is imported
        with contextlib.suppress(OSError):
            if name.isdigit() and _parent(name) == own:
                yield int(name)


def _parent(number: str) -> str:
    with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 - as above
        # The name stands in brackets, and may hold some.
        return stream.read().rpartition(")")[2].split()[1]


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1:]))
