"""What GitHub tells a GitHub App of itself, frozen: where it is installed, on what, and what was delivered to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

AccountKind = Literal["Organization", "User", "Enterprise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInfo:
    """The App as it is registered. `owner` is a login; `permissions` and `events` are those that it asks for."""

    slug: str
    id: int
    client_id: str
    owner: str
    permissions: Mapping[str, str] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    html_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationInfo:
    """The App on an account. `permissions` and `events` are those that its owner has accepted so far.

    `suspended` is since when it may do nothing, `all_repositories` says that none were chosen.
    """

    id: int
    account: str
    account_id: int
    account_kind: AccountKind
    permissions: Mapping[str, str] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    suspended: datetime | None = None
    all_repositories: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryInfo:
    """A repository that the App is installed on; `name` is ``OWNER/REPO``.

    `empty_hint` says that GitHub counts it as of no size: it may have no commit, or be small, or new.
    """

    id: int
    name: str
    private: bool
    default_branch: str
    archived: bool = False
    disabled: bool = False
    fork: bool = False
    mirror: bool = False
    empty_hint: bool = False
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryInfo:
    """One attempt of GitHub to deliver a webhook: all attempts of a delivery share their `guid`, `id` is its own.

    `status_code` is what was answered, 0 where nothing was. `installation` and `repository` are ids, None where the
    event has none.
    """

    id: int
    guid: str
    event: str
    action: str
    delivered_at: datetime
    redelivery: bool
    status_code: int
    installation: int | None = None
    repository: int | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - the successes of HTTP


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in."""

    id: int
    login: str
