"""``debtscan serve`` and ``debtscan worker`` as processes of their own, on free ports of loopback."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import urllib3

from bot.service.settings import DATABASE

_ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0


@dataclass(frozen=True)
class Running:
    """One process. `web` and `operations` are its addresses, `log` holds its errors."""

    process: subprocess.Popen[bytes]
    log: Path
    web: str
    operations: str

    def get(self, url: str, **headers: str) -> tuple[int, str]:
        """Return status and text of what it answers."""
        answer = urllib3.request("GET", url, headers=headers, timeout=10, retries=False)
        return answer.status, answer.data.decode()

    def until(self, words: str) -> None:
        """Wait for words in its log."""
        end = time.monotonic() + PATIENCE
        while words not in self.told():
            assert self.process.poll() is None, f"it ended with {self.process.returncode}: {self.told()}"
            assert time.monotonic() < end, f"it does not say {words!r}: {self.told()}"
            time.sleep(0.02)

    def told(self) -> str:
        """Return its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def terminate(self) -> int:
        """Ask it to stop, and return what it ended with."""
        self.process.terminate()
        return self.ended()

    def ended(self) -> int:
        """Return what it ended with, which is waited for."""
        return self.process.wait(PATIENCE)


def free_port() -> int:
    """Return a port that nobody listens at, and that the system gives to nobody who asks for any."""
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def written(folder: Path, **keys: str | int) -> Path:
    """Write a configuration with these keys beside the usual ones, and return its file."""
    usual: dict[str, str | int] = {
        "url": "http://127.0.0.1:8080",
        "data": str(folder / "data"),
        "listen": f"127.0.0.1:{free_port()}",
        "operations": f"127.0.0.1:{free_port()}",
        "stop-seconds": 1,
    }
    file = folder / "service.toml"
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in {**usual, **keys}.items()]
    file.write_text("\n".join(lines) + "\n")
    return file


@contextlib.contextmanager
def started(
    command: Literal["serve", "worker"], file: Path, database: str = "", environ: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Start a process, and kill it at the end where it still runs. `Running.until` waits for it."""
    values = dict(line.split(" = ", 1) for line in file.read_text().splitlines())
    web, operations = (f"http://{values[name].strip(chr(34))}" for name in ("listen", "operations"))
    log = file.with_name(f"{command}-{free_port()}.log")
    given = {**os.environ, **(environ or {}), **({DATABASE: database} if database else {})}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", command, "--settings", str(file)],
            cwd=_ROOT,
            env=given,
            stdout=stream,
            stderr=stream,
        )
    try:
        yield Running(process, log, web, operations)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(PATIENCE)
