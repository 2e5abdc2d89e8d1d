"""A bare copy of a remote repository, for scanning OWNER/REPO: the one place where git talks to a network."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from analyzers.errors import SnapshotError
from analyzers.repository.git_process import program

SECONDS = 1800
_LOOK_SECONDS = 2
_CLONE = ("clone", "--bare", "--single-branch", "--no-tags", "--template=", "--no-progress")
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
_FILTER = "--filter=blob:none"
_HARMLESS = (
    "zeroPaddedFilemode",
    "badDate",
    "badDateOverflow",
    "badEmail",
    "badName",
    "badTimezone",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
)
"""What old programs wrote into many a history: lines of authors that are read all the same, and modes of folders."""
_UNFILTERED = b"filtering not recognized by server"
_KEPT = ("PATH", "SYSTEMROOT", "COMSPEC", "TEMP", "TMP", "TMPDIR", "SSL_CERT_FILE", "GIT_SSL_CAINFO")
# As the rest of debtscan takes them (analyzers/http/surroundings.py); many builds of git know but their own.
_AUTHORITIES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")
# curl reads HTTP_PROXY in small letters only.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class RefusedPackError(SnapshotError):
    """What the server sent did not pass git's checks."""


class TooMuchError(SnapshotError):
    """The copy takes more room than it may."""


def clone(url: str, folder: Path, *, authorization: str | None = None, most_bytes: int = 0) -> None:
    """Clone the default branch of ``url`` into the bare repository ``folder``, history included.

    ``authorization`` is the value of that header; it reaches git through its environment alone, is sent to the host
    of ``url`` only and is not stored in the copy. Raises SnapshotError without it, and TooMuchError where the copy
    takes more than ``most_bytes`` (0: any number).
    """
    _run((*_CLONE, "--", url, str(folder)), url, authorization, room=_Room(folder, most_bytes))


def clone_without_contents(url: str, folder: Path, *, authorization: str | None = None, most_bytes: int = 0) -> bool:
    """Clone as `clone` does, but without the contents of files; return False where the server sends all the same."""
    said = _run((*_CLONE, _FILTER, "--", url, str(folder)), url, authorization, room=_Room(folder, most_bytes))
    return _UNFILTERED not in said


def fetch(
    url: str,
    folder: Path,
    refs: Mapping[str, str],
    *,
    authorization: str | None = None,
    contents: bool = True,
    most_bytes: int = 0,
) -> None:
    """Add further refs of ``url`` to a copy: ``refs/pull/7/head`` → the name that it gets there.

    ``authorization`` and ``most_bytes`` are as in `clone`. Without ``contents`` those of the files stay where they are.
    Raises SnapshotError.
    """
    wanted = [f"+{theirs}:{ours}" for theirs, ours in refs.items()]
    without = () if contents else (_FILTER,)
    command = (f"--git-dir={folder}", *_FETCH, *without, "--", url, *wanted)
    _run(command, url, authorization, room=_Room(folder, most_bytes))


def fetch_objects(
    url: str, folder: Path, names: Iterable[str], *, authorization: str | None = None, most_bytes: int = 0
) -> None:
    """Add single objects to a copy, with one request. The rest is as in `fetch`."""
    # What the copy has says nothing about what it lacks here, so nothing is negotiated.
    command = (f"--git-dir={folder}", "-c", "fetch.negotiationAlgorithm=noop", *_FETCH, _FILTER, "--stdin")
    content = "\n".join(names).encode()
    _run((*command, "--", url), url, authorization, content, _Room(folder, most_bytes))


@dataclass(frozen=True, slots=True)
class _Room:
    """What a copy may take: `most_bytes` of 0 are any number."""

    folder: Path
    most_bytes: int

    def check(self, url: str) -> None:
        """Raise TooMuchError where it takes more."""
        if self.most_bytes and size_of(self.folder) > self.most_bytes:
            megabytes = f"{self.most_bytes / 1024**2:,.0f} MiB"
            raise TooMuchError(f"{url}: the copy takes more than {megabytes}, the most that a repository may")


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder; what goes meanwhile does not count."""
    total = 0
    for where, _names, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_size  # noqa: PTH118 - as os.walk gives it
    return total


def _run(
    arguments: Sequence[str], url: str, authorization: str | None, content: bytes = b"", room: _Room | None = None
) -> bytes:
    """Run git with ``content`` as its standard input; return what it said. Raises SnapshotError."""
    done = _done([program(), *arguments], url, _environment(_settings(url, authorization)), content, room)
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        why = reason[-1].removeprefix("fatal: ") if reason else f"git ended with {done.returncode}"
        failed = RefusedPackError if b"invalid index-pack output" in done.stderr else SnapshotError
        raise failed(f"{url} cannot be copied: {why}; check the name, and GITHUB_TOKEN where it is private")
    return done.stderr


def _done(
    command: list[str], url: str, variables: dict[str, str], content: bytes, room: _Room | None
) -> subprocess.CompletedProcess[bytes]:
    pipe = subprocess.PIPE
    deadline = time.monotonic() + SECONDS
    with subprocess.Popen(command, env=variables, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        given: bytes | None = content
        try:
            while True:
                try:
                    said, errors = process.communicate(given, timeout=_LOOK_SECONDS)
                    break
                except subprocess.TimeoutExpired as error:
                    # What was given once goes on being written.
                    given = None
                    if time.monotonic() > deadline:
                        late = f"{url}: the copy did not arrive within {SECONDS // 60} minutes"
                        raise SnapshotError(late) from error
                    if room:
                        room.check(url)
        except BaseException:
            process.kill()
            raise
    if room:
        room.check(url)
    return subprocess.CompletedProcess(command, process.returncode, said, errors)


def _settings(url: str, authorization: str | None) -> list[tuple[str, str]]:
    settings = [
        ("core.hooksPath", os.devnull),
        ("credential.helper", ""),
        ("http.followRedirects", "initial" if authorization is None else "false"),
        ("http.lowSpeedLimit", "1000"),
        ("http.lowSpeedTime", "60"),
        ("transfer.fsckObjects", "true"),
        *((f"fetch.fsck.{kind}", "ignore") for kind in _HARMLESS),
    ]
    if authorization is not None:
        settings.append((f"http.{url}.extraHeader", f"Authorization: {authorization}"))
    return settings


def _environment(settings: list[tuple[str, str]]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in (*_KEPT, *_PROXIES) if name in os.environ}
    authorities = next((os.environ[name] for name in _AUTHORITIES if os.environ.get(name)), None)
    if authorities is not None:
        kept.setdefault("GIT_SSL_CAINFO", authorities)
    for number, (name, value) in enumerate(settings):
        kept[f"GIT_CONFIG_KEY_{number}"] = name
        kept[f"GIT_CONFIG_VALUE_{number}"] = value
    return kept | {
        "GIT_CONFIG_COUNT": str(len(settings)),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ALLOW_PROTOCOL": "https:http",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "false",
        "LC_ALL": "C",
    }
