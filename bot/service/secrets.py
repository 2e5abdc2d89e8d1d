"""The App's secrets, read from `secret_files`, and how they change while the service runs.

A key or a webhook's secret is replaced without a restart: a process looks whether a file changed whenever it needs one.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Final

from analyzers.errors import ConfigError, UsageError
from bot.github.auth import App, checked_app
from bot.service.secret_files import Name, SecretFiles, Stamp, UnreadableError
from bot.service.settings import Settings

_OF_THE_APP: Final[tuple[Name, ...]] = ("app-id", "client-id", "client-secret", "webhook-secret", "private-key.pem")
_NEXT: Final = "private-key.next.pem"
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What a registered App has. `webhook` are all secrets that sign now: two while one takes over from the other.

    `next_app` is the App with the key that is to take over.
    """

    app: App
    client_id: str
    client_secret: str = field(repr=False)
    webhook: tuple[str, ...] = field(repr=False)
    next_app: App | None = None

    @property
    def apps(self) -> tuple[App, ...]:
        """The App with each of its keys."""
        return (self.app,) if self.next_app is None else (self.app, self.next_app)


def load(settings: Settings, environ: Mapping[str, str] = os.environ) -> Secrets | None:
    """Return the App's secrets, None where none is registered yet. Raises ConfigError, also where only some are there.

    No message quotes a secret.
    """
    return _loaded(SecretFiles(settings.secrets, environ))


def write(settings: Settings, secrets: Secrets) -> None:
    """Write what a registration gave, readable by the service's own user alone. Raises ConfigError."""
    files = SecretFiles(settings.secrets, {})
    files.write("app-id", secrets.app.id)
    files.write("client-id", secrets.client_id)
    files.write("client-secret", secrets.client_secret)
    files.write("webhook-secret", "\n".join(secrets.webhook))
    files.write("private-key.pem", secrets.app.key)


class Keyring:
    """The secrets as they are now. Safe in every thread."""

    def __init__(self, settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
        """Read them. Raises ConfigError."""
        self.settings = settings
        self._files = SecretFiles(settings.secrets, environ)
        self._lock = threading.Lock()
        self._stamp: Stamp = self._files.stamp()
        self._unread: Stamp | None = None
        self._held = _loaded(self._files)
        self._session = _session(self._files)

    def now(self) -> Secrets | None:
        """Return the App's secrets, None where none is registered. Where new ones are wrong, the old ones stay."""
        with self._lock:
            stamp = self._files.stamp()
            if stamp != self._stamp:
                self._take_up(stamp)
            return self._held

    def _take_up(self, stamp: Stamp) -> None:
        try:
            self._held = _loaded(self._files)
        except UnreadableError as error:
            # It may become readable without a change of its stamp, so it is tried again; once is enough to be told.
            if stamp != self._unread:
                _LOG.warning("the secrets are as before: %s", error)
            self._unread = stamp
            return
        except ConfigError as error:
            # A key takes long to be looked at: one that is wrong is so until its file changes.
            _LOG.warning("the secrets are as before: %s", error)
        self._stamp, self._unread = stamp, None

    def register(self, secrets: Secrets) -> None:
        """Write what a registration gave. Raises ConfigError."""
        write(self.settings, secrets)

    def try_writing(self) -> None:
        """Raise ConfigError where a registration could not be written."""
        self._files.try_writing()

    def metrics(self) -> str:
        """Return the token that reads the metrics, "" where there is none. Raises ConfigError."""
        return self._files.text("metrics-token")

    def seal(self, purpose: str, message: bytes) -> bytes:
        """Return what only a process with the same session secret can make of a message, for one purpose: 32 bytes."""
        key = hmac.digest(self._session, f"debtscan {purpose}".encode(), "sha256")
        return hmac.digest(key, message, "sha256")


def _loaded(files: SecretFiles) -> Secrets | None:
    texts = {name: files.text(name) for name in (*_OF_THE_APP, _NEXT)}
    lacking = [name for name in _OF_THE_APP if not texts[name]]
    if len(lacking) == len(_OF_THE_APP):
        return None
    if lacking:
        found = ", ".join(files.origin(name) for name in _OF_THE_APP if name not in lacking)
        wanted = " and ".join(str(files.place(name)) for name in lacking)
        raise ConfigError(f"of the App's secrets there is {found}, but not {wanted}: write it, or take the others away")
    return Secrets(
        app=_app(files, texts, "private-key.pem"),
        next_app=_app(files, texts, _NEXT) if texts[_NEXT] else None,
        client_id=_name(files, texts, "client-id"),
        client_secret=texts["client-secret"],
        webhook=tuple(line.strip() for line in texts["webhook-secret"].splitlines() if line.strip()),
    )


def _app(files: SecretFiles, texts: Mapping[Name, str], name: Name) -> App:
    try:
        return checked_app(_name(files, texts, "app-id"), texts[name])
    except UsageError as error:
        raise ConfigError(f"{files.origin(name)}: {error}") from None


def _name(files: SecretFiles, texts: Mapping[Name, str], name: Name) -> str:
    if not _NAME.fullmatch(texts[name]):
        raise ConfigError(f"{files.origin(name)}: holds no {name}; copy it from the App's settings")
    return texts[name]


def _session(files: SecretFiles) -> bytes:
    """Return the secret that seals cookies, made by the first process that wants it."""
    if not files.text("session-secret"):
        files.make("session-secret", token_urlsafe(32))
    return files.session().encode()
