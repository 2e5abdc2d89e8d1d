"""Starts a program with limits on what it may use up. Run by its path, so that nothing else is imported.

Arguments: seconds of processor time, bytes of address space (0: no limit), bytes of one file, processes, the number
of an inherited socket (-1: none), a port, then the command with an absolute program. Over the socket goes out the
open port, on the loopback of wherever this runs.
"""

import contextlib
import os
import socket
import sys

WAITING = 256


def limit(seconds: int, memory: int, file_size: int, processes: int) -> None:
    """Set the limits of this process, which every program started by it inherits."""
    try:
        import resource
    except ImportError:  # Windows has none
        return
    wanted = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
        (getattr(resource, "RLIMIT_NPROC", None), processes),
        # Without one of its own, that of who started this is not meant for it: Node needs gigabytes to start.
        (resource.RLIMIT_AS, memory or resource.RLIM_INFINITY),
    ]
    for kind, most in wanted:
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else hard if most == resource.RLIM_INFINITY else min(most, hard)
        # macOS knows limits that it does not let anybody set.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))


def hand_out(channel: int, port: int) -> None:
    """Send an open port over the inherited socket, and keep neither."""
    with socket.socket(fileno=channel) as out, socket.create_server(("127.0.0.1", port), backlog=WAITING) as opened:
        socket.send_fds(out, [b"port"], [opened.fileno()])


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:7]]
    if numbers[4] >= 0:
        hand_out(*numbers[4:])
    limit(*numbers[:4])
    os.execv(sys.argv[7], sys.argv[7:])  # noqa: S606 - it takes the place of this process
