"""Where the service's secrets lie: a folder of small files, each of which a variable of the environment can replace."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Final, Literal, TypeAlias

from analyzers.errors import ConfigError

Name: TypeAlias = Literal[
    "app-id",
    "client-id",
    "client-secret",
    "webhook-secret",
    "private-key.pem",
    "private-key.next.pem",
    "session-secret",
    "metrics-token",
]
VARIABLES: Final[Mapping[Name, str]] = {
    "app-id": "DEBTSCAN_APP_ID",
    "client-id": "DEBTSCAN_CLIENT_ID",
    "client-secret": "DEBTSCAN_CLIENT_SECRET",
    "webhook-secret": "DEBTSCAN_WEBHOOK_SECRET",
    "private-key.pem": "DEBTSCAN_APP_PRIVATE_KEY",
    "private-key.next.pem": "DEBTSCAN_APP_NEXT_PRIVATE_KEY",
    "session-secret": "DEBTSCAN_SESSION_SECRET",
    "metrics-token": "DEBTSCAN_METRICS_TOKEN",
}
"""File → variable. With ``_FILE`` after it, a variable holds the path of a file."""
_WHAT: Final[Mapping[Name, str]] = {
    "app-id": "the App's number",
    "client-id": "its name where people sign in",
    "client-secret": "what proves to GitHub that a sign-in is ours",
    "webhook-secret": "what GitHub signs webhooks with; one a line where two are good",
    "private-key.pem": "the App's private key",
    "private-key.next.pem": "the key that is to take over; optional",
    "session-secret": "what cookies and forms are sealed with; made where it is missing",
    "metrics-token": "what reads `/metrics`; optional",
}
_NO_LINKS: Final = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_LARGEST: Final = 64 * 1024
# As many characters as a key of 128 bits has in hexadecimal.
_SHORTEST: Final = 32

Stamp: TypeAlias = tuple[tuple[int, int, int] | None, ...]


class UnreadableError(ConfigError):
    """A file that is there cannot be read: what keeps it from being read may pass without a change of the file."""


@dataclass(frozen=True, slots=True)
class SecretFiles:
    """The folder, and the environment that goes before it. Messages name files and variables, never what they hold."""

    folder: Path
    environ: Mapping[str, str] = field(repr=False)

    def text(self, name: Name) -> str:
        """Return a secret without the blanks around it, "" where there is none. Raises ConfigError."""
        told = self.environ.get(VARIABLES[name], "").strip()
        return told or _read(self.place(name), must_exist=self._is_named(name))

    def place(self, name: Name) -> Path:
        """Return the file that would hold it."""
        named = self.environ.get(f"{VARIABLES[name]}_FILE")
        return Path(named) if named else self.folder / name

    def origin(self, name: Name) -> str:
        """Say where a secret comes from: a variable's name, or a file's."""
        return VARIABLES[name] if self.environ.get(VARIABLES[name], "").strip() else str(self.place(name))

    def session(self) -> str:
        """Return what cookies are sealed with. Raises ConfigError where it is too short, or not there."""
        text = self.text("session-secret")
        if len(text) < _SHORTEST:
            told = f"is shorter than {_SHORTEST} characters; write a longer one"
            raise ConfigError(f"{self.origin('session-secret')}: {told}")
        return text

    def stamp(self) -> Stamp:
        """Return what changes when any of the files does."""
        return tuple(_stamp(self.place(name)) for name in VARIABLES)

    def readable_by_others(self) -> Iterator[Path]:
        """Yield the files that other users of this machine could read."""
        for name in VARIABLES:
            place = self.place(name)
            with suppress(OSError):
                found = place.stat()
                # Of a file that is another user's, this one may be in the group: so an orchestrator mounts it.
                if found.st_mode & (0o077 if found.st_uid == os.geteuid() else 0o007):
                    yield place

    def write(self, name: Name, text: str) -> None:
        """Write a file that its owner alone can read, whole or not at all. Raises ConfigError."""
        try:
            beside = self._beside(name, text)
            try:
                beside.replace(self.folder / name)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def make(self, name: Name, text: str) -> None:
        """Write a file unless it is there: of two processes that do so at once, one wins. Raises ConfigError."""
        try:
            beside = self._beside(name, text)
            try:
                _put(beside, self.folder / name)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def try_writing(self) -> None:
        """Raise ConfigError where nothing could be written."""
        try:
            self._beside("app-id", "").unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def check_start(self) -> None:
        """Raise ConfigError where a process could not start for want of a session secret; nothing is written."""
        if self.text("session-secret") or self.place("session-secret").exists():
            self.session()
            return
        folder = self.folder.absolute()
        there = next(each for each in (folder, *folder.parents) if each.exists())
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            raise self._unwritable(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))

    def _beside(self, name: Name, text: str) -> Path:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self.folder / f".{name}.{token_hex(8)}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"{text.strip()}\n")
            stream.flush()
            os.fsync(stream.fileno())
        return beside

    def _unwritable(self, error: OSError) -> ConfigError:
        return ConfigError(
            f"{self.folder}: secrets cannot be written there ({error.strerror}); make it a folder of the service's own"
            " user, or give the secrets by files or variables yourself"
        )

    def _is_named(self, name: Name) -> bool:
        return bool(self.environ.get(f"{VARIABLES[name]}_FILE"))


def _read(place: Path, *, must_exist: bool) -> str:
    try:
        with place.open(encoding="utf-8") as stream:
            text = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"{place}: there is no such file; a variable of the environment names it") from None
        return ""
    except OSError as error:
        raise UnreadableError(f"{place}: cannot be read ({error.strerror}); let the service's user read it") from error
    except UnicodeDecodeError:
        # The error itself would quote the bytes.
        raise ConfigError(f"{place}: is no text; write the secret again") from None
    if len(text) > _LARGEST:
        raise ConfigError(f"{place}: is larger than any secret; write the secret again")
    return text.strip()


def _put(beside: Path, place: Path) -> None:
    """Give a file its name unless that is taken."""
    try:
        os.link(beside, place)
    except FileExistsError:
        return
    except OSError as error:
        # Some file systems have no links; there the last of two processes wins.
        if error.errno not in _NO_LINKS:
            raise
        if not place.exists():
            beside.replace(place)


def _stamp(place: Path) -> tuple[int, int, int] | None:
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def secrets_table() -> str:
    """Return the files as a table of Markdown."""
    rows = ["| file | variable | what |", "|---|---|---|"]
    rows += [f"| `{name}` | `{variable}` | {_WHAT[name]} |" for name, variable in VARIABLES.items()]
    return "\n".join(rows) + "\n"
