"""What people give at GitHub: tokens, and Apps with their installations."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime

from tests.support.github import happenings
from tests.support.github.effects import ACTIONS
from tests.support.github.grants import App, Installation, Meter, Token
from tests.support.github.installed import InstalledApp, install
from tests.support.github.tokens import EVERYTHING, key_pair
from tests.support.github.world import World

ACTIONS_ID = 15368


class Granting:
    """The part of the stand-in that gives credentials."""

    world: World
    _lock: threading.RLock

    def token(
        self,
        permissions: Mapping[str, str] | None = None,
        *,
        without: Iterable[str] = (),
        login: str = "octobot",
        repositories: Iterable[str] | None = None,
        expires: datetime | None = None,
        limit: int = 5000,
    ) -> str:
        """Make a fine-grained personal access token: all permissions, those given, or all ``without`` some."""
        chosen = dict(permissions) if permissions is not None else dict(EVERYTHING)
        value = f"github_pat_{next(self.world.ids):040d}"
        self.world.tokens[value] = Token(
            value=value,
            account=self.world.account(login),
            permissions={"metadata": "read", **{k: v for k, v in chosen.items() if k not in set(without)}},
            repositories=set(repositories) if repositories is not None else None,
            expires=expires,
            meter=self._meter(limit),
        )
        return value

    def classic_token(self, scopes: Iterable[str] = ("repo", "workflow"), *, login: str = "octobot") -> str:
        """Make a classic personal access token: ``repo``, ``public_repo`` (not for private ones) and ``workflow``."""
        chosen = tuple(scopes)
        held = dict(EVERYTHING) if {"repo", "public_repo"} & set(chosen) else {}
        for permission, scope in (("workflows", "workflow"), ("administration", "repo")):
            if scope not in chosen:
                held.pop(permission, None)
        value = f"ghp_{next(self.world.ids):036d}"
        public = {each.full_name for each in self.world.repositories.values() if not each.private}
        self.world.tokens[value] = Token(
            value=value,
            account=self.world.account(login),
            permissions={"metadata": "read", **held},
            repositories=None if "repo" in chosen else public,
            scopes=chosen,
            meter=self._meter(),
        )
        return value

    def workflow_token(self, repository: str, permissions: Mapping[str, str]) -> str:
        """Make what a workflow of a repository gets as ``GITHUB_TOKEN``: no check starts on what it pushes."""
        app = self.world.apps[ACTIONS_ID]
        owner = self.world.account(repository.partition("/")[0])
        value = f"ghs_{next(self.world.ids):036d}"
        self.world.tokens[value] = Token(
            value=value,
            account=app.bot,
            permissions={"metadata": "read", **permissions},
            repositories={repository},
            installation=Installation(id=next(self.world.ids), app=app, account=owner, permissions=dict(permissions)),
            starts_checks=False,
            meter=self._meter(1000),
        )
        return value

    def app(
        self,
        slug: str = "debtscan",
        permissions: Mapping[str, str] | None = None,
        *,
        on: Iterable[str] = (),
        repositories: Iterable[str] | None = None,
        callbacks: Iterable[str] = (),
    ) -> App:
        """Make an App, installed ``on`` accounts; its `id` and `private_key` are what its owner has.

        People who sign in to it may be sent to its ``callbacks``.
        """
        app = self._add_app(next(self.world.ids), slug, slug, permissions if permissions is not None else EVERYTHING)
        app.client_secret, app.callbacks = f"{next(self.world.ids):040x}", tuple(callbacks)
        chosen = None if repositories is None else tuple(repositories)
        for login in on:
            self.install(app, login, chosen)
        return app

    def install(self, app: App, account: str, repositories: Iterable[str] | None = None) -> InstalledApp:
        """Install an App on all repositories of an account, or on some (``owner/name``)."""
        return install(self.world, self._lock, app, account, repositories)

    def installed(self, app: App, account: str) -> InstalledApp:
        """Return the installation of an App on an account."""
        found = next(each for each in app.installations if each.account.login.lower() == account.lower())
        return InstalledApp(self.world, found, self._lock)

    def sign_out(self, app: App, login: str) -> None:
        """Let somebody take back that an App knows who they are: their tokens for it are good no more."""
        with self._lock:
            tokens = self.world.tokens
            theirs = [each for each in tokens.values() if each.app is app and each.account.login == login]
            for value in [each.value for each in theirs]:
                del tokens[value]
            happenings.consent_revoked(self.world, app, self.world.account(login))

    def member(self, organization: str, *logins: str) -> None:
        """Make people members of an organization: they may read all of its repositories."""
        self.world.members.setdefault(organization.lower(), set()).update(logins)

    def _meter(self, limit: int = 5000) -> Meter:
        return Meter(limit=limit, resets=self.world.clock() + self.world.limit_window)

    def _add_app(self, number: int, slug: str, owner: str, permissions: Mapping[str, str]) -> App:
        private, public = key_pair() if slug != ACTIONS else ("", "")
        app = App(
            id=number,
            slug=slug,
            owner=self.world.account(owner),
            bot=self.world.account(f"{slug}[bot]", "Bot"),
            permissions=dict(permissions),
            private_key=private,
            public_key=public,
        )
        self.world.apps[number] = app
        return app
