"""What may be done by whom: Apps, where they are installed, tokens, and the limits that count what these ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.support.github.threads import Account

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Meter:
    """An hourly limit, and how much of it is used. All tokens of an installation share one."""

    limit: int = 5000
    used: int = 0
    resets: datetime = START + timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class App:
    """A GitHub App; `private_key` is PEM, as its owner would keep it. `meter` counts what it asks as itself.

    `callbacks` are where people who sign in may be sent back to. Without a `hook_url`, nothing is delivered.
    """

    id: int
    slug: str
    owner: Account
    bot: Account
    permissions: dict[str, str]
    name: str = ""
    private_key: str = ""
    public_key: str = ""
    created: datetime = START
    events: tuple[str, ...] = ()
    client_secret: str = ""
    callbacks: tuple[str, ...] = ()
    hook_url: str = ""
    hook_secret: str = ""
    installations: list[Installation] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)

    @property
    def client_id(self) -> str:
        """Its name where people sign in."""
        return f"Iv1.{self.id:016x}"


@dataclass(slots=True, kw_only=True)
class Installation:
    """An App on an account; `repositories` None means all of them."""

    id: int
    app: App
    account: Account
    permissions: dict[str, str]
    repositories: set[str] | None = None
    suspended: datetime | None = None
    events: tuple[str, ...] = ()
    meter: Meter = field(default_factory=Meter)

    def covers(self, owner: Account, full_name: str) -> bool:
        """Whether it is one on a repository of an owner."""
        return self.account == owner and (self.repositories is None or full_name in self.repositories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """That somebody lets an App know who they are: what a code stands for."""

    account: Account
    app: App
    redirect: str
    challenge: str
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A new App whose secrets nobody has fetched yet: what a code stands for."""

    app: App
    ends: datetime


@dataclass(slots=True, kw_only=True)
class Token:
    """What a request may do. `repositories` None means all that the account can see.

    A classic token has `scopes`; its `permissions` follow from them. `meter` counts its requests. One of a person who
    signed in to an `app` is for what both may see.
    """

    value: str
    account: Account
    permissions: dict[str, str]
    repositories: set[str] | None = None
    expires: datetime | None = None
    installation: Installation | None = None
    starts_checks: bool = True
    scopes: tuple[str, ...] | None = None
    app: App | None = None
    meter: Meter = field(default_factory=Meter)

    def allows(self, permission: str, level: str) -> bool:
        """Whether it has a permission at a level or above."""
        order = ("read", "write", "admin")
        held = self.permissions.get(permission)
        return held in order and order.index(held) >= order.index(level)
