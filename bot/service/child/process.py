"""The child as a process: started with named variables in a folder of its own, ended with all that it started."""

from __future__ import annotations

import os
import signal
import site
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

import bot
from analyzers.syntax.credentials import whole_words
from bot.service.child.carried import told
from bot.service.child.walls import Reach, around
from bot.service.child.wire import Channel
from bot.upgrade.locks import kept
from bot.upgrade.locks.walls import CERTIFICATES

_KEPT: Final = ("PATH", *CERTIFICATES)
_PROXIES: Final = tuple(name for one in ("http_proxy", "https_proxy", "all_proxy") for name in (one, one.upper()))
_EXEMPT: Final = ("no_proxy", "NO_PROXY")
_MOST_LOG: Final = 20_000
_END_SECONDS: Final = 15.0
_BY_SIGNAL: Final = 128

MODULE: Final = "bot.service.child"


@dataclass(frozen=True, slots=True)
class Running:
    """A child at work. `scratch` is its folder, which goes with it."""

    channel: Channel
    scratch: Path
    _process: subprocess.Popen[bytes] = field(repr=False)
    _last: bytearray = field(repr=False)
    _reader: threading.Thread = field(repr=False)

    def end(self) -> int:
        """End it, and all that it started, where it has not ended; return how: its exit code, by a signal 128 + its."""
        if self._process.poll() is None:
            # What keeps it ends all that it started, also what went out of its group.
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=_END_SECONDS)
        return self._gone()

    def ended(self) -> int:
        """Return how it ended, of itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_END_SECONDS)
        return self._gone()

    @property
    def log(self) -> str:
        """The last whole words that it said on standard error, without secrets."""
        said = bytes(self._last)
        # It may have been ended while it spoke.
        words = whole_words(said.decode(errors="replace"), cut_before=len(said) == _MOST_LOG, cut_after=True)
        return told(words, _MOST_LOG)

    def _gone(self) -> int:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._reader.join(timeout=5)
        if self._process.stderr and not self._reader.is_alive():
            self._process.stderr.close()
        return code if code >= 0 else _BY_SIGNAL - code


@contextmanager
def running(seconds: float, reach: Reach, module: str = MODULE) -> Iterator[Running]:
    """Start a child for at most so many seconds, and end it in any case. Behind walls, where there can be any."""
    with TemporaryDirectory(prefix="debtscan-scan-") as folder:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                process = _start(Path(folder), theirs, module, around(reach, Path(folder)))
            last = bytearray()
            reader = threading.Thread(target=_drain, args=(process, last), daemon=True)
            reader.start()
            one = Running(Channel(ours, time.monotonic() + seconds), Path(folder), process, last, reader)
            try:
                yield one
            finally:
                one.end()


def environment(environ: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Return all that a child gets to know: where programs and certificates lie, and proxies without a password."""
    proxies = {name: environ[name] for name in _PROXIES if _is_open(environ.get(name, ""))}
    exempt = {name: environ[name] for name in _EXEMPT if proxies and name in environ}
    # The packages of a user's own lie by the home that the child has not.
    packages = {"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {}
    return {
        **{name: environ[name] for name in _KEPT if environ.get(name)},
        **proxies,
        **exempt,
        **packages,
        "PYTHONPATH": str(Path(bot.__file__).resolve().parent.parent),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LC_ALL": "C.UTF-8",
        # Each thread's share of the heap counts as memory that is used.
        "MALLOC_ARENA_MAX": "2",
    }


def _is_open(proxy: str) -> bool:
    try:
        return bool(proxy) and "@" not in urlsplit(proxy if "://" in proxy else f"http://{proxy}").netloc
    except ValueError:
        return False


def _start(scratch: Path, channel: socket.socket, module: str, walls: Sequence[str]) -> subprocess.Popen[bytes]:
    keeper = (sys.executable, "-I", str(Path(kept.__file__).resolve()))
    return subprocess.Popen(
        [*walls, *keeper, sys.executable, "-P", "-X", "faulthandler", "-m", module, str(channel.fileno())],
        env=environment(os.environ, scratch),
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        pass_fds=(channel.fileno(),),
    )


def _drain(process: subprocess.Popen[bytes], last: bytearray) -> None:
    assert process.stderr is not None  # noqa: S101 - a pipe was asked for
    while block := process.stderr.read1(8192):  # type: ignore[attr-defined] # a buffered reader, which the stubs do not say
        last += block
        del last[:-_MOST_LOG]
