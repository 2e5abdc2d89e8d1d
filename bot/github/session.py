"""One run's way to GitHub: one set of credentials, one account of requests, shared by all its repositories."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from github.Auth import Token as TokenAuth

from analyzers.errors import UsageError
from analyzers.http.cache import Cache
from analyzers.http.retries import Patience
from bot.github.address import PUBLIC, Address, read_address
from bot.github.auth import App, Credentials, Token
from bot.github.heard import Listener, unheard
from bot.github.installation import InstallationAuth, Installations, Scope
from bot.github.objects import Rate
from bot.github.patience import Sender
from bot.github.rate import Account, Bounds, Clock, Pace, installation_party, unpaced
from bot.github.reading import text
from bot.github.remembered import Remembered
from bot.github.requester import ClientRequester, Way
from bot.github.translate import translated
from bot.github.transport import Transport

_MOST_OF_APP = 8 * 1024 * 1024
# A name of dots alone would lead elsewhere in an address.
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user's environment says. `environ` names proxies and certificate authorities.

    `cache` keeps answers between runs; GitHub is asked whether each still holds. `patience` bounds one request.
    `pace` tells how many seconds a party (`bot.github.rate.Account`) waits before its next request, 0 for none.
    `heard` is told of each answer.
    """

    address: Address = PUBLIC
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    cache: Cache | None = None
    patience: Patience = field(default_factory=lambda: Patience(read=60.0, total=120.0))
    bounds: Bounds = field(default_factory=Bounds)
    clock: Clock = field(default_factory=Clock)
    pace: Pace = unpaced
    heard: Listener = unheard


def read_settings(environ: Mapping[str, str], cache: Cache | None = None) -> Settings:
    """Return the settings that the environment holds. Raises UsageError."""
    return Settings(address=read_address(environ), environ=environ, cache=cache)


@dataclass(frozen=True, slots=True)
class Access:
    """How one repository is asked: a requester, and as whom. `auth` is the installation's, None for a token."""

    requester: ClientRequester
    session: Session
    auth: InstallationAuth | None = None

    def token(self) -> str:
        """Return the token for git, with some minutes to go. It may be put into no message. Raises HostError."""
        if self.auth is not None:
            return self.auth.token
        if isinstance(self.session.credentials, Token):
            return self.session.credentials.value
        raise AssertionError("a GitHub App has an installation for each repository")

    def login(self) -> str:
        """Return the login that writes will bear. Raises HostError."""
        return self.session.login()


class Session:
    """Opens access to repositories. Close it at the end, or use it as a context."""

    def __init__(self, credentials: Credentials, settings: Settings) -> None:
        bounds, clock = settings.bounds, settings.clock
        self.address = settings.address
        self.credentials = credentials
        self._account = Account(clock, bounds.spacing, bounds.longest_wait, settings.pace)
        self._transport = Transport(settings.environ, settings.patience)
        self._way = Way(
            Sender(self._transport, self._account, bounds, settings.heard), _remembered(credentials, settings.cache)
        )
        self._login = ""
        self.owner_files: dict[tuple[str, str, str], bytes | None] = {}
        api, web = settings.address.api, settings.address.web
        self._installations = (
            Installations(credentials, api, web, self._way, clock) if isinstance(credentials, App) else None
        )
        self._requester = (
            None if isinstance(credentials, App) else ClientRequester(TokenAuth(credentials.value), api, self._way)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def rate(self, party: str | None = None) -> Rate:
        """Return the account of a party (`bot.github.rate.Account`) so far, or of all."""
        return self._account.rate(party)

    def rates(self) -> Mapping[str, Rate]:
        """Return party → account, of all that asked."""
        return self._account.rates()

    def know(self, owners: Mapping[str, int]) -> None:
        """Take it from the caller where the App is installed (owner → installation): then nobody has to ask."""
        self.installations.know(owners)

    def access(self, name: str) -> Access:
        """Return the access to ``OWNER/REPO``; an App's token is for this repository alone. Raises HostError."""
        check_name(name)
        if self._installations is None:
            return Access(self._only_requester(), self)
        scope = Scope(names=(name.partition("/")[2],))
        return self.access_in(self._installations.of_repository(name), scope)

    def access_to_owner(self, owner: str, scope: Scope | None = None) -> Access:
        """Return the access to all repositories of an organisation or user; an App's is for ``scope`` of them.

        Raises HostError.
        """
        if not NAME.fullmatch(f"{owner}/x"):
            raise UsageError(f"{owner[:200]!r} is no organisation")
        if self._installations is None:
            return Access(self._only_requester(), self)
        return self.access_in(self._installations.of_owner(owner), scope or Scope())

    def access_in(self, installation: int, scope: Scope) -> Access:
        """Return the access to what a token of an installation is for. Only an App has any."""
        auth = InstallationAuth(self.installations, installation, scope)
        party = installation_party(installation)
        return Access(ClientRequester(auth, self.address.api, self._way, party), self, auth)

    @property
    def installations(self) -> Installations:
        """The App's installations."""
        if self._installations is None:
            raise AssertionError("only a GitHub App has installations")
        return self._installations

    def login(self) -> str:
        """Return under which login writes are made, asked once. Raises HostError."""
        if self._installations is not None:
            return self._installations.login()
        if not self._login:
            requester = self._only_requester()
            with translated("ask whose the token is"):
                if isinstance(self.credentials, Token) and self.credentials.kind == "installation":
                    # REST tells it of people's tokens only.
                    _headers, answer = requester.graphql_query("query { viewer { login } }", {})
                    self._login = text(answer["data"]["viewer"]["login"])
                else:
                    self._login = text(requester.requestJsonAndCheck("GET", "/user")[1]["login"])
        return self._login

    def _only_requester(self) -> ClientRequester:
        if self._requester is None:
            raise AssertionError("a GitHub App has a requester for each repository")
        return self._requester


def check_name(name: str) -> None:
    """Refuse what is no ``OWNER/REPO``. Raises UsageError."""
    if not NAME.fullmatch(name):
        raise UsageError(f"{name[:200]!r} is no repository; write it like OWNER/REPO")


def _remembered(credentials: Credentials, cache: Cache | None) -> Remembered:
    """Return where answers are kept: GitHub's marks of them hold for the token that got them, and as long as that."""
    if isinstance(credentials, App):
        # Tokens for what is at hand come and go by the thousand in a service.
        return Remembered(most_characters=_MOST_OF_APP)
    return Remembered(None if credentials.kind == "installation" else cache)


def path_of(name: str) -> str:
    """Return where a repository begins in the interface."""
    return f"/repos/{quote(name)}"
