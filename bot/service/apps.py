"""The client of the App that is registered now: another one once its key was replaced."""

from __future__ import annotations

import threading

from bot.github.app_client import AppClient
from bot.github.auth import App
from bot.github.errors import UnreachableError
from bot.github.session import Settings as GitHub
from bot.service.secrets import Keyring


class Apps:
    """Gives the client. Safe in every thread; close it at the end."""

    def __init__(self, keyring: Keyring, github: GitHub) -> None:
        self._keyring = keyring
        self._github = github
        self._lock = threading.Lock()
        self._clients: dict[App, AppClient] = {}

    def __call__(self) -> AppClient:
        """Return it. Raises HostError where no App is registered yet."""
        secrets = self._keyring.now()
        if secrets is None:
            raise UnreachableError("no GitHub App is registered yet; open /setup")
        with self._lock:
            # Others may still work with the one of before: it stays open until the end.
            if secrets.app not in self._clients:
                self._clients[secrets.app] = AppClient(secrets.app, self._github)
            return self._clients[secrets.app]

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()
