"""Tokens of a GitHub App's installation: one a repository, made when needed, renewed before it ends, never stored."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from github.Auth import AppAuth, Auth

from bot.github.auth import App
from bot.github.errors import ForbiddenError, NotThereError, UnreachableError
from bot.github.rate import Clock
from bot.github.requester import ClientRequester, Way
from bot.github.translate import cleaned, translated

# A token lasts an hour. One with less left is not begun with: a lock tool may run for minutes between two requests.
_SPARE = 300.0
# GitHub refuses proofs from the future, and those that last over ten minutes.
_CLOCKS_APART, _PROOF = 60, 540


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the App is installed. `slug` is its name in addresses and in ``slug[bot]``."""

    id: int
    slug: str


@dataclass(slots=True)
class _Made:
    """A token as GitHub made it; `ends` is in seconds since the epoch."""

    value: str = field(repr=False)
    ends: float
    permissions: Mapping[str, str]


class Installations:
    """Looks up where the App is installed, once an owner, and makes tokens."""

    def __init__(self, app: App, api: str, web: str, way: Way, clock: Clock) -> None:
        self._requester = ClientRequester(_app_auth(app, clock), api, way)
        self._web = web
        self._clock = clock
        self._known: dict[str, Installation] = {}
        self._lock = threading.Lock()

    def of_repository(self, name: str) -> Installation:
        """Return the installation that holds ``OWNER/REPO``. Raises HostError with the place to install it at."""
        return self._of(name.partition("/")[0], f"/repos/{quote(name)}/installation", f"the repository {name}")

    def of_owner(self, owner: str) -> Installation:
        """Return the installation at an organisation or a user."""
        name = quote(owner, safe="")
        try:
            return self._of(owner, f"/orgs/{name}/installation", owner)
        except NotThereError:
            return self._of(owner, f"/users/{name}/installation", owner)

    def _of(self, owner: str, path: str, what: str) -> Installation:
        with self._lock:
            if owner.lower() not in self._known:
                self._known[owner.lower()] = self._look_up(path, what)
            return self._known[owner.lower()]

    def _look_up(self, path: str, what: str) -> Installation:
        try:
            with translated(f"find the GitHub App's installation at {what}"):
                _headers, found = self._requester.requestJsonAndCheck("GET", path)
                known = Installation(int(found["id"]), str(found["app_slug"]))
        except NotThereError:
            raise NotThereError(
                f"the GitHub App is not installed at {what}; its owner can install it: {self._web}/apps"
            ) from None
        except ForbiddenError as error:
            remedy = "see that DEBTSCAN_APP_ID and the private key belong together, and that the clock is right"
            raise ForbiddenError(f"{error}; {remedy}") from None
        if found.get("suspended_at"):
            raise ForbiddenError(f"the GitHub App's installation at {what} is suspended; its owner can end that")
        return known

    def make_token(self, installation: Installation, repositories: tuple[str, ...]) -> _Made:
        """Make a token for some repositories (names without owner) of an installation, or for all."""
        wanted: dict[str, Any] = {"repositories": list(repositories)} if repositories else {}
        what = ", ".join(repositories) or "the installation"
        try:
            with translated(f"get a token for {what} as GitHub App"):
                path = f"/app/installations/{installation.id}/access_tokens"
                _headers, made = self._requester.requestJsonAndCheck("POST", path, input=wanted)
                ends = datetime.fromisoformat(made["expires_at"]).timestamp()
                token, permissions = str(made["token"]), dict(made.get("permissions") or {})
        except NotThereError:
            raise NotThereError(f"the GitHub App's installation for {what} is gone; install it again") from None
        if not token.isascii() or not token.isprintable() or " " in token:
            raise UnreachableError(f"the token that GitHub made for {what} is none")
        return _Made(token, ends, {cleaned(name): cleaned(str(level)) for name, level in permissions.items()})

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return self._clock.now()


def _app_auth(app: App, clock: Clock) -> AppAuth:
    """Return what proves to be the App, by a given clock: GitHub takes such a proof for some minutes only."""
    sign = AppAuth.create_jwt_sign(app.key, "RS256")

    def prove(payload: dict[str, Any]) -> str | bytes:
        begun = int(clock.now()) - _CLOCKS_APART
        return sign({**payload, "iat": begun, "exp": begun + _PROOF})

    return AppAuth(app.id, sign_func=prove)


class InstallationAuth(Auth):
    """Sends the token of one installation, for some of its repositories."""

    def __init__(self, installations: Installations, installation: Installation, repositories: tuple[str, ...]) -> None:
        self._make: Callable[[], _Made] = lambda: installations.make_token(installation, repositories)
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
