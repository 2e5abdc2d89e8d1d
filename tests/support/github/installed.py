"""An App's installation in a test's hands: what the owners of an account do with it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.support.github import happenings
from tests.support.github.grants import App, Installation
from tests.support.github.owned import PERSON
from tests.support.github.world import World


@dataclass(frozen=True, slots=True)
class InstalledApp:
    """`settings` is the installation itself."""

    world: World
    settings: Installation
    lock: threading.RLock

    @property
    def id(self) -> int:
        """Its id."""
        return self.settings.id

    def add(self, *names: str, login: str = PERSON) -> None:
        """Let the App on some more repositories (``owner/name``): from then on, on chosen ones alone."""
        with self.lock:
            chosen = self.settings.repositories or set()
            self.settings.repositories = chosen | set(names)
            self._tell_selection("added", names, login)

    def remove(self, *names: str, login: str = PERSON) -> None:
        """Take the App from some repositories."""
        with self.lock:
            every = {each.full_name for each in self.world.covered(self.settings)}
            self.settings.repositories = every - set(names)
            self._tell_selection("removed", names, login)

    def _tell_selection(self, action: str, names: Iterable[str], login: str) -> None:
        changed = [found for name in names if (found := self.world.find(name))]
        happenings.selection_changed(self.world, self.settings, action, changed, self.world.account(login))

    def suspend(self, *, login: str = PERSON) -> None:
        """Let the App do nothing for now."""
        with self.lock:
            self.settings.suspended = self.world.now
            self._tell("suspend", login)

    def unsuspend(self, *, login: str = PERSON) -> None:
        """Let the App work again."""
        with self.lock:
            self.settings.suspended = None
            self._tell("unsuspend", login)

    def accept(self, permissions: Mapping[str, str], *, login: str = PERSON) -> None:
        """Accept other permissions, which the App has come to ask for."""
        with self.lock:
            self.settings.permissions = {"metadata": "read", **permissions}
            self.settings.events = self.settings.app.events
            self._tell("new_permissions_accepted", login)

    def uninstall(self, *, login: str = PERSON) -> None:
        """Take the App away: its tokens are good no more."""
        with self.lock:
            self.settings.app.installations.remove(self.settings)
            tokens = self.world.tokens
            for value in [value for value, token in tokens.items() if token.installation is self.settings]:
                del tokens[value]
            self._tell("deleted", login)

    def _tell(self, action: str, login: str) -> None:
        happenings.installation_changed(self.world, self.settings, action, self.world.account(login))


def install(
    world: World, lock: threading.RLock, app: App, account: str, repositories: Iterable[str] | None, login: str = PERSON
) -> InstalledApp:
    """Install an App on all repositories of an account, or on some (``owner/name``)."""
    with lock:
        made = Installation(
            id=next(world.ids),
            app=app,
            account=world.account(account),
            permissions=dict(app.permissions),
            repositories=set(repositories) if repositories is not None else None,
            events=app.events,
        )
        app.installations.append(made)
        happenings.installation_changed(world, made, "created", world.account(login))
        return InstalledApp(world, made, lock)
