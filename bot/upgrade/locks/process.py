"""One call of a program: its exit code and last output, and an end for all that it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

from analyzers.syntax.credentials import whole_words
from bot.upgrade.locks import kept, limited
from bot.upgrade.locks.model import LockRefusedError, LockUnansweredError
from bot.upgrade.locks.way_out import WayOut

_MOST_FILE: Final = 1024 * 1024 * 1024
_MOST_PROCESSES: Final = 4096
_MOST_OUTPUT: Final = 64 * 1024
_END_SECONDS: Final = 15.0
_START_SECONDS: Final = 30.0
_BY_SIGNAL: Final = 128
# On the loopback that a walled tool has for itself.
_PORT: Final = 3128


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A `command` with an absolute program, and its bounds. `memory` 0: none. `walls` are what starts it walled in."""

    command: Sequence[str]
    variables: Mapping[str, str]
    folder: Path
    seconds: float
    memory: int = 0
    walls: Sequence[str] = ()


def run(call: Call, way_out: WayOut) -> tuple[int, str]:
    """Return exit code and last output. All processes, and the way out, end with the call. Raises LockRefusedError."""
    try:
        return _walled(call, way_out) if call.walls else _unwalled(call, way_out)
    finally:
        way_out.end()


def proxies(port: int) -> dict[str, str]:
    """Return what tells pip, uv, Poetry, git, npm, pnpm and Yarn the way out, and that nobody is asked past it."""
    address = f"http://127.0.0.1:{port}"
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "npm_config_proxy", "npm_config_https_proxy")
    return {**dict.fromkeys(names, address), **dict.fromkeys(("no_proxy", "NO_PROXY", "npm_config_noproxy"), "")}


def ended(code: int, words: str) -> str:
    """Return what a failed program said, and how it ended where that says more."""
    number = -code if code < 0 else code - _BY_SIGNAL
    with suppress(ValueError):
        return f"it was ended by {signal.Signals(number).name}" + (f", and said: {words}" if words else "")
    return words or f"it ended with exit code {code} and no word"


def _walled(call: Call, way_out: WayOut) -> tuple[int, str]:
    """Run behind walls: the port is opened there, and served from here."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [*call.walls, *_limited(call, theirs.fileno())]
        variables = {**call.variables, **proxies(_PORT)}

        def begun() -> None:
            theirs.close()
            ours.settimeout(_START_SECONDS)
            # What never came to open a port says why when it ends.
            with suppress(OSError):
                for descriptor in socket.recv_fds(ours, 16, 1)[1]:
                    way_out.serve(socket.socket(fileno=descriptor))

        return _communicate(command, variables, call, begun, theirs.fileno())


def _unwalled(call: Call, way_out: WayOut) -> tuple[int, str]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=limited.WAITING)
    variables = {**call.variables, **proxies(listener.getsockname()[1])}
    way_out.serve(listener)
    # Windows has no such limits, and no way to put one program in the place of another.
    command = call.command if os.name == "nt" else [*_python(kept), *_limited(call)]
    return _communicate(command, variables, call)


def _limited(call: Call, channel: int = -1) -> list[str]:
    limits = (int(call.seconds), call.memory, _MOST_FILE, _MOST_PROCESSES, channel, _PORT)
    return [*_python(limited), *map(str, limits), *call.command]


def _python(script: ModuleType) -> list[str]:
    return [sys.executable, "-I", str(Path(script.__file__ or "").resolve())]


def _communicate(
    command: Sequence[str],
    variables: Mapping[str, str],
    call: Call,
    begun: Callable[[], None] = lambda: None,
    *inherited: int,
) -> tuple[int, str]:
    try:
        process = subprocess.Popen(
            command,
            env=dict(variables),
            cwd=call.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=inherited,
        )
    except OSError as error:
        raise LockRefusedError(f"{Path(command[0]).name} cannot be started: {error}") from error
    last = bytearray()
    reader = threading.Thread(target=_drain, args=(process, last), daemon=True)
    reader.start()
    try:
        begun()
        code = process.wait(timeout=call.seconds)
    except subprocess.TimeoutExpired as error:
        raise LockUnansweredError(f"it took longer than {call.seconds:.0f} seconds and was stopped") from error
    finally:
        _end(process)
        reader.join(timeout=5)
        if process.stdout and not reader.is_alive():
            process.stdout.close()
    # Half a secret at the front would not be known as one.
    return code, whole_words(bytes(last).decode(errors="replace"), cut_before=len(last) == _MOST_OUTPUT)


def _drain(process: subprocess.Popen[bytes], last: bytearray) -> None:
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    while block := process.stdout.read1(8192):  # type: ignore[attr-defined] # a buffered reader, which the stubs do not say
        last += block
        del last[:-_MOST_OUTPUT]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    if process.poll() is None:
        # It ends its own first, also those that are out of its group.
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_END_SECONDS)
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
