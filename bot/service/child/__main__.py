"""``python -P -m bot.service.child NUMBER``: one task, over the inherited socket of that number."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Final

from analyzers.errors import DebtscanError
from analyzers.syntax.credentials import masked
from bot.service.child.asking import Service
from bot.service.child.carried import told
from bot.service.child.messages import Bounds, Failure, Task
from bot.service.child.wire import Channel, EndedError

_DIES_WITH_PARENT: Final = 1
_MOST_LOG: Final = 20_000
_NICE: Final = 10


def main(number: int) -> int:
    """Do the task; return the exit code."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    # The service answers GitHub and people in milliseconds, on the same processors.
    os.nice(_NICE)
    # What prints must not be taken for a message.
    os.dup2(2, 1)
    with socket.socket(fileno=number) as opened:
        # Lock tools and git have nothing to say to the service.
        opened.set_inheritable(False)
        channel = Channel(opened)
        try:
            task = channel.receive(Task)
            _bound(task.bounds)
            _do(task, Service(channel))
        except EndedError:
            return 1
    return 0


def _do(task: Task, service: Service) -> None:
    try:
        result = _work(task, service)
    except MemoryError:
        _unbound_memory()
        service.failed(Failure(kind="memory", message="the memory that a scan may take was not enough"))
    except DebtscanError as error:
        service.failed(service.crossing(error))
    except EndedError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of debtscan is the service's to tell
        said, log = f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error))
        service.failed(Failure(kind="internal", message=told(said), log=told(masked(log)[-_MOST_LOG:], _MOST_LOG)))
    else:
        service.done(result)


def _work(task: Task, service: Service) -> object:
    # Each loads what it needs: a scan does without all that acts.
    match task.work:
        case "scan":
            from bot.service.child.scan import scan

            return scan(task, service)
        case "act":
            from bot.service.child.act import act

            return act(task, service)
        case "compare":
            from bot.service.child.compare import compare

            return compare(task, service)
        case "invite":
            from bot.service.child.invite import invite

            return invite(task, service)


def _bound(bounds: Bounds) -> None:
    """Bound this process and what it starts; lock tools, which have bounds of their own, may go up to the hard ones."""
    wanted = (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_CPU, bounds.processor),
        (resource.RLIMIT_FSIZE, bounds.file),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in wanted:
        hard = resource.getrlimit(kind)[1]
        # macOS knows limits that it does not let anybody set.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _unbound_memory() -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
