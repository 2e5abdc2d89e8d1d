"""A real PostgreSQL on loopback, with a password, thrown away at the end. Root lets another user run it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

USER, PASSWORD = "debtscan", "s3cret"
# It ends after this many seconds even when the tests are killed.
_LIFETIME = 3600
_START = 30
_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "shared_buffers=16MB")


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the address of a database, password included. Skips where PostgreSQL is not installed."""
    with restartable_postgres() as server:
        yield server.address


class Postgres:
    """A server that can be stopped and started again, at the same address and with the same data."""

    def __init__(self, programs: Path, data: Path, port: int, user: str | None) -> None:
        self._programs = programs
        self._data = data
        self._port = port
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = (*_SETTINGS, "listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={self._port}")
        command = ["timeout", "--signal=INT", str(_LIFETIME), str(self._programs / "postgres"), "-D", str(self._data)]
        for setting in settings:
            command += ["-c", setting]
        log = self._data.parent / "log"
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                command, user=self._user, cwd=self._data.parent, stdout=stream, stderr=stream
            )
        _wait(self._process, self._data, log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: sessions are ended, and what was committed is kept. With SIGQUIT nothing is written any more."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None


@contextlib.contextmanager
def restartable_postgres() -> Iterator[Postgres]:
    """Yield a server that runs. Skips where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("needs postgresql; `make test` installs it where it can")
    user = _user()
    # Not below pytest's own folder, which is closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="debtscan-postgres-"))
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        _initialise(programs, folder, data, user)
        server = Postgres(programs, data, _free_port(), user)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder of the newest PostgreSQL; Debian keeps it beside PATH. None also without ``timeout``."""
    if not shutil.which("timeout"):
        return None
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _user() -> str | None:
    """Return who runs it: PostgreSQL refuses to run as root."""
    if sys.platform == "win32":
        return None
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _initialise(programs: Path, folder: Path, data: Path, user: str | None) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    subprocess.run(
        [
            str(programs / "initdb"),
            f"--pgdata={data}",
            f"--username={USER}",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ],
        user=user,
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=60,
    )


def _wait(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    end = time.monotonic() + _START
    ready = data / "postmaster.pid"
    while not (ready.exists() and "ready" in ready.read_text()):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
