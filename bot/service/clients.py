"""The way to GitHub as the App that is registered now: it may be registered, or get another key, at any moment."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bot.github.app_client import AppClient
from bot.github.auth import App
from bot.github.errors import UnreachableError
from bot.github.session import Settings
from bot.service.secrets import Keyring


@dataclass(slots=True)
class Clients:
    """One client for all threads, made anew when the App or its key is another. Close it at the end."""

    keyring: Keyring
    settings: Settings
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _app: App | None = field(default=None, init=False)
    _client: AppClient | None = field(default=None, init=False)
    _former: list[AppClient] = field(default_factory=list, init=False)

    def now(self) -> AppClient:
        """Return the client. Raises UnreachableError where no App is registered yet: that is waited for."""
        secrets = self.keyring.now()
        if secrets is None:
            raise UnreachableError("no App is registered here yet")
        with self._lock:
            if self._client is None or self._app != secrets.app:
                # Other threads may still ask through the former one.
                self._former += [self._client] if self._client else []
                self._app, self._client = secrets.app, AppClient(secrets.app, self.settings)
            return self._client

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for client in (*self._former, *([self._client] if self._client else [])):
                client.close()
            self._former, self._client = [], None
