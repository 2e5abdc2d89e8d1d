"""Addresses and credentials, from the user's own settings only: never from a scanned repository's files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from analyzers.http import clients
from analyzers.http.clients import Credential, Found

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Credentials:
    """Finds the credential for an address. Its repr says how many there are, and nothing more.

    ``plain`` are hosts (with port) that the user's settings themselves name with ``http://``; every other host gets
    credentials over TLS only, this machine excepted.
    """

    def __init__(self, entries: Iterable[Credential] = (), plain: Iterable[str] = ()) -> None:
        # The longest path first; the sort is stable, so earlier entries win among equals.
        self._entries = sorted(entries, key=lambda entry: len(entry.path), reverse=True)
        self._plain = frozenset(plain)

    def __repr__(self) -> str:
        return f"<Credentials for {len({entry.host for entry in self._entries})} hosts>"

    def authorization(self, url: str) -> str | None:
        """Return the value of the Authorization header for ``url``, None where the user has none for it."""
        return next((entry.header for entry in self._fitting(url) if entry.header), None)

    def identity(self, url: str) -> str | None:
        """Return the identity token for ``url``, None where the user has none for it."""
        return next((entry.identity for entry in self._fitting(url) if entry.identity), None)

    def has_any_for(self, host: str) -> bool:
        """Return whether the user has a credential for something on a host."""
        return any(entry.host == host for entry in self._entries)

    def _fitting(self, url: str) -> Iterator[Credential]:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if parts.scheme == "https" or host in _LOOPBACK or parts.netloc.lower() in self._plain:
            yield from (entry for entry in self._entries if _fits(entry, host, parts))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user's tools are set to. `addresses`: source name, ``npm:@scope`` → base address, without secrets.

    `notes` are sentences on what was seen and is not used.
    """

    addresses: Mapping[str, str]
    credentials: Credentials
    notes: tuple[str, ...]


def load_settings(environ: Mapping[str, str], home: Path) -> Settings:
    """Read the settings of pip, uv, npm, Docker, netrc and GitHub's tokens. Never raises on what they hold."""
    found = Found(environ, home)
    for client in (clients.uv, clients.pip, clients.npm, clients.docker, clients.github, clients.netrc):
        client(found)
    plain = [parts.netloc.lower() for parts in map(urlsplit, found.addresses.values()) if parts.scheme == "http"]
    return Settings(dict(sorted(found.addresses.items())), Credentials(found.credentials, plain), tuple(found.notes))


def _fits(entry: Credential, host: str, parts: SplitResult) -> bool:
    default = _DEFAULT_PORTS.get(parts.scheme)
    return (
        entry.host == host
        and (entry.port is None or (entry.port or default) == (parts.port or default))
        and parts.path.startswith(entry.path)
    )
