"""A bare copy of a remote repository, for scanning OWNER/REPO: the one place where git talks to a network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analyzers.errors import SnapshotError
from analyzers.repository.git_process import program

SECONDS = 1800
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


def clone(url: str, folder: Path, *, authorization: str | None = None) -> None:
    """Clone the default branch of ``url`` into the bare repository ``folder``, history included.

    ``authorization`` is the value of that header; it reaches git through its environment alone, is sent to the host
    of ``url`` only and is not stored in the copy. Raises SnapshotError without it.
    """
    _run((*_CLONE, "--", url, str(folder)), url, authorization)


def clone_without_contents(url: str, folder: Path, *, authorization: str | None = None) -> bool:
    """Clone as `clone` does, but without the contents of files; return False where the server sends all the same."""
    return _UNFILTERED not in _run((*_CLONE, _FILTER, "--", url, str(folder)), url, authorization)


def fetch(
    url: str, folder: Path, refs: Mapping[str, str], *, authorization: str | None = None, contents: bool = True
) -> None:
    """Add further refs of ``url`` to a copy: ``refs/pull/7/head`` → the name that it gets there.

    ``authorization`` is as in `clone`. Without ``contents`` those of the files stay where they are. Raises
    SnapshotError.
    """
    wanted = [f"+{theirs}:{ours}" for theirs, ours in refs.items()]
    without = () if contents else (_FILTER,)
    _run((f"--git-dir={folder}", *_FETCH, *without, "--", url, *wanted), url, authorization)


def fetch_objects(url: str, folder: Path, names: Iterable[str], *, authorization: str | None = None) -> None:
    """Add single objects to a copy, with one request. ``authorization`` is as in `clone`. Raises SnapshotError."""
    # What the copy has says nothing about what it lacks here, so nothing is negotiated.
    command = (f"--git-dir={folder}", "-c", "fetch.negotiationAlgorithm=noop", *_FETCH, _FILTER, "--stdin")
    _run((*command, "--", url), url, authorization, "\n".join(names).encode())


def _run(arguments: Sequence[str], url: str, authorization: str | None, content: bytes = b"") -> bytes:
    """Run git with ``content`` as its standard input; return what it said. Raises SnapshotError."""
    try:
        done = subprocess.run(
            [program(), *arguments],
            env=_environment(_settings(url, authorization)),
            input=content,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise SnapshotError(f"{url}: the copy did not arrive within {SECONDS // 60} minutes") from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        why = reason[-1].removeprefix("fatal: ") if reason else f"git ended with {done.returncode}"
        failed = RefusedPackError if b"invalid index-pack output" in done.stderr else SnapshotError
        raise failed(f"{url} cannot be copied: {why}; check the name, and GITHUB_TOKEN where it is private")
    return done.stderr


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
