"""Tokens of a GitHub App's installations: for what is at hand, made when needed, renewed in time, never stored."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from github.Auth import AppAuth, Auth

from bot.github.auth import App, is_token, signs
from bot.github.errors import ForbiddenError, NotCoveredError, NotThereError, SuspendedError, UnreachableError
from bot.github.rate import APP, Clock
from bot.github.reading import text
from bot.github.requester import ClientRequester, Way
from bot.github.translate import cleaned, translated

# A token lasts an hour. One with less left is not begun with: a lock tool may run for minutes between two requests.
_SPARE = 300.0
# GitHub refuses proofs from the future, and those that last over ten minutes.
_CLOCKS_APART, _PROOF = 60, 540


READ_ONLY: Final[Mapping[str, str]] = {"contents": "read", "metadata": "read"}
"""The permissions to look at code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a token is for: repositories by id or by name (without owner), or neither for all of the installation.

    `permissions` are all that the App was given where there are none.
    """

    ids: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    permissions: Mapping[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> dict[str, Any]:
        """It, as GitHub is asked for it."""
        ids: dict[str, Any] = {"repository_ids": list(self.ids)} if self.ids else {}
        names = {"repositories": list(self.names)} if self.names else {}
        return ids | names | ({"permissions": dict(self.permissions)} if self.permissions else {})

    def __str__(self) -> str:
        """Say what it is for, in a message."""
        if len(self.ids) > 1:
            return f"{len(self.ids)} repositories"
        return ", ".join(self.names) or (f"the repository {self.ids[0]}" if self.ids else "the installation")


@dataclass(slots=True)
class _Made:
    """A token as GitHub made it; `ends` is in seconds since the epoch."""

    value: str = field(repr=False)
    ends: float
    permissions: Mapping[str, str]


class Installations:
    """Looks up where the App is installed, once an owner, and makes tokens. `requester` asks as the App itself."""

    def __init__(self, app: App, api: str, web: str, way: Way, clock: Clock) -> None:
        self.requester = ClientRequester(_app_auth(app, clock), api, way, APP)
        self._web = web
        self._clock = clock
        self._slug = ""
        self._known: dict[str, int] = {}
        self._lock = threading.Lock()

    def know(self, owners: Mapping[str, int]) -> None:
        """Take it from the caller where the App is installed: owner → installation."""
        with self._lock:
            self._known |= {owner.lower(): installation for owner, installation in owners.items()}

    def login(self) -> str:
        """Return the login under which the App writes, asked once. Raises HostError."""
        if not self._slug:
            with translated("ask what the GitHub App is called"):
                _headers, found = self.requester.requestJsonAndCheck("GET", "/app")
                self._slug = text(found["slug"])
        return f"{self._slug}[bot]"

    def of_repository(self, name: str) -> int:
        """Return the installation that holds ``OWNER/REPO``. Raises HostError with the place to install it at."""
        return self._of(name.partition("/")[0], f"/repos/{quote(name)}/installation", f"the repository {name}")

    def of_owner(self, owner: str) -> int:
        """Return the installation at an organisation or a user."""
        name = quote(owner, safe="")
        try:
            return self._of(owner, f"/orgs/{name}/installation", owner)
        except NotThereError:
            return self._of(owner, f"/users/{name}/installation", owner)

    def _of(self, owner: str, path: str, what: str) -> int:
        with self._lock:
            if owner.lower() not in self._known:
                self._known[owner.lower()] = self._look_up(path, what)
            return self._known[owner.lower()]

    def _look_up(self, path: str, what: str) -> int:
        try:
            with translated(f"find the GitHub App's installation at {what}"):
                _headers, found = self.requester.requestJsonAndCheck("GET", path)
                known, self._slug = int(found["id"]), text(found["app_slug"])
        except NotThereError:
            raise NotThereError(
                f"the GitHub App is not installed at {what}; its owner can install it: {self._web}/apps"
            ) from None
        except ForbiddenError as error:
            remedy = "see that DEBTSCAN_APP_ID and the private key belong together, and that the clock is right"
            raise ForbiddenError(f"{error}; {remedy}") from None
        if found.get("suspended_at"):
            raise SuspendedError(f"the GitHub App's installation at {what} is suspended; its owner can end that")
        return known

    def make_token(self, installation: int, scope: Scope) -> _Made:
        """Make a token of an installation. Raises HostError, NotThereError where the installation is gone."""
        try:
            with translated(f"get a token for {scope} as GitHub App"):
                path = f"/app/installations/{installation}/access_tokens"
                _headers, made = self.requester.requestJsonAndCheck("POST", path, input=scope.wanted)
                ends = datetime.fromisoformat(made["expires_at"]).timestamp()
                token, permissions = str(made["token"]), dict(made.get("permissions") or {})
        except NotCoveredError:
            raise
        except NotThereError:
            self._forget(installation)
            raise NotThereError(f"the GitHub App's installation for {scope} is gone; install it again") from None
        if not is_token(token):
            raise UnreachableError(f"the token that GitHub made for {scope} is none")
        return _Made(token, ends, {cleaned(name): cleaned(str(level)) for name, level in permissions.items()})

    def _forget(self, installation: int) -> None:
        with self._lock:
            self._known = {owner: known for owner, known in self._known.items() if known != installation}

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return self._clock.now()


def _app_auth(app: App, clock: Clock) -> AppAuth:
    """Return what proves to be the App, by a given clock: GitHub takes such a proof for some minutes only."""
    sign = signs(app.key)

    def prove(payload: dict[str, Any]) -> str | bytes:
        begun = int(clock.now()) - _CLOCKS_APART
        return sign({**payload, "iat": begun, "exp": begun + _PROOF})

    return AppAuth(app.id, sign_func=prove)


class InstallationAuth(Auth):
    """Sends a token of one installation."""

    def __init__(self, installations: Installations, installation: int, scope: Scope) -> None:
        self._make: Callable[[], _Made] = lambda: installations.make_token(installation, scope)
        self._now = installations.now
        self._made: _Made | None = None
        self._lock = threading.Lock()

    @property
    def token_type(self) -> str:
        """The word before the token."""
        return "token"

    @property
    def token(self) -> str:
        """A token with some minutes to go. Raises HostError where none is made."""
        return self._valid().value

    @property
    def permissions(self) -> Mapping[str, str]:
        """What the token may: permission → ``read`` or ``write``."""
        return self._valid().permissions

    def _valid(self) -> _Made:
        with self._lock:
            if self._made is None or self._made.ends - self._now() < _SPARE:
                self._made = self._make()
            return self._made
