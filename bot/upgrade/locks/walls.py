"""What a lock tool may see, written as arguments of bubblewrap: a list of what is there, and nothing else.

There is no network either. The starter (see `limited`) opens a port on the loopback of the tool's own, empty network
and hands it out, and what is asked there is served from outside (see `way_out`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.upgrade.locks import limited
from bot.upgrade.locks.programs import consists_of

CERTIFICATES: Final = (
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("PIP_CERT", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO"),
)
_SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# Of a machine's settings what programs need to start, to know names and to trust certificates. No keys, no passwords.
_SETTINGS: Final = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "timezone", "os-release"),
    *("passwd", "group", "nsswitch.conf", "host.conf", "hosts", "resolv.conf", "protocols", "services", "mime.types"),
    *("ssl/certs", "ssl/cert.pem", "ssl/ca-bundle.pem", "ssl/openssl.cnf", "ca-certificates", "ca-certificates.conf"),
    *("pki/ca-trust/extracted", "pki/tls/certs", "pki/tls/cert.pem", "pki/tls/openssl.cnf", "crypto-policies"),
)
_NAMESPACES: Final = ("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
_APART: Final = (
    *("--unshare-net", *_NAMESPACES),
    *("--remount-ro", "/", "--cap-drop", "ALL", "--die-with-parent", "--new-session"),
)
_AMONG_ITS_OWN: Final = ("--unshare-user", *_NAMESPACES, "--remount-ro", "/", "--die-with-parent", "--new-session")


def walls(
    executable: str, environ: Mapping[str, str], home: Path, *, written: Iterable[Path], folder: Path
) -> Iterator[str]:
    """Yield the arguments for a tool that works in ``folder`` and may write below the folders ``written``."""
    # The programs of Python's own environments are links to its own.
    starter = (Path(limited.__file__).resolve(), *consists_of(sys.executable, {}, home))
    yield from room((*starter, *consists_of(executable, environ, home)), environ, written=written, folder=folder)


def room(
    readable: Iterable[Path],
    environ: Mapping[str, str],
    *,
    hidden: Iterable[Path] = (),
    within: Iterable[Path] = (),
    written: Iterable[Path],
    folder: Path,
    starts_tools: bool = False,
) -> Iterator[str]:
    """Yield the arguments for a program that works in ``folder``: it sees the system, what is ``readable``, no more.

    Of what is ``hidden`` among that it sees the folders ``within`` alone. It may write below the folders ``written``.
    One that ``starts_tools``, behind walls of their own, has the network of
    this machine, and may do among its own what building those takes.
    """
    yield from _system()
    seen = (*readable, *_certificates(environ))
    yield from _readable(seen)
    for path in hidden:
        if any(path != outer and path.is_relative_to(outer) for outer in seen):
            yield from ("--tmpfs", str(path))
    for path in within:
        yield from ("--ro-bind", str(path), str(path))
    for path in written:
        # What was cleaned away, as a cache in a folder of temporary files may be, is an empty one of this call.
        yield from ("--bind", str(path), str(path)) if path.is_dir() else ("--tmpfs", str(path))
    yield from ("--chdir", str(folder), *(_AMONG_ITS_OWN if starts_tools else _APART))


def system(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield what a program needs to read of this machine, beside its own files: the system, some settings, `/proc`."""
    yield from map(Path, (*_SYSTEM, "/proc"))
    yield from (Path("/etc", name) for name in _SETTINGS)
    yield from _certificates(environ)


@lru_cache(maxsize=4)
def stand(bubblewrap: str, outer: tuple[str, ...] = ()) -> bool:
    """Whether it works here, or within ``outer`` walls: some systems forbid what it needs."""
    try:
        command = [*outer, bubblewrap, *_system(), *_APART, "--", "true"]
        return subprocess.run(command, env={}, capture_output=True, check=False, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _system() -> Iterator[str]:
    yield from ("--dev", "/dev", "--proc", "/proc", "--dir", "/tmp", "--dir", "/run")  # noqa: S108 - empty ones
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in _SETTINGS:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")


def _readable(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the binds of what is there and is not seen yet: outer folders before those that lie in them."""
    seen = [Path(path) for path in _SYSTEM]
    there = {path for path in paths if path.is_absolute() and path.exists()}
    for path in sorted(there | {path.resolve() for path in there}):
        if not any(path.is_relative_to(outer) for outer in seen):
            seen.append(path)
            # A folder of PATH may be gone before the walls are built, as that of an environment made anew.
            yield from ("--ro-bind-try", str(path), str(path))


def _certificates(environ: Mapping[str, str]) -> Iterator[Path]:
    for name in CERTIFICATES:
        yield from map(Path, filter(None, environ.get(name, "").split(os.pathsep)))
