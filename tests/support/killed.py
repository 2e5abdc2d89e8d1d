"""``debtscan`` as a process of its own, and ``kill -9`` in the middle of its writes."""

from __future__ import annotations

import signal
import subprocess
import sys

from tests.support.github import GitHubStandIn


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start ``debtscan`` with these arguments, in the environment of the test."""
    command = [sys.executable, "-m", "tests.support.hasty", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait for its end; return its code and all that it said."""
    told, _ = process.communicate(timeout=60)
    return process.returncode, told.decode()


def kill_after_write(github: GitHubStandIn, nth: int, *arguments: str) -> None:
    """Start ``debtscan`` and kill it as soon as its ``nth`` write has taken effect, before it hears of that.

    Killed before a write's effect is the same as killed after the effect of the write before it.
    """
    killed, told = is_killed_after_write(github, nth, *arguments)
    assert killed, told


def is_killed_after_write(github: GitHubStandIn, nth: int, *arguments: str) -> tuple[bool, str]:
    """Do the same; return whether it came so far, and what it said."""
    running: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        running[0].kill()
        running[0].wait()

    fault = github.fault("write", nth=nth, after=True, drop=True, call=kill)
    running.append(start(*arguments))
    code, told = finish(running[0])
    # A run that has no such write must not leave that to the next.
    fault.nth = sys.maxsize
    return code == -signal.SIGKILL, told
