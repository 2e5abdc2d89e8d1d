"""What a webhook may change, and what may be wanted after it: frozen values, without a payload's shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from bot.service.model import Reason, Urgency
from bot.service.webhooks import kept
from bot.service.webhooks.kept import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationTold:
    """An installation is like this. `is_gone` is final: who installs the App again gets another id.

    Only GitHub itself, asked later, may say otherwise.
    """

    id: int
    account: str
    account_id: int
    account_kind: str
    permissions: Mapping[str, str]
    events: tuple[str, ...]
    is_suspended: bool
    is_gone: bool = False
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoriesListed:
    """An installation may see these repositories now."""

    installation: int
    repositories: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoriesLeft:
    """An installation may not see these any more. In another one they may be by now: that is not touched."""

    installation: int
    repositories: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryTold:
    """A repository is like this. With `arrives` it belongs to the installation now; else it is known, or asked for."""

    id: int
    installation: int
    told: kept.RepositoryTold
    arrives: bool = False

    @property
    def named(self) -> Named:
        """The repository as a list names it."""
        return Named(id=self.id, name=self.told.name, private=self.told.private)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNamed:
    """An installation's account has another name, and so have its repositories."""

    installation: int
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A repository's default branch is at another commit."""

    repository: int
    installation: int
    branch: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRevoked:
    """A person does not want to be known any more."""

    user_id: int


Change: TypeAlias = (
    InstallationTold | RepositoriesListed | RepositoriesLeft | RepositoryTold | AccountNamed | Pushed | PersonRevoked
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanWanted:
    """A repository is to be scanned; with `settles`, once nobody pushes any more. `topics` are those that it got."""

    repository: int
    reason: Reason
    urgency: Urgency
    settles: bool = False
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareWanted:
    """A pull request is to be told what it adds and mends. `again`: although that was done for its head before."""

    repository: int
    number: int
    head: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingWanted:
    """GitHub is to be asked which repositories an installation may see."""

    installation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationWanted:
    """The organisation's configuration is to be read anew."""

    installation: int


Want: TypeAlias = ScanWanted | CompareWanted | ListingWanted | ConfigurationWanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What a delivery means. Without anything in it, it is acknowledged, and that is all."""

    changes: tuple[Change, ...] = ()
    wants: tuple[Want, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.changes or self.wants)


NOTHING: Final = Arrival()
