"""Starts a program with limits on what it may use up. Run by its path, so that nothing else is imported.

Arguments: seconds of processor time, bytes of address space (0: no limit), bytes of one file, processes, then the
command with an absolute program.
"""

import contextlib
import os
import sys


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
        (resource.RLIMIT_AS, memory or None),
    ]
    for kind, most in wanted:
        if kind is None or most is None:
            continue
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # macOS knows limits that it does not let anybody set.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))


if __name__ == "__main__":
    limit(*map(int, sys.argv[1:5]))
    os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606 - it takes the place of this process
